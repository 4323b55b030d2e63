"""Parsers of the commands that check, compute and render."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.workflow.command_line.shared_options import (
    render_options,
    run_options,
    study_option,
)


def add_running_commands(commands: argparse._SubParsersAction) -> None:
    """Their parsers, beside the others."""
    run = commands.add_parser(
        "run", help="train, evaluate and write predictions, results, tables and figures"
    )
    run_options(run)

    report = commands.add_parser(
        "report",
        help="run, then render the manuscript; takes the options of run and of render",
    )
    run_options(report)
    render_options(report)

    render = commands.add_parser(
        "render", help="render the manuscript from finished results, and compute nothing"
    )
    study_option(render)
    render_options(render)

    opened = commands.add_parser(
        "open",
        help="open the rendered article in the browser, and print its path",
    )
    opened.add_argument(
        "document",
        nargs="?",
        default="index",
        help="supplement, checklists or update, in the place of the article",
    )
    study_option(opened)

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
    study_option(check)
    check.add_argument(
        "--json", action="store_true", help="print one JSON object instead of the table"
    )
    check.add_argument(
        "--all",
        action="store_true",
        help="a row for each problem; without it, problems of one kind stand in one row",
    )


def add_demo_command(commands: argparse._SubParsersAction) -> None:
    """Its parser, beside the others."""
    demo = commands.add_parser("demo", help="write the synthetic demonstration cohort to a folder")
    demo.add_argument("folder", type=Path, help="where to write it; it is made if absent")
    for name, value, words in (
        ("--patients", 165, "patients with a known outcome"),
        ("--events", 96, "of these, with the event"),
        ("--validation", 33, "of these, who validate"),
        ("--seed", 20240, "of the generator"),
    ):
        demo.add_argument(
            name, type=int, default=value, metavar="N", help=f"{words} (default: {value})"
        )
