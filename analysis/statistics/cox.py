"""Cox proportional hazards regression.

It has Efron's ties, its test of proportional hazards and its predicted survival, as R's survival
has them.

By hand, see partial_likelihood.py: lifelines' test is the older approximation and its baseline
Breslow's, and lifelines and statsmodels take minutes for 100,000 patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_follow_up
from analysis.statistics.concordance import Concordance, concordance_index
from analysis.statistics.hazard_ratios import hazard_ratio_table
from analysis.statistics.partial_likelihood import PartialLikelihood
from analysis.statistics.regression import design_matrix
from analysis.statistics.survival import kaplan_meier

# Newton's steps to a finite maximum are few; where they are more, whether there is one is decided
# exactly.
USUAL_STEPS = 12


@dataclass(frozen=True)
class CoxFit:
    """Fitted Cox regression.

    terms: coefficient, standard_error, z, p, hazard_ratio, ci_low, ci_high (of the hazard ratio) a
    column of the design.

    linear_predictor: centred on the mean patient, as R's predict(type="lp"). design: what was
    fitted, for the check and the baseline;
    variables: what each of its columns came from.
    """

    terms: pd.DataFrame
    log_likelihood: float
    null_log_likelihood: float
    concordance: Concordance
    n: int
    events: int
    time: NDArray[np.float64]
    event: NDArray[np.float64]
    design: pd.DataFrame
    variables: tuple[str, ...]
    ties: str = "efron"

    @property
    def aic(self) -> float:
        """Akaike's information criterion: 2 × terms − 2 × log partial likelihood."""
        return 2 * len(self.terms) - 2 * self.log_likelihood

    @property
    def linear_predictor(self) -> NDArray[np.float64]:
        """Linear predictor of each patient, of the design centred at its means as in R."""
        centred = (self.design - self.design.mean()).to_numpy()
        predictor: NDArray[np.float64] = centred @ self.terms["coefficient"].to_numpy()
        return predictor


def cox_regression(
    table: pd.DataFrame, time: Any, event: Any, level: float = 0.95, ties: str = "efron"
) -> CoxFit:
    """Proportional hazards; ties: "efron" or "breslow". Validated against survival::coxph.

    For competing events this is the cause-specific model: give the competing ones as censored. A
    coefficient without a finite estimate (at each event its combination of columns is largest in
    the patient who has it) is an error; a large finite one is not.

    >>> patients = pd.DataFrame({"x": [0, 1, 0, 1, 1.0]})
    >>> fit = cox_regression(patients, [5, 3, 4, 4.5, 1], [1, 1, 1, 1, 1])
    >>> bool(fit.terms.loc["x", "hazard_ratio"] > 1)
    True
    """
    time, event = as_follow_up(time, event)
    design, source = design_matrix(table)
    if len(design) != len(time):
        raise ValueError(
            f"table: {counted(len(design), 'patient')} for {counted(len(time), 'time')}"
        )
    if ties not in ("efron", "breslow"):
        raise ValueError(f"ties: 'efron' or 'breslow', got '{ties}'")
    if not event.any():
        raise ValueError("event: nobody has an event, so there is no hazard to model")
    centred, scale = (design - design.mean()).to_numpy(), design.std(ddof=0).to_numpy()
    names = ", ".join(map(str, design.columns))
    if (scale == 0).any() or np.linalg.matrix_rank(
        centred / np.where(scale > 0, scale, 1)
    ) < centred.shape[1]:
        raise ValueError(f"table: the columns {names} are constant or linearly dependent")
    null = PartialLikelihood(
        centred / scale, time, event=event, beta=np.zeros(len(scale)), ties=ties
    )
    if np.linalg.matrix_rank(null.information(), tol=1e-10 * event.sum()) < len(scale):
        raise ValueError(
            f"table: the columns {names} are constant or linearly dependent among those at risk at"
            " the events"
        )
    diverging = (
        "table: a coefficient diverges, as its column orders the events completely; leave it out or"
        " penalise it"
    )
    try:
        best, steps = null.maximum()
        covariance = np.linalg.inv(best.information())
    except np.linalg.LinAlgError:
        raise ValueError(diverging) from None
    if steps > USUAL_STEPS and null.has_no_maximum():
        raise ValueError(diverging)
    coefficient, error = best.beta / scale, np.sqrt(np.diag(covariance)) / scale
    terms = hazard_ratio_table(coefficient, error, level, design.columns)
    concordance = concordance_index(time, event, centred @ coefficient)
    return CoxFit(
        terms,
        best.value,
        null_log_likelihood=null.value,
        concordance=concordance,
        n=len(time),
        events=int(event.sum()),
        time=time,
        event=event,
        design=design,
        variables=tuple(map(str, source.values())),
        ties=ties,
    )


def _likelihood(fit: CoxFit) -> PartialLikelihood:
    return PartialLikelihood(
        (fit.design - fit.design.mean()).to_numpy(),
        fit.time,
        event=fit.event,
        beta=fit.terms["coefficient"].to_numpy(),
        ties=fit.ties,
    )


def proportional_hazards_test(fit: CoxFit, terms: bool = True) -> pd.DataFrame:
    """Score test of proportional hazards, of each variable and "GLOBAL".

    The test is that of each variable × (1 - Kaplan-Meier before the event). Columns: statistic,
    degrees_of_freedom, p.

    terms: a factor is tested whole, with one degree of freedom a column, as its single columns
    depend on which level is the reference; False tests each column. Validated against
    cox.zph(transform = "km", terms = ) of survival 3 and later.

    >>> patients = pd.DataFrame({"x": [0, 1, 0, 1, 1.0]})
    >>> fit = cox_regression(patients, [5, 3, 4, 4.5, 1], [1, 1, 1, 1, 1])
    >>> proportional_hazards_test(fit).index.tolist()
    ['x', 'GLOBAL']
    """
    steps, curve = _likelihood(fit), kaplan_meier(fit.time, fit.event)
    scale = 1 - curve.survival[np.searchsorted(curve.time, steps.moment) - 1]
    scale = scale - scale.mean()
    score = scale @ (steps.observed - steps.mean)
    blocks = [steps.information(scale**power) for power in (0, 1, 2)]
    count = len(fit.terms)

    def test(columns: list[int]) -> dict[str, float]:
        at = np.ix_(columns, columns)
        left = blocks[1][columns]
        information = blocks[2][at] - left @ np.linalg.solve(blocks[0], left.T)
        statistic = float(score[columns] @ np.linalg.solve(information, score[columns]))
        return {
            "statistic": statistic,
            "degrees_of_freedom": len(columns),
            "p": float(chi2.sf(statistic, len(columns))),
        }

    names = fit.variables if terms else tuple(map(str, fit.terms.index))
    rows = {
        name: test([place for place, owner in enumerate(names) if owner == name])
        for name in dict.fromkeys(names)
    } | {"GLOBAL": test(list(range(count)))}
    return pd.DataFrame.from_dict(rows, orient="index")


def predicted_survival(fit: CoxFit, table: pd.DataFrame, times: Any) -> NDArray[np.float64]:
    """Survival of new patients × times, from the cumulative baseline hazard with the fit's ties.

    Validated against survfit(coxph).

    table: the design's columns. Risk is 1 minus it: decision curves take risk, never survival.

    >>> patients = pd.DataFrame({"x": [0, 1, 0, 1, 1.0]})
    >>> fit = cox_regression(patients, [5, 3, 4, 4.5, 1], [1, 1, 1, 1, 1])
    >>> predicted_survival(fit, pd.DataFrame({"x": [0.0]}), [0.5]).tolist()
    [[1.0]]
    """
    absent = [name for name in fit.design if name not in table]
    if absent:
        raise ValueError(f"table: lacks the columns {', '.join(map(str, absent))}")
    linear = (table[list(fit.design.columns)] - fit.design.mean()).to_numpy(
        dtype=float
    ) @ fit.terms["coefficient"].to_numpy()
    steps = _likelihood(fit)
    cumulative = np.r_[0.0, np.cumsum(steps.hazard)][
        np.searchsorted(steps.moment, np.atleast_1d(times), side="right")
    ]
    return np.exp(-np.outer(np.exp(linear), cumulative))
