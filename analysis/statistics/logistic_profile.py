"""Profile likelihood of a logistic coefficient, maximised over all other coefficients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.statistics.checks import as_level


def signed_root(
    design: NDArray[np.float64], label: NDArray[np.float64], column: int, value: float
) -> float:
    """Signed root of the profile likelihood ratio of a coefficient.

    It is the signed root of twice the drop in log-likelihood when the coefficient of `column` is
    fixed at `value`.

    Source: Venzon & Moolgavkar 1988.

    >>> round(signed_root(np.ones((4, 1)), np.array([0, 1, 0, 1]), 0, 0.0), 6)
    0.0
    """
    full = _fit(design, label)
    return _root(
        design,
        label,
        column=column,
        value=value,
        largest=float(full.llf),
        centre=float(full.params[column]),
    )


def _fit(
    design: NDArray[np.float64],
    label: NDArray[np.float64],
    offset: NDArray[np.float64] | None = None,
) -> Any:
    return GLM(label, design, family=families.Binomial(), offset=offset).fit(tol=1e-12, maxiter=100)


def _root(
    design: NDArray[np.float64],
    label: NDArray[np.float64],
    column: int,
    value: float,
    largest: float,
    centre: float,
) -> float:
    others, fixed = np.delete(design, column, axis=1), value * design[:, column]
    likelihood = (
        _fit(others, label, fixed).llf
        if others.shape[1]
        else float(np.sum(label * fixed - np.logaddexp(0, fixed)))
    )
    return float(np.sign(value - centre) * np.sqrt(max(2 * (largest - likelihood), 0.0)))


def profile_interval(
    design: NDArray[np.float64], label: NDArray[np.float64], column: int, level: float = 0.95
) -> tuple[float, float]:
    """Profile likelihood interval of the coefficient of `column`.

    Its ends are where the signed root is ± z. design holds its intercept.

    Found by root search to 1e-10. R's confint interpolates the same curve and so agrees to about
    1e-4 only.

    >>> low, high = profile_interval(np.ones((4, 1)), np.array([0, 1, 0, 1]), 0)
    >>> round(low + high, 6)
    0.0
    """
    full = _fit(design, label)
    centre = float(full.params[column])
    return profile_ends(
        lambda value: _root(
            design, label, column=column, value=value, largest=float(full.llf), centre=centre
        ),
        centre,
        2 * float(full.bse[column]),
        level,
    )


def profile_ends(
    root: Callable[[float], float], centre: float, step: float, level: float
) -> tuple[float, float]:
    """Values at which the signed root is ± z.

    They are sought from `centre`, where it is 0; step: how far to look at first. By scipy's brentq,
    they are found to 1e-10.

    Raises ValueError where the root stays within ± z.

    >>> [round(end, 3) for end in profile_ends(lambda value: value, 0.0, 1.0, 0.95)]
    [-1.96, 1.96]
    """
    z, ends = float(norm.ppf((1 + as_level(level)) / 2)), []
    for direction in (-1, 1):
        far = step
        while abs(root(centre + direction * far)) < z:
            far *= 1.5
            if far > 1e3 * step:
                raise ValueError(
                    "the profile of the likelihood has no end; leave out sparse columns"
                )
        ends.append(
            brentq(
                lambda value, side=direction: root(value) - side * z,
                centre,
                centre + direction * far,
                xtol=1e-10,
            )
        )
    return min(ends), max(ends)
