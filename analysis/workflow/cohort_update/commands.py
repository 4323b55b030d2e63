"""The commands of a changing cohort: status, lock, diff.

Each command imports what it needs when it is called: the command line starts without the libraries
of a run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_updating_commands(
    commands: Any, study_option: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Their parsers, beside the others."""
    status = commands.add_parser(
        "status", help="what is fresh, what is stale and why, and what a run would cost"
    )
    study_option(status)
    status.add_argument("--json", action="store_true", help="machine-readable")
    lock = commands.add_parser(
        "lock",
        help="write results.lock.json: results, patients and split as they are, to be committed",
    )
    study_option(lock)
    diff = commands.add_parser(
        "diff",
        help=(
            "what changed between two states, each a lock or a folder of results (default: the lock"
            " and the results)"
        ),
    )
    diff.add_argument(
        "old",
        type=Path,
        nargs="?",
        help="a lock or a folder of results (default: the study's lock)",
    )
    diff.add_argument(
        "new", type=Path, nargs="?", help="another one (default: the study's results)"
    )
    study_option(diff)
    diff.add_argument("--json", type=Path, metavar="FILE", help="write everything to this file")


def _status(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from analysis.study import load_study
    from analysis.workflow.cohort_update.status import status_of, status_text

    study = load_study(options.study)
    found = status_of(study)
    print(
        json.dumps(asdict(found) | {"seconds": found.seconds}, indent=1)
        if options.json
        else status_text(found, study.path)
    )
    return 0


def _lock(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.run import is_current, run

    study = load_study(options.study)
    if not is_current(study):
        raise ValueError(
            f"lock: the results of {options.study} are not current; run `early-recurrence run`"
            " first (`early-recurrence status` says what it would take)"
        )
    from analysis.workflow.check.load import load_cohort
    from analysis.workflow.cohort_update.changes_since_lock import lock_results

    path = lock_results(study, load_cohort(study))
    run(study)  # nothing is computed: the results are compared with the new lock
    print(
        f"{path}\nCommit it. The secret behind its pseudonyms stays here, in"
        f" {study.root / '.early-recurrence'}: keep a copy of that folder."
    )
    return 0


def _diff(options: argparse.Namespace) -> int:
    from analysis.core.cache import write_atomically
    from analysis.reporting.number_style import use_style
    from analysis.study import load_study
    from analysis.workflow.cohort_update.causes_of_change import why
    from analysis.workflow.cohort_update.difference import difference
    from analysis.workflow.cohort_update.difference_text import difference_json, difference_text
    from analysis.workflow.cohort_update.keyed_digests import open_keyring, private_folder
    from analysis.workflow.cohort_update.lock import section_digests
    from analysis.workflow.cohort_update.result_names import ResultNames
    from analysis.workflow.cohort_update.snapshot import read_snapshot

    old, new = options.old, options.new
    study = None
    if options.study.is_file() or old is None or new is None:
        study = load_study(options.study)
        old, new = old or study.lock_file, new or study.output_folder
    names: dict[str, str] = {}
    if study is not None:
        names = open_keyring(study).names(()) if private_folder(study).is_dir() else {}
    earlier, later = read_snapshot(old), read_snapshot(new)
    sections = later.sections or (
        section_digests(study) if study is not None and new.resolve() == study.output_folder else {}
    )
    if study is not None:
        use_style(study.manuscript.number_style)
    found = difference(earlier, later, sections)
    reason = why(earlier, later, found)
    print(difference_text(found, names, reason))
    if options.json is not None:
        write_atomically(
            options.json,
            json.dumps(
                difference_json(found, names, reason, ResultNames(earlier, later)),
                indent=1,
                ensure_ascii=False,
            )
            + "\n",
        )
    return 0


UPDATING_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "status": _status,
    "lock": _lock,
    "diff": _diff,
}
