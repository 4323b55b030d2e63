"""Options that several commands take."""

from __future__ import annotations

import argparse
from pathlib import Path

FORMATS = ["html", "docx", "pdf", "jats"]


def study_option(parser: argparse.ArgumentParser, below: bool = False) -> None:
    """`--study FILE`: where it is not given, the nearest study.yml (`find_study`).

    below: of an action of a command which takes it as well, and whose word holds unless it is given
    again.
    """
    parser.add_argument(
        "--study",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS if below else None,
        help="study file, or its folder (default: study.yml here or in a folder above)",
    )
    parser.set_defaults(finds_study=True)


def run_options(parser: argparse.ArgumentParser) -> None:
    """What `run` takes, and `report`, which runs first."""
    study_option(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help="recompute the results though nothing changed (cached pieces stay)",
    )
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help=(
            "leave out patients whose data can't be used, instead of stopping; the flow chart and"
            " outputs/…/excluded.csv say who and why"
        ),
    )
    parser.add_argument(
        "--no-wait",
        action="store_true",
        help="refuse where another run of this study is at work, instead of waiting for it",
    )
    parser.add_argument(
        "--timings",
        action="store_true",
        help="say at the end where the time went: wall time and share of each stage",
    )


def render_options(parser: argparse.ArgumentParser) -> None:
    """What `render` takes, and `report`, which renders last."""
    parser.add_argument(
        "--format",
        action="append",
        choices=FORMATS,
        help="only this format (may be repeated; default: all)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help=(
            "render nothing while a place is empty that only the authors can fill in, and fail"
            " where a numeral of the pages is bound to no key and of no listed kind; lists them"
        ),
    )


def general_options(parser: argparse.ArgumentParser, below: bool) -> None:
    """`--quiet` and `--log`, which every command takes.

    below: of a command, where they say nothing unless given; else of the whole command line.
    """
    nothing = argparse.SUPPRESS
    parser.add_argument(
        "--quiet",
        action="store_true",
        default=nothing if below else False,
        help="print results and errors only: no progress, no notes",
    )
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        default=nothing if below else None,
        help="append everything that is said to this file, each line with its time",
    )
