"""Words for the ids that results hold."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.core.problem import REASONS

# Why a patient of the table is not in the cohort (`excluded.<reason>`).
EXCLUSIONS = REASONS
# What took the place of a value beyond a limit of detection.
LIMIT_RULES = {
    "half": "half of a lower limit, or an upper limit itself, took the place of the value",
    "limit": "the limit took the place of the value",
    "missing": "the value counted as missing",
}
# What a division into places is.
DIVISIONS = {
    "centres_left_out": "centres left out in turn",
    "validation_centres": "centres of the validation cohort",
    "validation_cohorts": "validation cohorts",
}
# Steps of the selection of features, each with what it leaves.
SELECTION_STEPS = {
    "reproducible": "reproducible between delineations",
    "variance": "not nearly constant",
    "univariable": "best univariable tests",
    "anova": "best by analysis of variance",
    "correlation": "not correlated with a better one",
    "mrmr": "first by mRMR",
    "lasso": "selected by LASSO",
    "elastic_net": "selected by the elastic net",
}
# Why a score takes no part in what the model adds (`added_value.left_out.<comparator>`).
LEFT_OUT = {
    "no_out_of_fold": (
        "the model comes without out-of-fold predictions of training patients, from which what they"
        " add could be learnt"
    ),
    "too_few_complete": "too few patients are complete to refit its variables",
    "input_missing": "an input is missing for every patient",
    "one_value": "all training patients have the same value",
}
# How a model may be updated for later patients (`updating.<cohort>.chosen`).
UPDATES = {
    "original": "As it is",
    "in_the_large": "Recalibrated in the large",
    "recalibration": "Recalibrated, intercept and slope",
    "revision": "All coefficients refitted",
}
# What was tested, or why nothing was (`updating.<cohort>.limit`).
UPDATE_LIMITS = {
    "none": "closed test, up to a refit of all coefficients",
    "no_coefficients": ("closed test, up to recalibration: the model has no coefficients to refit"),
    "refit_not_estimable": ("closed test, up to recalibration; a refit is not estimable"),
    "one_outcome": "not estimable: patients of both outcomes are needed",
    "not_estimable": "not estimable from these patients",
}
# Analyses beside the subgroups, with what is said of them behind a colon.
OTHER_ANALYSES = {
    "all_patients": "All patients",
    "complete_cases": "Complete cases: no candidate missing",
    "other_horizon": "Another horizon: {level:g} months",
}
# Of a variable: its values by its type, its unit, and when it was recorded.
VALUE_TYPES = {"continuous": "number", "binary": "0 or 1"}
UNITS_OF_VARIABLES = {"recorded": "as recorded for each patient"}
TIMES_OF_RECORDING = {"follow_up": "during follow-up"}
# Axes of the nomogram that are no terms.
NOMOGRAM_AXES = {"points": "Points", "total": "Total points", "risk": "Risk"}


def in_words(words: Mapping[str, str], name: str) -> str:
    """Words for an id; the id with spaces where there are none."""
    return words.get(name, name.replace("_", " "))
