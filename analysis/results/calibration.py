"""Calibration of every model that gives probabilities."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd

from analysis.results.performance import ON_TRAINING, with_probability
from analysis.results.record import Records
from analysis.statistics import brier_interval, calibration_errors, calibration_in_the_large, calibration_score_test, calibration_slope, hosmer_lemeshow, observed_expected_ratio, scaled_brier_score, spiegelhalter_test
from analysis.statistics.calibration_curve import ENOUGH
from analysis.study import Statistics


def add_calibration(records: Records, predictions: pd.DataFrame, settings: Statistics) -> None:
    """Brier and scaled Brier score everywhere; O:E, calibration in the large and slope out of fold and in validation; tests of
    calibration and errors of a flexible curve in validation alone. On a model's own patients calibration says nothing.
    """
    level = settings.confidence_level
    records.add("calibration_curve_stable.least", ENOUGH, unit="patients", method="events, and patients without the event, below which a flexible curve is unstable (Van Calster 2016)", source="calibration_curve")
    for model, how, learnt, label, probability in with_probability(predictions):
        inside = np.clip(probability, 1e-6, 1 - 1e-6)
        size = len(label)
        records.attempt(f"brier.{model}.{how}", lambda y=label, p=probability: brier_interval(y, p, level), n=size, unit="Brier score", method=learnt, source="brier_interval")
        records.attempt(f"scaled_brier.{model}.{how}", lambda y=label, p=probability: scaled_brier_score(y, p), n=size, unit="scaled Brier score",
                        method=f"1 - Brier score / that of the prevalence; {learnt}", source="scaled_brier_score")
        if how == "apparent":
            continue
        stable = min(int(label.sum()), size - int(label.sum())) >= ENOUGH
        records.add(f"calibration_curve_stable.{model}.{how}", "true" if stable else "false", n=size, method=f"{ENOUGH} events and {ENOUGH} others", source="add_calibration")
        records.attempt(f"observed_expected.{model}.{how}", lambda y=label, p=inside: observed_expected_ratio(y, p, level), n=size, unit="ratio",
                        method=f"interval on the log scale; {learnt}", source="observed_expected_ratio")
        records.attempt(f"calibration_intercept.{model}.{how}", lambda y=label, p=inside: calibration_in_the_large(y, p, level), n=size, unit="log odds",
                        method=f"calibration in the large, slope fixed at 1; {learnt}", source="calibration_in_the_large")
        records.attempt(f"calibration_slope.{model}.{how}", lambda y=label, p=inside: calibration_slope(y, p, level), n=size, unit="slope", method=learnt, source="calibration_slope")
        if how == "validation":
            _add_validation(records, model, label, inside, learnt)


def add_calibration_test(records: Records, predictions: pd.DataFrame, model: str, seed: int) -> None:
    """`calibration_test.<model>.<how>` of one model in validation and in each cohort beyond it: the one test that the claims use."""
    for name, how, learnt, label, probability in with_probability(predictions):
        if name == model and how not in ON_TRAINING:
            test = calibration_score_test(label, np.clip(probability, 1e-6, 1 - 1e-6), seed=seed, enough=ENOUGH)
            records.add(f"calibration_test.{model}.{how}", test.statistic, p=test.p, n=len(label), unit="chi-square", source="calibration_score_test",
                        method=f"{test.name} of intercept 0 and slope 1, {test.degrees_of_freedom:g} degrees of freedom; {learnt}")


def _add_validation(records: Records, model: str, label: np.ndarray, probability: np.ndarray, learnt: str) -> None:
    """Two tests, and the mean and largest distance of a flexible curve from the diagonal by two smoothers."""
    size = len(label)
    test = spiegelhalter_test(label, probability)
    records.add(f"spiegelhalter.{model}.validation", test.statistic, p=test.p, n=size, unit="z", method=learnt, source="spiegelhalter_test")
    try:
        groups = hosmer_lemeshow(label, probability, external=True)
        records.add(f"hosmer_lemeshow.{model}.validation", groups.statistic, p=groups.p, n=size, unit="chi-square", source="hosmer_lemeshow",
                    method=f"{len(groups.observed)} groups and as many degrees of freedom, patients that the model did not learn from; {learnt}")
    except ValueError as reason:
        records.add(f"hosmer_lemeshow.{model}.validation", None, n=size, unit="chi-square", method=f"not estimable: {reason}", source="hosmer_lemeshow")
    for smoother, knots in (("loess", 4), ("spline", 3)):
        errors = cache(partial(calibration_errors, label, probability, smoother, knots))
        words = smoother if smoother == "loess" else f"restricted cubic {smoother}, {knots} knots"
        for name in ("ici", "e50", "e90", "emax"):
            records.attempt(f"{name}_{smoother}.{model}.validation", lambda name=name, errors=errors: getattr(errors(), name),
                            n=size, unit="probability difference", method=f"{words}; {learnt}", source="calibration_errors")
