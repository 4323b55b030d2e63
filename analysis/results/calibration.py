"""Calibration of every model that gives probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.core.word_lists import counted
from analysis.results import keys
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
from analysis.statistics.calibration_curve import ENOUGH, calibration_curve
from analysis.statistics.calibration_tests import LEAST_EXPECTED
from analysis.study import Statistics

# Name → knots, and the term for both.
SMOOTHERS = {"loess": 4, "spline": 3}
SMOOTHER_METHODS = {"loess": "loess", "spline": "restricted cubic spline, 3 knots"}
PERFECT_METHOD = "mean over outcomes simulated from the probabilities"
EXPLORATORY_METHOD = "exploratory, unadjusted P"


def add_calibration(
    records: Records,
    predictions: pd.DataFrame,
    settings: Statistics,
    headline: Sequence[str],
    seed: int,
) -> None:
    """Add calibration of the models.

    It adds the Brier and scaled Brier score everywhere; O:E, calibration in the large and slope out
    of fold and in validation. On a model's own patients calibration says nothing.

    Of the headline's models in validation alone: two exploratory tests, and errors of a flexible
    curve where there are enough patients for one. Of all others these would be dozens of P-values
    that nobody asked for.
    """
    level = settings.confidence_level
    records.add(
        keys.calibration_curve_stable_least(),
        ENOUGH,
        unit="patients",
        method="Van Calster 2016",
        source=calibration_curve,
    )
    for model, how, learnt, parts in with_probability(predictions):
        judged = _Judged(model, how, learnt, parts)
        _add_brier(records, judged, level)
        # On a model's own patients calibration says nothing.
        if how == "apparent":
            continue
        _add_stable(records, judged)
        _add_deviations(records, judged, level)
        if how == "validation" and model in headline:
            _add_tests(records, judged)
            if judged.stable:
                _add_curve_errors(records, judged, seed)


@dataclass(frozen=True)
class _Judged:
    """Model judged in one way.

    parts: label and probability of each repeat of the folds; learnt: term for where the
    probabilities are from.
    """

    model: str
    how: str
    learnt: str
    parts: list[tuple[np.ndarray, np.ndarray]]

    @property
    def size(self) -> int:
        return len(self.parts[0][0])

    @property
    def clipped(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Labels and probabilities, clipped so that all have finite log odds."""
        return [(label, np.clip(probability, 1e-6, 1 - 1e-6)) for label, probability in self.parts]

    @property
    def stable(self) -> bool:
        """True if there are enough patients of either outcome for a flexible curve."""
        events = int(self.parts[0][0].sum())
        return min(events, self.size - events) >= ENOUGH


def _add_brier(records: Records, judged: _Judged, level: float) -> None:
    parts = judged.parts
    records.attempt(
        keys.brier(judged.model, judged.how),
        lambda: over_repeats(parts, lambda part: brier_interval(part[0], part[1], level)),
        n=judged.size,
        unit="Brier score",
        method=judged.learnt,
        source=brier_interval,
    )
    records.attempt(
        keys.scaled_brier(judged.model, judged.how),
        lambda: over_repeats(parts, lambda part: scaled_brier_score(*part)),
        n=judged.size,
        unit="scaled Brier score",
        method=f"1 - Brier score / Brier score of the prevalence; {judged.learnt}",
        source=scaled_brier_score,
    )


def _add_stable(records: Records, judged: _Judged) -> None:
    records.add(
        keys.calibration_curve_stable(judged.model, judged.how),
        judged.stable,
        n=judged.size,
        method=f"{ENOUGH} events and {ENOUGH} others",
        source=add_calibration,
    )


def _add_deviations(records: Records, judged: _Judged, level: float) -> None:
    """O:E, calibration in the large and the calibration slope."""
    parts = judged.clipped
    records.attempt(
        keys.observed_expected(judged.model, judged.how),
        lambda: over_repeats(parts, lambda part: observed_expected_ratio(part[0], part[1], level)),
        n=judged.size,
        unit="ratio",
        method=f"interval on the log scale; {judged.learnt}",
        source=observed_expected_ratio,
    )
    records.attempt(
        keys.calibration_intercept(judged.model, judged.how),
        lambda: over_repeats(parts, lambda part: calibration_in_the_large(part[0], part[1], level)),
        n=judged.size,
        unit="log odds",
        method=f"calibration in the large, slope fixed at 1; {judged.learnt}",
        source=calibration_in_the_large,
    )
    records.attempt(
        keys.calibration_slope(judged.model, judged.how),
        lambda: over_repeats(parts, lambda part: calibration_slope(part[0], part[1], level)),
        n=judged.size,
        unit="slope",
        method=judged.learnt,
        source=calibration_slope,
    )


def add_calibration_test(
    records: Records, predictions: pd.DataFrame, model: str, seed: int
) -> None:
    """Add the calibration test of one model, the one test that the claims use.

    `calibration_test.<model>.<how>` is added in validation and in each cohort beyond it.
    """
    for name, how, learnt, parts in with_probability(predictions):
        if name == model and how not in ON_TRAINING:
            label, probability = parts[0]
            test = calibration_score_test(
                label, np.clip(probability, 1e-6, 1 - 1e-6), seed=seed, enough=ENOUGH
            )
            records.add(
                keys.calibration_test(model, how),
                test.statistic,
                p=test.p,
                n=len(label),
                unit="chi-square",
                source=calibration_score_test,
                method=(
                    f"{test.name} of intercept 0 and slope 1, "
                    f" {counted(f'{test.degrees_of_freedom:g}', 'degree')} of freedom; {learnt}"
                ),
            )


def _add_tests(records: Records, judged: _Judged) -> None:
    """Spiegelhalter's and Hosmer and Lemeshow's test, exploratory both."""
    label, probability = judged.clipped[0]
    test = spiegelhalter_test(label, probability)
    records.add(
        keys.spiegelhalter(judged.model, judged.how),
        test.statistic,
        p=test.p,
        n=judged.size,
        unit="z",
        method=f"{EXPLORATORY_METHOD}; {judged.learnt}",
        source=spiegelhalter_test,
    )
    key = keys.hosmer_lemeshow(judged.model, judged.how)
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
            n=judged.size,
            unit="chi-square",
            source=hosmer_lemeshow,
            method=(
                f"{counted(len(groups.observed), 'group')} and as many degrees of freedom,"
                f" external patients; {EXPLORATORY_METHOD}; {judged.learnt}"
            ),
        )
    except ValueError as reason:
        records.add(
            key,
            None,
            n=judged.size,
            unit="chi-square",
            method=f"not tested: {reason}",
            source=hosmer_lemeshow,
        )


def _error(errors: Callable[[], Any], name: str) -> float:
    return float(getattr(errors(), name))


def _add_curve_errors(records: Records, judged: _Judged, seed: int) -> None:
    """Add the distances of a flexible calibration curve from the diagonal.

    The distance of a flexible curve from the diagonal is by two smoothers, each with what it would
    be on average if the model were perfectly calibrated.
    """
    label, probability = judged.clipped[0]
    for smoother, knots in SMOOTHERS.items():
        method = SMOOTHER_METHODS[smoother]
        own = cache(partial(calibration_errors, label, probability, smoother, knots))
        perfect = cache(partial(calibrated_errors, probability, smoother, knots, seed=seed))
        for name in ("ici", "e50", "e90", "emax"):
            records.attempt(
                keys.named(name)(smoother, judged.model, judged.how),
                partial(_error, own, name),
                n=judged.size,
                unit="probability difference",
                method=f"{method}; {judged.learnt}",
                source=calibration_errors,
            )
            records.attempt(
                keys.named(f"{name}_calibrated")(smoother, judged.model, judged.how),
                partial(_error, perfect, name),
                n=judged.size,
                unit="probability difference",
                method=f"{method}; {PERFECT_METHOD}",
                source=calibrated_errors,
            )
