"""A proportion of patients with its interval: exact (Clopper-Pearson), Wilson, or Wald."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics.checks import as_level
from analysis.statistics.estimate import Estimate

METHODS = {"exact": "beta", "wilson": "wilson"}


def proportion(count: int, of: int, level: float = 0.95, method: str = "exact") -> Estimate:
    """count / of. method: "exact" (Clopper-Pearson), "wilson" or "wald". Of nobody: NaN with n = 0.

    By statsmodels; Wald by hand, as statsmodels clips it. Validated against R's binom.test and
    Hmisc::binconf.

    >>> round(proportion(0, 13).ci_high, 6)
    0.247053
    """
    if not 0 <= count <= of:
        raise ValueError(f"count: expected 0 to {of}, got {count}")
    if of == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    value = count / of
    if method == "wald":
        half = norm.ppf((1 + as_level(level)) / 2) * np.sqrt(value * (1 - value) / of)
        return Estimate(value, float(value - half), float(value + half), of)
    if method not in METHODS:
        raise ValueError(f"method: 'exact', 'wilson' or 'wald', got '{method}'")
    low, high = proportion_confint(count, of, alpha=1 - as_level(level), method=METHODS[method])
    return Estimate(value, float(low), float(high), of)
