"""The commands of a review: bundle, verify.

Each command imports what it needs when it is called: the command line starts without the libraries
of a run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.workflow.command_line.exit_statuses import NOT_VERIFIED


def add_review_commands(
    commands: Any, study_option: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Their parsers, beside the others."""
    bundle = commands.add_parser(
        "bundle",
        help=(
            "write one zip for reviewers: predictions, outcomes, results, settings; no image, date"
            " or name"
        ),
    )
    study_option(bundle)
    bundle.add_argument(
        "--output", type=Path, metavar="FILE", help="default: bundle.zip among the study's outputs"
    )
    verify = commands.add_parser(
        "verify",
        help=(
            "recompute every number of a bundle; exit status 0 if all agree, 3 if one differs or a"
            " file was changed"
        ),
    )
    verify.add_argument("bundle", type=Path, help="the zip that `bundle` wrote")
    verify.add_argument(
        "--lock", type=Path, metavar="FILE", help="compare with a committed results.lock.json too"
    )
    verify.add_argument(
        "--trained-elsewhere",
        action="store_true",
        help=(
            "with --lock: where identical numbers can't be expected (native arithmetic, other"
            " versions), what rests on training is reported and has no say"
        ),
    )
    verify.add_argument(
        "--retrain",
        action="store_true",
        help=(
            "train again what the bundle (or --study) allows; a difference counts where identical"
            " numbers can be expected"
        ),
    )
    verify.add_argument(
        "--study",
        type=Path,
        metavar="FILE",
        help="with --retrain: a study file whose data you have",
    )
    verify.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="page that explains the verdict (default: verdict.html beside the bundle)",
    )
    verify.add_argument("--all", action="store_true", help="print the verdict of each number")
    verify.add_argument("--json", type=Path, metavar="FILE", help="write all verdicts to this file")


def _bundle(options: argparse.Namespace) -> int:
    from analysis.study import load_study
    from analysis.workflow.review.bundle import retraining_warning, write_bundle

    study = load_study(options.study)
    print(write_bundle(study, options.output or study.output_folder / "bundle.zip"))
    if (said := retraining_warning(study)) is not None:
        print(f"early-recurrence: {said}", file=sys.stderr)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from analysis.core.cache import write_atomically
    from analysis.core.machine_errors import StorageError
    from analysis.workflow.review.verdict_page import verdict_page
    from analysis.workflow.review.verify import verification_json, verification_text, verify

    if options.study is not None and not options.retrain:
        raise ValueError("verify: --study says what to train again, so it needs --retrain")
    if options.trained_elsewhere and options.lock is None:
        raise ValueError("verify: --trained-elsewhere is about a lock, so it needs --lock")
    found = verify(
        options.bundle,
        options.lock,
        retrain=options.retrain,
        study=options.study,
        elsewhere=options.trained_elsewhere,
    )
    print(verification_text(found, options.all))
    page = options.page or options.bundle.with_name("verdict.html")
    try:
        print(write_atomically(page, verdict_page(found, options.bundle.name)))
    except StorageError as error:  # the verdict is what was asked for, and stands above
        print(f"early-recurrence: {error}; name another page with --page", file=sys.stderr)
    if options.json is not None:
        write_atomically(
            options.json, json.dumps(verification_json(found), indent=1, ensure_ascii=False) + "\n"
        )
    return 0 if found.sound else NOT_VERIFIED


REVIEW_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "bundle": _bundle,
    "verify": _verify,
}
