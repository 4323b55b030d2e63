"""Predictors that were not known yet when the prediction is made."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.training.leakage.guard import Guard, verdict_of
from models.registry import scores_of


def recorded_later(cohort: Cohort) -> Guard:
    """Guard against predictors that were recorded after time zero.

    It looks for predictors and inputs of scores that the dictionary says, or a day of measurement
    shows, were recorded after time zero.
    """
    title = "A predictor recorded after time zero"
    study, dictionary = cohort.study, cohort.dictionary
    if dictionary is None:
        return Guard(
            "recorded_later",
            title,
            looked_at="no dictionary",
            finding="the study has no clinical variables",
            verdict="not run",
        )
    wanted = [
        *(study.clinical.candidates if study.clinical else ()),
        *(name for score in scores_of(study).values() for name in score.inputs),
    ]
    names = [name for name in dict.fromkeys(wanted) if name in dictionary.variables]
    faults, named, dated = [], [], 0
    for name in names:
        variable = dictionary.variables[name]
        if variable.recorded == "later":
            faults.append(f"{variable.label} is recorded later, says the dictionary")
            named.append(variable.label)
        if variable.recorded_day is not None:
            if variable.recorded_day not in cohort.clinical:
                faults.append(
                    f"{variable.label}: its day of measurement, column '{variable.recorded_day}',"
                    " is not in the table"
                )
                named.append(variable.label)
                continue
            dated += 1
            days = pd.to_numeric(cohort.clinical[variable.recorded_day], errors="coerce")
            late = days.index[days > 0]
            if len(late):
                faults.append(
                    f"{variable.label} was measured after time zero in"
                    f" {counted(len(late), 'patient')}, {late[0]} among them"
                )
                named.append(variable.label)
    return verdict_of(
        faults,
        "recorded_later",
        title=title,
        looked_at=f"{counted(len(names), 'predictor')}, {dated} with a day of measurement",
        sound="none is declared as recorded later, or dated after time zero",
        named=", ".join(dict.fromkeys(named)),
    )
