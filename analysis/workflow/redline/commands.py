"""`early-recurrence redline OLD NEW`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATE = "a lock, a results.json, or a folder of results"


def add_redline_command(
    commands: Any, study_option: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Its parser, beside the others."""
    redline = commands.add_parser(
        "redline",
        help=(
            "write the article as a Word file with tracked changes between two states of the study,"
            " and a table of them for the response letter"
        ),
    )
    redline.add_argument("old", type=Path, metavar="OLD", help=STATE)
    redline.add_argument("new", type=Path, metavar="NEW", help=STATE)
    study_option(redline)
    redline.add_argument(
        "--document",
        default="index",
        metavar="NAME",
        help="of the manuscript (default: index, the article)",
    )
    redline.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="where the files are written (default: redline, beside the manuscript's report)",
    )


def _redline(options: argparse.Namespace) -> int:
    # Imported here: the command line starts without the libraries of a run.
    from analysis.study import load_study
    from analysis.workflow.redline.redline import redline

    done = redline(
        load_study(options.study),
        options.old,
        new=options.new,
        output=options.output,
        document=options.document,
    )
    print(done.message)
    for path in done.paths:
        print(path)
    return 0


REDLINE_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"redline": _redline}
