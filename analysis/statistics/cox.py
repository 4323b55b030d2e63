"""Cox regression with Efron's ties: statsmodels fits; proportional-hazards test and baseline by hand, as in R.

lifelines' test is the older approximation and its baseline Breslow's; both differ from R where events are tied.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import chi2, norm

from analysis.statistics.checks import as_follow_up, as_level
from analysis.statistics.concordance import Concordance, concordance_index
from analysis.statistics.regression import design_matrix
from analysis.statistics.survival import kaplan_meier


@dataclass(frozen=True)
class CoxFit:
    """terms: coefficient, standard_error, z, p, hazard_ratio, ci_low, ci_high (of the hazard ratio) a column of the design.

    linear_predictor: centred on the mean patient, as R's predict(type="lp"). design: what was fitted, for the check and the baseline.
    """

    terms: pd.DataFrame
    log_likelihood: float
    null_log_likelihood: float
    concordance: Concordance
    n: int
    events: int
    time: np.ndarray
    event: np.ndarray
    design: pd.DataFrame
    ties: str = "efron"

    @property
    def aic(self) -> float:
        return 2 * len(self.terms) - 2 * self.log_likelihood

    @property
    def linear_predictor(self) -> np.ndarray:
        return (self.design - self.design.mean()).to_numpy() @ self.terms["coefficient"].to_numpy()


def cox_regression(table: pd.DataFrame, time: Any, event: Any, level: float = 0.95, ties: str = "efron") -> CoxFit:
    """Proportional hazards; ties: "efron" or "breslow". Validated against survival::coxph. For competing events this is the cause-specific model: give
    the competing ones as censored. A coefficient that diverges (all events in one group) is an error.

    >>> fit = cox_regression(pd.DataFrame({"x": [0, 1, 0, 1, 1.0]}), [5, 3, 4, 4.5, 1], [1, 1, 1, 1, 1])
    >>> bool(fit.terms.loc["x", "hazard_ratio"] > 1)
    True
    """
    time, event = as_follow_up(time, event)
    design, _ = design_matrix(table)
    if len(design) != len(time):
        raise ValueError(f"table: {len(design)} patients for {len(time)} times")
    if ties not in ("efron", "breslow"):
        raise ValueError(f"ties: 'efron' or 'breslow', got '{ties}'")
    if not event.any():
        raise ValueError("event: nobody has an event, so there is no hazard to model")
    centred = (design - design.mean()).to_numpy()
    if np.linalg.matrix_rank(centred) < centred.shape[1]:
        raise ValueError(f"table: the columns {', '.join(map(str, design.columns))} are constant or linearly dependent")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.PHReg(time, centred, status=event, ties=ties)
        fit = model.fit(method="newton", maxiter=200, tol=1e-12, disp=0)
    coefficient, error = np.asarray(fit.params), np.asarray(fit.bse)
    if not np.isfinite(error).all() or (np.abs(coefficient) * centred.std(axis=0) > 10).any():
        raise ValueError("table: a coefficient diverges, as its column orders the events completely; leave it out or penalise it")
    half = norm.ppf((1 + as_level(level)) / 2) * error
    with np.errstate(over="ignore"):  # few events: a limit may be beyond what a number can hold, and is infinite then
        ratio, low, high = np.exp(coefficient), np.exp(coefficient - half), np.exp(coefficient + half)
    terms = pd.DataFrame({"coefficient": coefficient, "standard_error": error, "z": coefficient / error, "p": 2 * norm.sf(np.abs(coefficient / error)),
                          "hazard_ratio": ratio, "ci_low": low, "ci_high": high}, index=design.columns)
    concordance = concordance_index(time, event, centred @ coefficient)
    return CoxFit(terms, float(fit.llf), float(model.loglike(np.zeros(len(coefficient)))), concordance, len(time), int(event.sum()), time, event, design, ties)


def _efron_steps(fit: CoxFit) -> list[tuple[float, float, np.ndarray, np.ndarray, np.ndarray]]:
    """For each event, ties one after the other: time, sum of risk, mean and covariance of the covariates at risk, mean of the tied events."""
    x, risk = (fit.design - fit.design.mean()).to_numpy(), np.exp(fit.linear_predictor)
    steps = []
    for moment in np.unique(fit.time[fit.event == 1]):
        exposed, dying = fit.time >= moment, (fit.time == moment) & (fit.event == 1)
        for order in range(int(dying.sum())):
            weight = risk * exposed - (order / dying.sum() * risk * dying if fit.ties == "efron" else 0)
            mean = weight @ x / weight.sum()
            steps.append((float(moment), float(weight.sum()), mean, (x - mean).T * weight @ (x - mean) / weight.sum(), x[dying].mean(axis=0)))
    return steps


def proportional_hazards_test(fit: CoxFit) -> pd.DataFrame:
    """Score test of each column × (1 - Kaplan-Meier before the event), and "GLOBAL": statistic, degrees_of_freedom, p.

    Validated against cox.zph(transform = "km") of survival 3 and later.

    >>> fit = cox_regression(pd.DataFrame({"x": [0, 1, 0, 1, 1.0]}), [5, 3, 4, 4.5, 1], [1, 1, 1, 1, 1])
    >>> proportional_hazards_test(fit).index.tolist()
    ['x', 'GLOBAL']
    """
    steps = _efron_steps(fit)
    curve = kaplan_meier(fit.time, fit.event)
    scale = np.array([1 - curve.survival[np.searchsorted(curve.time, step[0]) - 1] for step in steps])
    scale = scale - scale.mean()
    score = sum(g * (step[4] - step[2]) for g, step in zip(scale, steps, strict=True))
    blocks = [sum(g**power * step[3] for g, step in zip(scale, steps, strict=True)) for power in (0, 1, 2)]
    count = len(fit.terms)

    def test(columns: list[int]) -> dict[str, float]:
        at = np.ix_(columns, columns)
        left = blocks[1][columns]
        information = blocks[2][at] - left @ np.linalg.solve(blocks[0], left.T)
        statistic = float(score[columns] @ np.linalg.solve(information, score[columns]))
        return {"statistic": statistic, "degrees_of_freedom": len(columns), "p": float(chi2.sf(statistic, len(columns)))}

    rows = {name: test([place]) for place, name in enumerate(fit.terms.index)} | {"GLOBAL": test(list(range(count)))}
    return pd.DataFrame.from_dict(rows, orient="index")


def predicted_survival(fit: CoxFit, table: pd.DataFrame, times: Any) -> np.ndarray:
    """Survival of new patients × times, from the cumulative baseline hazard with the fit's ties. Validated against survfit(coxph).

    table: the design's columns. Risk is 1 minus it: decision curves take risk, never survival.

    >>> fit = cox_regression(pd.DataFrame({"x": [0, 1, 0, 1, 1.0]}), [5, 3, 4, 4.5, 1], [1, 1, 1, 1, 1])
    >>> predicted_survival(fit, pd.DataFrame({"x": [0.0]}), [0.5]).tolist()
    [[1.0]]
    """
    absent = [name for name in fit.design if name not in table]
    if absent:
        raise ValueError(f"table: lacks the columns {', '.join(map(str, absent))}")
    linear = (table[list(fit.design.columns)] - fit.design.mean()).to_numpy(dtype=float) @ fit.terms["coefficient"].to_numpy()
    steps = _efron_steps(fit)
    moments, hazard = np.array([step[0] for step in steps]), np.array([1 / step[1] for step in steps])
    cumulative = np.array([hazard[moments <= time].sum() for time in np.atleast_1d(times)])
    return np.exp(-np.outer(np.exp(linear), cumulative))
