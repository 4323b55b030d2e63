"""Other centres: validation patients of centres that gave no training patients."""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.record import Records


def add_other_centres(records: Records, cohort: Cohort) -> None:
    """Add whether each cohort is from other centres than the training patients.

    `split.other_centres.<cohort>`: whether none of a cohort's patients comes from a centre that
    gave training patients, where each patient's centre is known.
    """
    split, column = cohort.study.split, cohort.study.cohort.centre
    if column is None or not (cohort.cohort == "training").any():
        return
    centre = cohort.clinical[column].reindex(cohort.patients)
    trained = set(centre[cohort.cohort == "training"].dropna())
    for name in ("validation", *split.external):
        found = centre[cohort.cohort == name]
        if len(found) and found.notna().all():
            records.add(
                keys.split_other_centres(name),
                not set(found) & trained,
                n=len(found),
                source=add_other_centres,
            )
