"""Command `early-recurrence submit`.

It imports what it needs when it is called: the command line starts without the libraries of a run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_submission_command(
    commands: Any, study_option: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Its parser, beside the others."""
    submit = commands.add_parser(
        "submit",
        help="write what a journal asks for: title page, blinded manuscript, figures, tables, …",
    )
    study_option(submit)
    submit.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="default: _submission in the manuscript's folder; never over an edited file",
    )
    submit.add_argument(
        "--strict",
        action="store_true",
        help="write nothing while a place is the authors' to fill in",
    )


def _submit(options: argparse.Namespace) -> int:
    from analysis.reporting.manuscript_folder import project_of
    from analysis.reporting.sections.open_places import open_places
    from analysis.study import load_study
    from analysis.workflow.submission.write import submission_text, submit

    study = load_study(options.study)
    empty = open_places(study, project_of(study) / "report")
    if options.strict and empty:
        raise ValueError(
            "nothing was written, as these places are still the authors' to fill in:\n  "
            + "\n  ".join(empty)
        )
    print(submission_text(study, submit(study, options.output)))
    if empty:
        print("Still the authors' to fill in:\n  " + "\n  ".join(empty))
    return 0


SUBMISSION_COMMANDS = {"submit": _submit}
