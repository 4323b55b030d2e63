"""Calibration of every model that gives probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

import numpy as np
import pandas as pd

from analysis.results.performance import ON_TRAINING, with_probability
from analysis.results.record import Records
from analysis.results.repeats import over_repeats
from analysis.statistics import (
    brier_interval,
    calibrated_errors,
    calibration_errors,
    calibration_in_the_large,
    calibration_score_test,
    calibration_slope,
    hosmer_lemeshow,
    observed_expected_ratio,
    scaled_brier_score,
    spiegelhalter_test,
)
from analysis.statistics.calibration_curve import ENOUGH
from analysis.statistics.calibration_tests import LEAST_EXPECTED
from analysis.study import Statistics

EXPLORATORY = "exploratory, P not corrected for the number of models"


def add_calibration(
    records: Records,
    predictions: pd.DataFrame,
    settings: Statistics,
    headline: Sequence[str],
    seed: int,
) -> None:
    """Brier and scaled Brier score everywhere; O:E, calibration in the large and slope out of fold
    and in validation. On a model's own patients calibration says nothing.

    Of the headline's models in validation alone: two exploratory tests, and errors of a flexible
    curve where there are enough patients for one. Of all others these would be dozens of P-values
    that nobody asked for.
    """
    level = settings.confidence_level
    records.add(
        "calibration_curve_stable.least",
        ENOUGH,
        unit="patients",
        method=(
            "events, and patients without the event, below which a flexible curve is unstable (Van"
            " Calster 2016)"
        ),
        source="calibration_curve",
    )
    for model, how, learnt, parts in with_probability(predictions):
        clipped = [(label, np.clip(probability, 1e-6, 1 - 1e-6)) for label, probability in parts]
        label, inside = clipped[0]
        size = len(label)
        records.attempt(
            f"brier.{model}.{how}",
            lambda parts=parts: over_repeats(
                parts, lambda part: brier_interval(part[0], part[1], level)
            ),
            n=size,
            unit="Brier score",
            method=learnt,
            source="brier_interval",
        )
        records.attempt(
            f"scaled_brier.{model}.{how}",
            lambda parts=parts: over_repeats(parts, lambda part: scaled_brier_score(*part)),
            n=size,
            unit="scaled Brier score",
            method=f"1 - Brier score / that of the prevalence; {learnt}",
            source="scaled_brier_score",
        )
        if how == "apparent":
            continue
        stable = min(int(label.sum()), size - int(label.sum())) >= ENOUGH
        records.add(
            f"calibration_curve_stable.{model}.{how}",
            "true" if stable else "false",
            n=size,
            method=f"{ENOUGH} events and {ENOUGH} others",
            source="add_calibration",
        )
        records.attempt(
            f"observed_expected.{model}.{how}",
            lambda parts=clipped: over_repeats(
                parts, lambda part: observed_expected_ratio(part[0], part[1], level)
            ),
            n=size,
            unit="ratio",
            method=f"interval on the log scale; {learnt}",
            source="observed_expected_ratio",
        )
        records.attempt(
            f"calibration_intercept.{model}.{how}",
            lambda parts=clipped: over_repeats(
                parts, lambda part: calibration_in_the_large(part[0], part[1], level)
            ),
            n=size,
            unit="log odds",
            method=f"calibration in the large, slope fixed at 1; {learnt}",
            source="calibration_in_the_large",
        )
        records.attempt(
            f"calibration_slope.{model}.{how}",
            lambda parts=clipped: over_repeats(
                parts, lambda part: calibration_slope(part[0], part[1], level)
            ),
            n=size,
            unit="slope",
            method=learnt,
            source="calibration_slope",
        )
        if how == "validation" and model in headline:
            _add_validation(records, model, label, inside, learnt, stable, seed)


def add_calibration_test(
    records: Records, predictions: pd.DataFrame, model: str, seed: int
) -> None:
    """`calibration_test.<model>.<how>` of one model in validation and in each cohort beyond it: the
    one test that the claims use."""
    for name, how, learnt, parts in with_probability(predictions):
        if name == model and how not in ON_TRAINING:
            label, probability = parts[0]
            test = calibration_score_test(
                label, np.clip(probability, 1e-6, 1 - 1e-6), seed=seed, enough=ENOUGH
            )
            records.add(
                f"calibration_test.{model}.{how}",
                test.statistic,
                p=test.p,
                n=len(label),
                unit="chi-square",
                source="calibration_score_test",
                method=(
                    f"{test.name} of intercept 0 and slope 1, {test.degrees_of_freedom:g} degrees"
                    f" of freedom; {learnt}"
                ),
            )


def _add_validation(
    records: Records,
    model: str,
    label: np.ndarray,
    probability: np.ndarray,
    learnt: str,
    stable: bool,
    seed: int,
) -> None:
    """Two exploratory tests, and, of enough patients, the distance of a flexible curve from the
    diagonal by two smoothers, each with what it would be on average if the model were perfectly
    calibrated.
    """
    size = len(label)
    test = spiegelhalter_test(label, probability)
    records.add(
        f"spiegelhalter.{model}.validation",
        test.statistic,
        p=test.p,
        n=size,
        unit="z",
        method=f"{EXPLORATORY}; {learnt}",
        source="spiegelhalter_test",
    )
    key = f"hosmer_lemeshow.{model}.validation"
    try:
        groups = hosmer_lemeshow(label, probability, external=True)
        if groups.least_expected < LEAST_EXPECTED:
            raise ValueError(
                f"a group has fewer than {LEAST_EXPECTED:g} expected events or others, so that"
                " chi-square does not hold"
            )
        records.add(
            key,
            groups.statistic,
            p=groups.p,
            n=size,
            unit="chi-square",
            source="hosmer_lemeshow",
            method=(
                f"{len(groups.observed)} groups and as many degrees of freedom, patients that the"
                f" model did not learn from; {EXPLORATORY}; {learnt}"
            ),
        )
    except ValueError as reason:
        records.add(
            key,
            None,
            n=size,
            unit="chi-square",
            method=f"not tested: {reason}",
            source="hosmer_lemeshow",
        )
    simulated = (
        "mean over outcomes simulated from the probabilities: of a perfectly calibrated model"
    )
    for smoother, knots in (("loess", 4), ("spline", 3)) if stable else ():
        found = {
            "": cache(partial(calibration_errors, label, probability, smoother, knots)),
            "_calibrated": cache(
                partial(calibrated_errors, probability, smoother, knots, seed=seed)
            ),
        }
        words = smoother if smoother == "loess" else f"restricted cubic {smoother}, {knots} knots"
        for name in ("ici", "e50", "e90", "emax"):
            for ending, errors in found.items():
                of = simulated if ending else learnt
                records.attempt(
                    f"{name}_{smoother}{ending}.{model}.validation",
                    lambda name=name, errors=errors: getattr(errors(), name),
                    n=size,
                    unit="probability difference",
                    method=f"{words}; {of}",
                    source="calibrated_errors" if ending else "calibration_errors",
                )
