"""The commands of `early-recurrence` and their options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.workflow.cluster_worker import add_worker_command
from analysis.workflow.cohort_update.commands import add_updating_commands
from analysis.workflow.locked_model.commands import add_exporting_commands
from analysis.workflow.manuscript.commands import add_manuscript_commands
from analysis.workflow.numbers import add_numbers_command
from analysis.workflow.redline.commands import add_redline_command
from analysis.workflow.review.commands import add_review_commands
from analysis.workflow.submission.commands import add_submission_command

if TYPE_CHECKING:
    pass


def _study_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--study",
        type=Path,
        default=Path("study.yml"),
        metavar="FILE",
        help="study file (default: study.yml here)",
    )


def _keep_going(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help=(
            "leave out patients whose data can't be used, instead of stopping; the flow chart and"
            " outputs/…/excluded.csv say who and why"
        ),
    )


def _wait_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-wait",
        action="store_true",
        help="refuse where another run of this study is at work, instead of waiting for it",
    )


def _timings_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timings",
        action="store_true",
        help="say at the end where the time went: wall time and share of each stage",
    )


def command_parser() -> argparse.ArgumentParser:
    """Parser of the command line: one subparser a command."""
    parser = argparse.ArgumentParser(
        prog="early-recurrence",
        description="From images and a clinical table to every number of the paper, and the paper.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser(
        "run", help="train, evaluate and write predictions, results, tables and figures"
    )
    _study_option(run)
    run.add_argument(
        "--force",
        action="store_true",
        help="recompute the results though nothing changed (cached pieces stay)",
    )
    _keep_going(run)
    _wait_option(run)
    _timings_option(run)

    report = commands.add_parser("report", help="run, then render the manuscript")
    _study_option(report)
    _keep_going(report)
    _wait_option(report)
    _timings_option(report)
    report.add_argument(
        "--format",
        action="append",
        choices=["html", "docx", "pdf", "jats"],
        help="only this format (may be repeated; default: all)",
    )

    render = commands.add_parser(
        "render", help="render the manuscript from finished results, and compute nothing"
    )
    _study_option(render)
    render.add_argument(
        "--format",
        action="append",
        choices=["html", "docx", "pdf", "jats"],
        help="only this format (may be repeated; default: all)",
    )

    render.add_argument(
        "--strict",
        action="store_true",
        help=(
            "render nothing while a place is empty that only the authors can fill in, and fail"
            " where a numeral of the pages is bound to no key and of no listed kind; lists them"
        ),
    )

    commands.add_parser(
        "pre-render",
        help="Quarto's step before rendering, named in _quarto.yml: brings the results up to date",
    )
    commands.add_parser(
        "post-render",
        help="Quarto's step after rendering: tables as spreadsheets, claims that changed",
    )

    check = commands.add_parser(
        "check",
        help=(
            "read the study file, tables, images and masks, list every problem and say what would"
            " be analysed"
        ),
    )
    _study_option(check)
    check.add_argument(
        "--json", action="store_true", help="print one JSON object instead of the table"
    )
    check.add_argument(
        "--all",
        action="store_true",
        help="a row for each problem; without it, problems of one kind stand in one row",
    )

    new = commands.add_parser(
        "new", help="write a study folder for data of your own: study file, data dictionary, layout"
    )
    new.add_argument("folder", type=Path, help="folder of the study; it is made if absent")
    new.add_argument(
        "--kind",
        choices=["images", "features", "predictions", "clinical"],
        default="images",
        help="what the study begins from (default: images)",
    )
    new.add_argument(
        "--from",
        type=Path,
        dest="table",
        metavar="TABLE",
        help=(
            "a clinical table of your own (.csv, .xlsx, .dta, .sav): draft the data dictionary"
            " from it"
        ),
    )
    new.add_argument(
        "--example",
        metavar="NAME",
        help=(
            "begin with data that come with this package, in the place of your own: hcc-survival,"
            " a clinical table of 165 patients"
        ),
    )
    new.add_argument("--sheet", help="of a workbook, the first by default")
    new.add_argument(
        "--header-row",
        type=int,
        nargs="+",
        metavar="ROW",
        help=(
            "that names the columns, where a title is above it; two where groups of columns have"
            " names"
        ),
    )
    new.add_argument("--units-row", type=int, metavar="ROW", help="a row of units below the names")
    new.add_argument("--encoding", help="of a text file that is not UTF-8, such as gb18030")
    new.add_argument(
        "--decimal",
        help="the decimal sign of the table's numbers, where they can be read in two ways",
    )
    new.add_argument("--thousands", help="the sign between thousands")

    checklist = commands.add_parser(
        "checklist",
        help="list what the reporting checklists still ask, from the study file and its results",
    )
    _study_option(checklist)
    checklist.add_argument(
        "--csv", type=Path, metavar="FILE", help="write every item with its answer to this file"
    )

    demo = commands.add_parser("demo", help="write the synthetic demonstration cohort to a folder")
    demo.add_argument("folder", type=Path, help="where to write it; it is made if absent")
    demo.add_argument("--patients", type=int, default=165, help="patients with a known outcome")
    demo.add_argument("--events", type=int, default=96, help="of these, with the event")
    demo.add_argument("--validation", type=int, default=33, help="of these, who validate")
    demo.add_argument("--seed", type=int, default=20240, help="of the generator")

    convert = commands.add_parser(
        "convert",
        help=(
            "turn a PACS export (folders of DICOM) into a study's images, without anything of their"
            " headers"
        ),
    )
    convert.add_argument(
        "export", type=Path, help="folder with DICOM files of any number of patients"
    )
    convert.add_argument(
        "folder",
        type=Path,
        help=(
            "the study's folder; images/<patient>/<phase>.nii.gz and manifest.csv are written there"
        ),
    )
    convert.add_argument(
        "--rules",
        type=Path,
        required=True,
        metavar="FILE",
        help="which series is which phase, and which segments are the tumour (YAML)",
    )
    convert.add_argument(
        "--patients",
        type=Path,
        metavar="FILE",
        help=(
            "CSV of PatientID, new name, and columns that the rules name, such as a date of"
            " treatment (default: new names are salted hashes)"
        ),
    )
    convert.add_argument(
        "--salt",
        type=Path,
        metavar="FILE",
        help=(
            "private file that hashes are made with (default: beside the study's folder; made if"
            " absent)"
        ),
    )
    convert.add_argument(
        "--link",
        type=Path,
        metavar="FILE",
        help="write a private CSV of PatientID and new name, to bring clinical data along",
    )
    convert.add_argument(
        "--partial",
        action="store_true",
        help=(
            "convert the patients without a problem though others have one; of these nothing is"
            " written"
        ),
    )
    convert.add_argument("--jobs", type=int, default=-1, help="processes (default: all cores)")
    add_updating_commands(commands, _study_option)
    add_review_commands(commands, _study_option)
    add_exporting_commands(commands, _study_option)
    add_manuscript_commands(commands, _study_option)
    add_submission_command(commands, _study_option)
    add_redline_command(commands, _study_option)
    add_numbers_command(commands, _study_option)
    add_worker_command(commands)

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
        const=Path("study.yml"),
        metavar="FILE",
        help="list the results of this study, with value and n (study.yml here, without FILE)",
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
    commands.add_parser(
        "scores", help="list the staging systems and indexes: inputs, units, direction, source"
    )
    score = commands.add_parser("score", help="score a clinical table, without images or models")
    score.add_argument("table", type=Path, help="clinical table: .csv, .xlsx, .dta or .sav")
    score.add_argument(
        "--dictionary",
        type=Path,
        required=True,
        help="units of the table's variables (dictionary.yml)",
    )
    score.add_argument("--patient-id", default="patient_id", help="column that names the patients")
    score.add_argument(
        "--score",
        action="append",
        help="only this score (may be repeated; default: all confirmed ones)",
    )
    score.add_argument("--output", type=Path, help="CSV file to write (default: standard output)")
    return parser
