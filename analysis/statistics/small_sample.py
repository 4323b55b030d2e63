"""Chance variation of a measure in a small sample.

It is what a measure does by chance alone in a sample of a given size, from a model that is perfect
but for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm, rankdata

from analysis.statistics.checks import as_level

GRID = np.linspace(-8, 8, 2001)
CHUNK = 2_000_000
# Beyond it the linear predictor would leave the grid that its population is computed on.
LARGEST = 0.99


def _population(prevalence: float, area: float) -> tuple[float, float]:
    """Mean and standard deviation of a normal linear predictor.

    The linear predictor is that of a calibrated model of this prevalence and AUC.
    """
    density = norm.pdf(GRID)
    density /= density.sum()

    def mean(deviation: float) -> float:
        return float(
            brentq(lambda middle: density @ expit(middle + deviation * GRID) - prevalence, -60, 60)
        )

    def auc_of(deviation: float) -> float:
        risk = expit(mean(deviation) + deviation * GRID)
        events, others = density * risk, density * (1 - risk)
        below = np.cumsum(others) - others / 2
        return float(events @ below / (events.sum() * others.sum()))

    deviation = brentq(lambda each: auc_of(each) - area, 1e-6, 20)
    return mean(deviation), float(deviation)


def _slopes(label: NDArray[np.float64], linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Calibration slope of each row by Newton's method; infinite where a row is separated."""
    coefficient, step = np.tile([0.0, 1.0], (len(label), 1)), np.zeros((len(label), 2))
    for _ in range(30):
        risk = expit(coefficient[:, :1] + coefficient[:, 1:] * linear)
        weight, residual = risk * (1 - risk), label - risk
        s0, s1, s2 = weight.sum(1), (weight * linear).sum(1), (weight * linear**2).sum(1)
        g0, g1 = residual.sum(1), (residual * linear).sum(1)
        determinant = np.maximum(s0 * s2 - s1**2, 1e-12)
        step = np.column_stack([s2 * g0 - s1 * g1, s0 * g1 - s1 * g0]) / determinant[:, None]
        coefficient = coefficient + np.clip(step, -2, 2)
    return np.where(
        np.abs(step).max(axis=1) > 1e-6, np.copysign(np.inf, coefficient[:, 1]), coefficient[:, 1]
    )


def _measures(
    label: NDArray[np.float64], linear: NDArray[np.float64], threshold: float
) -> dict[str, NDArray[np.float64]]:
    risk, n = expit(linear), label.shape[1]
    events = label.sum(1)
    ranks = rankdata(linear, axis=1)
    positive = risk >= threshold
    return {
        "auc": ((ranks * label).sum(1) - events * (events + 1) / 2) / (events * (n - events)),
        "observed_expected": events / risk.sum(1),
        "calibration_slope": _slopes(label, linear),
        "brier": ((risk - label) ** 2).mean(1),
        "sensitivity": (positive * label).sum(1) / events,
        "specificity": ((~positive) * (1 - label)).sum(1) / (n - events),
        "net_benefit": (
            (positive * label).mean(1)
            - (positive * (1 - label)).mean(1) * threshold / (1 - threshold)
        ),
    }


def chance_range(  # noqa: PLR0913 - the simulation's settings
    n: int,
    prevalence: float,
    area: float = 0.8,
    threshold: float = 0.5,
    level: float = 0.95,
    samples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Range of the measures of a perfectly calibrated model in samples of n patients.

    Columns: truth, low and high; a share `level` of the samples lies between the last two.

    The linear predictor is normal with the AUC `area` and the prevalence, both in the population;
    samples of one outcome are drawn again. Rows: auc, observed_expected, calibration_slope, brier;
    sensitivity, specificity and net_benefit at the threshold. truth: by construction, or in 200,000
    patients. A separated sample has an infinite slope. By simulation with `seed`; compare Van
    Calster et al. 2016 and Riley et al. 2021 on how unsure these are in small samples.

    >>> found = chance_range(33, 0.6, samples=200)
    >>> bool(found.loc["auc", "low"] < 0.7 < 0.8 < found.loc["auc", "high"])
    True
    """
    if n < 2 or samples < 2:
        raise ValueError(f"n, samples: at least 2 each, got {n} and {samples}")
    if not 0 < prevalence < 1 or not 0.5 < area <= LARGEST or not 0 < threshold < 1:
        raise ValueError(
            f"prevalence and threshold must lie between 0 and 1, area between .5 and {LARGEST:g};"
            f" got {prevalence:g}, {threshold:g}, {area:g}"
        )
    middle, deviation = _population(prevalence, area)
    random = np.random.default_rng(seed)

    def draw(rows: int, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        linear = middle + deviation * random.standard_normal((rows, size))
        return (random.random((rows, size)) < expit(linear)).astype(float), linear

    parts: list[dict[str, Any]] = []
    found, rows = 0, max(1, CHUNK // n)
    while found < samples:
        label, linear = draw(min(rows, samples - found), n)
        both = (label.sum(1) > 0) & (label.sum(1) < n)
        parts.append(_measures(label[both], linear[both], threshold))
        found += int(both.sum())
    truth = {
        name: float(values[0]) for name, values in _measures(*draw(1, 200_000), threshold).items()
    } | {"auc": area, "observed_expected": 1.0, "calibration_slope": 1.0}
    tail = (1 - as_level(level)) / 2
    columns = {}
    for name in truth:
        values = np.concatenate([part[name] for part in parts])
        # A percentile between a finite value and an infinite one would be undefined: the sample's
        # own values are taken.
        low, high = np.quantile(values, [tail, 1 - tail], method="closest_observation")
        columns[name] = {"truth": truth[name], "low": low, "high": high}
    return pd.DataFrame(columns).T
