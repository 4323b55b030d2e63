"""Selection stability: agreement of repeated selections on the features that they choose."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.statistics.checks import as_level
from analysis.statistics.estimate import Estimate


def selection_stability(chosen: Any, level: float = 0.95) -> Estimate:
    """Nogueira's index of the stability of selection.

    It is 1 where all selections are the same, 0 where they agree as often as random ones of their
    sizes would.

    chosen: selections × features, 1 for a feature that was chosen. One minus the mean over features
    of the unbiased variance of being chosen, over its expectation at random, (k/d)(1 - k/d) for a
    mean of k of d features; at least -1/(selections - 1). n is the number of selections. The
    interval is the asymptotic normal one within the range of the index, which takes selections as
    independent: those of overlapping folds are not, and it is then too narrow. Two selections have
    no interval (NaN), as both weigh the same. A selection that is always all or none of the
    features is undefined (NaN). Raises ValueError for fewer than two selections and for values
    other than 0 and 1.
    Source: Nogueira, Sechidis & Brown 2018, equation 4 and theorem 7.

    >>> round(selection_stability([[1, 1, 0, 0], [1, 0, 1, 0]]).value, 12)
    0.0
    """
    values = np.asarray(chosen, dtype=float)
    if values.ndim != 2 or values.shape[0] < 2 or values.shape[1] < 1:
        raise ValueError(f"chosen: at least two selections × one feature, got shape {values.shape}")
    if not np.isin(values, (0.0, 1.0)).all():
        raise ValueError(
            "chosen: 1 for a feature that was chosen and 0 for one that was not; no other value and"
            " none missing"
        )
    selections, features = values.shape
    frequency, share = values.mean(axis=0), values.sum(axis=1) / features
    mean = float(share.mean())
    at_random = mean * (1 - mean)
    if at_random == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), selections)
    index = (
        1 - float((frequency * (1 - frequency)).mean()) * selections / (selections - 1) / at_random
    )
    own = (
        (values * frequency).mean(axis=1)
        - share * mean
        + index / 2 * (2 * share * mean - share - mean + 1)
    ) / at_random
    error = (
        2 / selections * float(np.sqrt(((own - own.mean()) ** 2).sum()))
        if selections > 2
        else float("nan")
    )
    half = float(norm.ppf((1 + as_level(level)) / 2)) * error
    low, high = np.clip([index - half, index + half], -1 / (selections - 1), 1)
    return Estimate(index, float(low), float(high), selections)
