"""Errors of a flexible calibration curve where nothing is wrong.

A curve through few patients is never on the diagonal.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.statistics.calibration_curve import (
    MOST_PATIENTS,
    CalibrationErrors,
    calibration_errors,
)
from analysis.statistics.checks import as_probability, as_vector

# Draws × patients; at least FEWEST draws, at most MOST. More patients need fewer, as the errors
# vary less.
WORK, FEWEST, MOST = 100_000, 20, 200


def calibrated_errors(
    probability: Any,
    smoother: str = "loess",
    knots: int = 4,
    draws: int | None = None,
    seed: int = 0,
) -> CalibrationErrors:
    """Expected ICI, E50, E90 and Emax of a perfectly calibrated model.

    They are the mean errors, over simulated outcomes, of a perfectly calibrated model that gives
    these probabilities.

    Each draw has an outcome of every patient with the patient's own probability, and a curve of its
    own; draws that the smoother can't fit (one class only) are left out. draws: 20 to 200 by the
    number of patients unless given. More than 5000 patients are represented by 5000 of them, evenly
    spaced by probability, whose errors are √(n / 5000) times as large. Field smoothed: the
    probabilities, as they are those of a calibrated model. No draw that can be fitted is a
    ValueError. Source: the parametric bootstrap of Efron & Tibshirani 1993 for the errors of Austin
    & Steyerberg 2019.

    >>> calibrated_errors([i / 21 for i in range(1, 21)], draws=5).ici > 0
    True
    """
    vector = as_vector(probability, "probability")
    probability = as_probability(vector, vector, open_interval=smoother == "spline")
    few = np.sort(probability)[
        np.linspace(0, len(probability) - 1, min(len(probability), MOST_PATIENTS)).astype(int)
    ]
    random, found, share = (
        np.random.default_rng(seed),
        [],
        float(np.sqrt(len(few) / len(probability))),
    )
    for _ in range(draws or int(np.clip(WORK // len(few), FEWEST, MOST))):
        label = (random.random(len(few)) < few).astype(float)
        try:
            found.append(calibration_errors(label, few, smoother, knots))
        except ValueError:
            continue
    if not found:
        raise ValueError(
            "probability: no simulated outcome of these probabilities could be smoothed"
        )
    ici, e50, e90, emax = (
        share * float(np.mean([getattr(each, name) for each in found]))
        for name in ("ici", "e50", "e90", "emax")
    )
    return CalibrationErrors(ici, e50, e90=e90, emax=emax, smoothed=probability, smoother=smoother)
