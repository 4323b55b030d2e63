"""Parsers of the commands that look things up: explain, keys, scores, score, checklist."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.workflow.command_line.shared_options import study_option


def _keys(commands: argparse._SubParsersAction) -> None:
    listed = commands.add_parser(
        "keys", help="list the keys of the results: meaning, unit and method; with a study, values"
    )
    listed.add_argument(
        "pattern",
        nargs="?",
        help="only keys or meanings with this in them, or keys that it matches with * (auc.*)",
    )
    listed.add_argument(
        "--study",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FILE",
        help=(
            "list the results of this study, with value and n (without FILE: study.yml here or in"
            " a folder above)"
        ),
    )
    listed.add_argument(
        "--markdown", action="store_true", help="print the reference, docs/reference/keys.md"
    )
    listed.add_argument(
        "--claims",
        action="store_true",
        help="list the study's claims instead: name, whether it holds, and the sentence",
    )
    listed.add_argument(
        "--snippets",
        action="store_true",
        help=(
            "print the study's values and claims as VS Code snippets, for completion"
            " (> .vscode/results.code-snippets)"
        ),
    )


def _score(commands: argparse._SubParsersAction) -> None:
    score = commands.add_parser("score", help="score a clinical table, without images or models")
    score.add_argument("table", type=Path, help="clinical table: .csv, .xlsx, .dta or .sav")
    score.add_argument(
        "--dictionary",
        type=Path,
        required=True,
        metavar="FILE",
        help="units of the table's variables (dictionary.yml)",
    )
    score.add_argument(
        "--patient-id",
        metavar="COLUMN",
        help=(
            "column that names the patients (default: the dictionary's identifier, else patient_id)"
        ),
    )
    score.add_argument(
        "--score",
        action="append",
        metavar="NAME",
        help="only this score (may be repeated; default: all confirmed ones)",
    )
    score.add_argument(
        "--output", type=Path, metavar="FILE", help="CSV file to write (default: standard output)"
    )


def add_listing_commands(commands: argparse._SubParsersAction) -> None:
    """Their parsers, beside the others."""
    explain = commands.add_parser(
        "explain",
        help=(
            "print a number's way: value, definition, method, patients, function, version of the"
            " code, and where it stands in the article"
        ),
    )
    explain.add_argument("key", help="its key, such as auc.cr.validation; `keys` lists them")
    study_option(explain)
    explain.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="explain it from a reviewer's bundle, in the place of a study",
    )
    checklist = commands.add_parser(
        "checklist",
        help="list what the reporting checklists still ask, from the study file and its results",
    )
    study_option(checklist)
    checklist.add_argument(
        "--csv", type=Path, metavar="FILE", help="write every item with its answer to this file"
    )
    _keys(commands)
    commands.add_parser(
        "scores", help="list the staging systems and indexes: inputs, units, direction, source"
    )
    _score(commands)
