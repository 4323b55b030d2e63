"""A study's cohort, read and checked; errors stop it, or leave out the patients they are of."""

from __future__ import annotations

import sys
from dataclasses import replace

from analysis.cohort.cohort import Cohort
from analysis.cohort.exclusion import excluded_patients, keeps_going
from analysis.core.problem import Problem
from analysis.inputs.standard_scale import with_standard_scale
from analysis.study import Study
from analysis.workflow.check.examine import examine


def load_cohort(study: Study, keep_going: bool | None = None, images: bool = True) -> Cohort:
    """Read, convert and check the whole cohort, images included.

    Raises CohortError listing every error.

    `early-recurrence check` reads by the same code, and shows warnings and notes as well.
    keep_going: leave out the patients with an error instead, and say who and why; None: as the
    stored results were made. An error of no patient is raised in any case. images: False leaves
    images and masks unread, where nobody is to be left out for one.
    """
    if keep_going is None:
        keep_going = keeps_going(study)
    cohort, problems = examine(study, images=images or keep_going)
    excluded: dict[str, tuple[Problem, ...]] = {}
    # Without these patients others can come to light: the second of two copies, a fold that has
    # become too small.
    while keep_going and (more := excluded_patients(problems)):
        excluded |= more
        cohort, problems = examine(study, excluded)
    problems.raise_errors(
        "mend what is wrong, or `early-recurrence run --keep-going` leaves these patients out and"
        " says so in the flow chart"
    )
    if problems.of("warning"):
        print(
            f"{study.study.name}: {problems.summary()}; `early-recurrence check` lists them",
            file=sys.stderr,
        )
    assert cohort is not None
    for patient, found in excluded.items():
        print(
            f"{study.study.name}: patient {patient} is left out:"
            f" {'; '.join(f'{problem.where}: {problem.what}' for problem in found)}",
            file=sys.stderr,
        )
    cohort = replace(cohort, excluded=excluded)
    return with_standard_scale(cohort) if images else cohort
