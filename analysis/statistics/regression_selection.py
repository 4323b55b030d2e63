"""Selection of variables for a logistic model: by AIC or p, factors kept or dropped whole.

The p-values of the selected model come after a selection that looked at the same patients; a report
must say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.statistics.checks import as_label
from analysis.statistics.regression import LogisticFit, likelihood_ratio_tests, logistic_regression


@dataclass(frozen=True)
class Selection:
    """Variables that a stepwise selection keeps, and its steps.

    kept: variables in the table's order. steps: "- name" or "+ name" in order. aic: before and
    after each step. fit: None when nothing is kept.
    """

    kept: tuple[str, ...]
    steps: tuple[str, ...]
    aic: tuple[float, ...]
    fit: LogisticFit | None


def _aic(table: pd.DataFrame, names: list[str], label: NDArray[np.float64]) -> float:
    if not names:
        prevalence = label.mean()
        return float(
            2
            - 2
            * len(label)
            * (prevalence * np.log(prevalence) + (1 - prevalence) * np.log(1 - prevalence))
        )
    return logistic_regression(table[names], label, firth=False).aic


def _finish(
    table: pd.DataFrame,
    names: list[str],
    label: NDArray[np.float64],
    steps: list[str],
    path: list[float],
) -> Selection:
    return Selection(
        tuple(names),
        tuple(steps),
        tuple(path),
        logistic_regression(table[names], label) if names else None,
    )


def aic_selection(table: pd.DataFrame, outcome: Any, direction: str = "backward") -> Selection:
    """Stepwise selection by AIC from the full model.

    Each step is the one that lowers AIC most, until none does. direction: "backward", or "both"
    (dropped ones may return).

    Validated against MASS::stepAIC. A separated outcome is an error: its likelihood has no maximum.

    >>> aic_selection(pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]}), [0, 1, 0, 1, 0, 1]).steps
    ('- x',)
    """
    if direction not in ("backward", "both"):
        raise ValueError(f"direction: 'backward' or 'both', got '{direction}'")
    label, names = as_label(outcome, name="outcome"), list(table.columns)
    steps: list[str] = []
    path = [_aic(table, names, label)]
    while True:
        trials = {f"- {name}": [other for other in names if other != name] for name in names}
        if direction == "both":
            trials |= {
                f"+ {name}": [other for other in table if other in names or other == name]
                for name in table
                if name not in names
            }
        values = {step: _aic(table, trial, label) for step, trial in trials.items()}
        best = min(values, key=values.__getitem__, default=None)
        if best is None or values[best] >= path[-1] - 1e-7:
            return _finish(table, names, label=label, steps=steps, path=path)
        names = trials[best]
        steps.append(best)
        path.append(values[best])


def p_value_selection(table: pd.DataFrame, outcome: Any, alpha: float = 0.05) -> Selection:
    """Backward elimination by the likelihood-ratio p of whole variables, until all are below alpha.

    A separated outcome is a ValueError. Source: Harrell 2015, section 4.3, who advises against it.

    >>> p_value_selection(pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]}), [0, 1, 0, 1, 0, 1]).kept
    ()
    """
    label, names = as_label(outcome, name="outcome"), list(table.columns)
    steps: list[str] = []
    path = [_aic(table, names, label)]
    while names:
        p = likelihood_ratio_tests(table[names], label)["p"]
        if p.max() < alpha:
            break
        steps.append(f"- {p.idxmax()}")
        names = [name for name in names if name != p.idxmax()]
        path.append(_aic(table, names, label))
    return _finish(table, names, label=label, steps=steps, path=path)


def wald_aic_selection(table: pd.DataFrame, outcome: Any) -> tuple[str, ...]:
    """Backward elimination by the Wald statistic and Akaike's criterion.

    Names kept by backward elimination on the Wald chi-square less twice its degrees of freedom,
    without refitting (Lawless & Singhal 1978): fast, for use in each bootstrap resample. Validated
    against rms::fastbw(rule="aic", type="individual").

    >>> wald_aic_selection(pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]}), [0, 1, 0, 1, 0, 1])
    ()
    """
    fit = logistic_regression(table, outcome)
    beta, covariance = fit.all_terms["coefficient"].to_numpy(), np.asarray(fit.covariance)
    owner = fit.all_terms["variable"].to_numpy()
    while True:
        worth = {}
        for name in dict.fromkeys(owner[1:]):
            at = owner == name
            worth[name] = (
                float(beta[at] @ np.linalg.solve(covariance[np.ix_(at, at)], beta[at]))
                - 2 * at.sum()
            )
        worst = min(worth, key=worth.__getitem__, default=None)
        if worst is None or worth[worst] >= 0:
            return tuple(name for name in table if name in worth)
        out = owner == worst
        # The other coefficients, given that these are 0.
        gain = covariance[np.ix_(~out, out)] @ np.linalg.inv(covariance[np.ix_(out, out)])
        beta, covariance = (
            beta[~out] - gain @ beta[out],
            covariance[np.ix_(~out, ~out)] - gain @ covariance[np.ix_(out, ~out)],
        )
        owner = owner[~out]


def wald_p(fit: LogisticFit) -> pd.Series:
    """Wald p of each variable of a fit, a factor's columns jointly.

    Source: Wald 1943; Harrell 2015, section 9.2.

    >>> fit = logistic_regression(pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]}), [0, 1, 0, 1, 0, 1])
    >>> bool(abs(wald_p(fit)["x"] - fit.terms.loc["x", "p"]) < 1e-6)
    True
    """
    owner, beta = fit.all_terms["variable"].to_numpy(), fit.all_terms["coefficient"].to_numpy()
    result = {}
    for name in dict.fromkeys(owner[1:]):
        at = owner == name
        result[name] = float(
            chi2.sf(
                beta[at] @ np.linalg.solve(np.asarray(fit.covariance)[np.ix_(at, at)], beta[at]),
                at.sum(),
            )
        )
    return pd.Series(result)
