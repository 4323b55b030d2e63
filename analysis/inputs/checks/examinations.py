"""Checks of the examinations that a patient's phases come from.

They look at whether a patient's phases are of one examination, where their files say so, and at the
dates that examinations are chosen by.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.cohort_table import examination_dates
from analysis.core.problems import Problems
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted
from analysis.imaging.reading import ReadingError
from analysis.imaging.reading.examinations import examinations_of
from analysis.inputs.checks.finding import Seen
from analysis.study import Study
from analysis.units.dates import dates_of

ON_PURPOSE = (
    "take them from one, or write series: {examination: any} for phases that are of several on"
    " purpose"
)


def check_dates(study: Study, table: pd.DataFrame, problems: Problems) -> None:
    """Columns of dates by which examinations are chosen."""
    for name, form in examination_dates(study).items():
        if name not in table:
            problems.error(
                f"phases, series, examination: '{name}' is no column of the table",
                study.cohort.table,
                f"correct date: in the study file{close_to(name, table.columns)}",
            )
        # The endpoint reads its own two dates, with its own words.
        elif name not in (study.endpoint.start, study.endpoint.end):
            dates_of(table[name], name, file=study.cohort.table, problems=problems, form=form)


def _apart(cohort: Cohort, patient: str, phases: tuple[str, str]) -> int | None:
    """Days between the examinations of two phases; None where a date is missing."""
    days = [
        (
            None
            if (series := cohort.image_source(patient, phase).dicom()) is None
            else examinations_of([series])[0].day
        )
        for phase in phases
    ]
    return None if days[0] is None or days[1] is None else abs((days[1] - days[0]).days)


def _same(one: str, other: str) -> bool:
    """One UID, and one day where both are known."""
    (uid, _, day), (other_uid, _, other_day) = one.partition(" "), other.partition(" ")
    return uid == other_uid and (not day or not other_day or day == other_day)


def check_examinations(
    first: Mapping[str, Mapping[str, Seen]], cohort: Cohort, problems: Problems
) -> None:
    """Check that a patient's phases are of one examination.

    Phases of two examinations are an error; of one day, under two UIDs, a warning unless the study
    file says that they are one.
    """
    for patient, phases in first.items():
        rules = {phase: cohort.study.phases[phase].series for phase in phases}
        compared = {
            phase: result.examination
            for phase, result in phases.items()
            if result.examination
            and ((rule := rules[phase]) is None or rule.examination.choose != "any")
        }
        reference = next(iter(compared), None)
        for phase, key in compared.items():
            if reference is None or _same(key, compared[reference]):
                continue
            try:
                days = _apart(cohort, patient, (reference, phase))
            except (ReadingError, OSError):
                continue
            rule = rules[phase]
            if days == 0 and rule is not None and rule.examination.one_day:
                continue
            if days is None:
                far = "the day of one is not known"
            else:
                far = "of one day" if days == 0 else f"{counted(days, 'day')} apart"
            (problems.warning if days == 0 else problems.error)(
                f"{reference} and {phase} are of two examinations ({far})",
                "headers of the images",
                (
                    "make sure that they are one, and write series: {examination: {one_day: true}}"
                    if days == 0
                    else ON_PURPOSE
                ),
                patient=patient,
                reason="image",
            )
