"""Checks of a run's models, before it fits any.

They refuse contrasts of models that are not there, and candidates that a fold lacks.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.statistics import spline_knots
from analysis.study import Study
from analysis.study.dictionary import Dictionary
from analysis.training.contexts import Context
from models.registry import names_of


def study_models(study: Study) -> list[str]:
    """Names of all models and scores that the study will have predictions of.

    There are none where the predictions were made elsewhere.
    """
    return names_of(study)


def check_contrasts(study: Study, problems: Problems) -> None:
    """The contrasts' model is one of the study's; those that it is compared with should be."""
    if study.predictions is not None:
        return
    known, contrasts = study_models(study), study.statistics.contrasts
    if contrasts.model != "best" and contrasts.model not in known:
        problems.error(
            f"statistics.contrasts.model: '{contrasts.model}' will have no predictions in this"
            " study",
            study.path.name,
            f"those with some are {', '.join(known)}",
        )
    absent = [
        name
        for name in [contrasts.primary, *contrasts.family]
        if name is not None and name not in known
    ]
    if absent:
        problems.warning(
            f"statistics.contrasts: {listed(absent)} will have no predictions in this study, and no"
            " P-value",
            study.path.name,
            f"those with some are {', '.join(known)}",
        )


def check_candidates(
    study: Study,
    table: pd.DataFrame,
    contexts: Iterable[Context],
    dictionary: Dictionary | None,
    problems: Problems,
) -> None:
    """Report candidate variables that can't be used in a fit.

    These are candidates that are no numbers or levels, and those that a fold's learning patients
    lack or that are too tied for knots.
    """
    clinical = study.clinical
    if clinical is None:
        return
    where = f"{study.path.name}, clinical"
    names = [name for name in clinical.candidates if name in table and table[name].notna().any()]
    usable = []
    for name in names:
        variable = dictionary.variables.get(name) if dictionary is not None else None
        factor = variable is not None and variable.type in ("categorical", "ordinal")
        if variable is not None and variable.type in ("text", "date"):
            problems.error(
                f"clinical.candidates: {name} is a {variable.type} and no model can read it",
                where,
                "describe it as categorical with its levels, or take it out of clinical.candidates",
            )
        elif factor and name in clinical.splines:
            problems.error(
                f"clinical.splines: {name} is a factor; only numbers can have a spline",
                where,
                "take it out of clinical.splines",
            )
        else:
            usable.append(name)
    for context in contexts:
        learn = table.loc[list(context.learn), usable]
        for name in [name for name in usable if not learn[name].notna().any()]:
            usable.remove(name)
            problems.error(
                f"{name} is missing for all {counted(len(learn), 'patient')} that {context.name}"
                " learns from",
                where,
                "take it out of clinical.candidates, or fill it",
            )
        for name in [name for name in usable if name in clinical.splines]:
            try:
                spline_knots(
                    pd.to_numeric(learn[name]).dropna().to_numpy(dtype=float),
                    clinical.splines[name],
                )
            except ValueError as error:
                usable.remove(name)
                problems.error(
                    f"clinical.splines: {name} in {context.name}: {error}",
                    where,
                    "fewer knots, or no spline",
                )
