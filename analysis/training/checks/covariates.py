"""Check of the covariates whose effects harmonisation keeps."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.cohort.checks.predictors import outcome_columns, outcome_variables
from analysis.core.problems import Problems
from analysis.core.spelling_hints import close_to
from analysis.study import Study
from analysis.study.dictionary import Dictionary
from analysis.training.contexts import Context

KEY = "radiomics.harmonisation.covariates"


def check_covariates(
    study: Study,
    table: pd.DataFrame,
    dictionary: Dictionary | None,
    contexts: Iterable[Context],
    problems: Problems,
) -> None:
    """Report covariates of harmonisation that can't be kept.

    These are unknown variables, the outcome and identifiers, texts and dates, missing values, and
    effects that can't be told from those of the centres in a fit.
    """
    harmonisation = study.radiomics.harmonisation if study.radiomics is not None else None
    if harmonisation is None or not harmonisation.covariates or dictionary is None:
        return
    where = f"{study.path.name}, {KEY}"
    taken, usable = outcome_variables(study, dictionary), []
    # Columns that the study file itself names are refused where it is read.
    told = {*outcome_columns(study), study.cohort.centre}
    for name in harmonisation.covariates:
        if name in told:
            continue
        variable = dictionary.variables.get(name)
        if name in taken:
            problems.error(
                f"'{name}' can't be a covariate of harmonisation: {taken[name]}",
                where,
                "take it out: a feature that keeps the effect of the outcome holds the outcome",
            )
        elif variable is None or name not in table:
            problems.error(
                f"'{name}' is no variable of the cohort{close_to(name, dictionary.variables)}",
                where,
                f"describe it in {study.cohort.dictionary}, or correct the name",
            )
        elif variable.type in ("text", "date"):
            problems.error(
                f"'{name}' is a {variable.type}, whose effect can't be kept",
                where,
                "describe it as categorical with its levels, or take it out",
            )
        else:
            usable.append(name)
    complete = _report_missing(study, table, usable, problems)
    if usable and complete and study.cohort.centre in table:
        _report_confounded(
            study,
            table[study.cohort.centre],
            _numbers(table[usable], dictionary),
            contexts=contexts,
            problems=problems,
        )


def _report_missing(
    study: Study, table: pd.DataFrame, names: list[str], problems: Problems
) -> bool:
    """False where a patient's covariate is missing, which is an error of the patient."""
    absent = table[names].isna()
    for name in names:
        for patient in table.index[absent[name]]:
            problems.error(
                f"{name} is missing, and harmonisation keeps its effect",
                f"{study.cohort.table}, column '{name}'",
                f"add it, or take {name} out of {KEY}",
                patient,
            )
    return not absent.to_numpy().any()


def _numbers(table: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """Covariates as numbers, a factor as a column for each level but the first that occurs."""
    factors = [
        name
        for name in table
        if dictionary.variables[name].levels and dictionary.variables[name].type != "binary"
    ]
    return pd.get_dummies(table, columns=factors, drop_first=True).astype(float)


def _report_confounded(
    study: Study,
    centre: pd.Series,
    numbers: pd.DataFrame,
    contexts: Iterable[Context],
    problems: Problems,
) -> None:
    """Fits that can't tell the effects of the covariates from those of the centres."""
    # Imported here: scikit-learn loads where something is harmonised.
    from models.radiomics.covariates import check_told_apart

    for context in contexts:
        learn = list(context.learn)
        centres = pd.get_dummies(centre[learn].astype("string")).to_numpy(dtype=float)
        try:
            check_told_apart(centres, numbers.loc[learn].to_numpy())
        except ValueError as error:
            problems.error(f"{context.name}: {error}", f"{study.path.name}, {KEY}")
            return
