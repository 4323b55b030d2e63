"""`early-recurrence manuscript list | own | journal | update`.

Each imports what it needs when it is called: the command line starts without the libraries of a
run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_manuscript_commands(commands: Any, study_option: Callable[..., None]) -> None:
    """Their parsers, beside the others."""
    manuscript = commands.add_parser(
        "manuscript", help="sections of the manuscript, texts of your own, changes of its templates"
    )
    study_option(manuscript)
    actions = manuscript.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every section, and the document that has it")
    study_option(listing, below=True)
    own = actions.add_parser(
        "own", help="make a generated section your own text; its numbers stay live"
    )
    own.add_argument("section", help="its name, as `manuscript list` says it")
    study_option(own, below=True)
    journal = actions.add_parser(
        "journal", help="what the study's journal asks, and its abstract and key points to fill in"
    )
    study_option(journal, below=True)
    update = actions.add_parser(
        "update", help="what this version's templates would change in your files; writes nothing"
    )
    update.add_argument(
        "--take",
        nargs="+",
        default=[],
        metavar="FILE",
        help="take the changes into these files of yours",
    )
    study_option(update, below=True)


def _list(options: argparse.Namespace) -> int:
    from analysis.reporting.manuscript_folder import project_of
    from analysis.study import load_study
    from analysis.workflow.manuscript.own_section import sections_text

    print(sections_text(project_of(load_study(options.study))))
    return 0


def _own(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.manuscript.own_section import own_section

    for path in own_section(load_study(options.study), options.section):
        print(f"{path}: '{options.section}' is your own text now; nothing writes it again")
    return 0


def _update(options: argparse.Namespace) -> int:
    from analysis.reporting.manuscript_folder import project_of
    from analysis.study import load_study
    from analysis.workflow.manuscript.update import take, update_text

    project = project_of(load_study(options.study))
    if not options.take:
        print(update_text(project))
        return 0
    for path in take(project, [Path(name) for name in options.take]):
        print(path)
    return 0


def _journal(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.manuscript.journal_form import journal_text

    print(journal_text(load_study(options.study)))
    return 0


ACTIONS = {"list": _list, "own": _own, "journal": _journal, "update": _update}


def _manuscript(options: argparse.Namespace) -> int:
    return ACTIONS[options.action](options)


MANUSCRIPT_COMMANDS = {"manuscript": _manuscript}
