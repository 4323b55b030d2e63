"""Patients who are left out of a run that keeps going: who, why, and where that is written down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.core.cache import write_atomically
from analysis.core.problem import REASONS, Problem
from analysis.core.problems import Problems
from analysis.core.safe_csv import csv_text
from analysis.study import Study

# Beside the results: one row for each thing that is wrong with a patient who was left out. It names
# patients, so no bundle holds it.
FILE = "excluded.csv"


def excluded_patients(problems: Problems) -> dict[str, tuple[Problem, ...]]:
    """Patient → everything that is wrong with them, of those who have an error."""
    found: dict[str, list[Problem]] = {}
    for problem in problems.of("error"):
        if problem.patient is not None:
            found.setdefault(problem.patient, []).append(problem)
    return {patient: tuple(errors) for patient, errors in sorted(found.items())}


def reason_counts(excluded: Mapping[str, Sequence[Problem]]) -> dict[str, int]:
    """Number of excluded patients by reason.

    Each patient is counted once: by the first thing that is wrong, in the order of REASONS.
    """
    order = list(REASONS)
    counts = Counter(
        min((problem.reason for problem in problems), key=order.index)
        for problems in excluded.values()
    )
    return {reason: counts[reason] for reason in order if counts[reason]}


def write_excluded(study: Study, excluded: Mapping[str, Sequence[Problem]]) -> None:
    """Write excluded.csv (patient_id, reason, where, what); no file without anybody to list."""
    path = study.output_folder / FILE
    if not excluded:
        path.unlink(missing_ok=True)
        return
    rows = [
        (patient, REASONS[problem.reason], problem.where, problem.what)
        for patient, problems in excluded.items()
        for problem in problems
    ]
    write_atomically(
        path,
        csv_text(
            pd.DataFrame(rows, columns=["patient_id", "reason", "where", "what"]), index=False
        ),
    )


def keeps_going(study: Study) -> bool:
    """True if the stored results leave patients out, as their user has allowed."""
    try:
        return bool(
            json.loads((study.output_folder / "state.json").read_text(encoding="utf-8")).get(
                "keep_going"
            )
        )
    except (OSError, ValueError, AttributeError):
        return False
