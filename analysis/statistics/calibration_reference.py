"""What the errors of a flexible calibration curve are where nothing is wrong: a curve through few patients is never on the diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.statistics.calibration_curve import CalibrationErrors, calibration_errors
from analysis.statistics.checks import as_probability, as_vector

# Draws × patients; at least FEWEST draws, at most MOST. More patients need fewer, as the errors vary less.
WORK, FEWEST, MOST = 400_000, 20, 200


def calibrated_errors(probability: Any, smoother: str = "loess", knots: int = 4, draws: int | None = None, seed: int = 0) -> CalibrationErrors:
    """Mean ICI, E50, E90 and Emax of a perfectly calibrated model that gives these probabilities, over simulated outcomes.

    Each draw has an outcome of every patient with the patient's own probability, and a curve of its own; draws that the smoother
    can't fit (one class only) are left out. draws: 20 to 200 by the number of patients unless given. Field smoothed is the mean curve.
    No draw that can be fitted is a ValueError. Source: the parametric bootstrap of Efron & Tibshirani 1993 for the errors of
    Austin & Steyerberg 2019.

    >>> calibrated_errors([i / 21 for i in range(1, 21)], draws=5).ici > 0
    True
    """
    vector = as_vector(probability, "probability")
    probability = as_probability(vector, vector, open_interval=smoother == "spline")
    random, found = np.random.default_rng(seed), []
    for _ in range(draws or int(np.clip(WORK // len(probability), FEWEST, MOST))):
        label = (random.random(len(probability)) < probability).astype(float)
        try:
            found.append(calibration_errors(label, probability, smoother, knots))
        except ValueError:
            continue
    if not found:
        raise ValueError("probability: no simulated outcome of these probabilities could be smoothed")
    ici, e50, e90, emax = (float(np.mean([getattr(each, name) for each in found])) for name in ("ici", "e50", "e90", "emax"))
    return CalibrationErrors(ici, e50, e90, emax, np.mean([each.smoothed for each in found], axis=0), smoother)
