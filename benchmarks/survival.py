"""Survival statistics of 100,000 patients beside lifelines' and scikit-survival's, which get the
first few thousand of them.

Their times are scaled as if they grew with the patients alone, which favours them: some grow with
their square.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from analysis import statistics as st
from benchmarks.measure import Comparison

HORIZON = 8.0


@dataclass(frozen=True)
class Cohort:
    """Untied times with censoring; kind: 0 censored, 1 the event, 2 a competing one. columns[:, 0]
    is the score."""

    time: np.ndarray
    kind: np.ndarray
    columns: np.ndarray

    @property
    def event(self) -> np.ndarray:
        return (self.kind > 0).astype(int)

    @property
    def score(self) -> np.ndarray:
        return self.columns[:, 0]

    @property
    def risk(self) -> np.ndarray:
        return 1 / (1 + np.exp(-self.score))

    @property
    def table(self) -> pd.DataFrame:
        return pd.DataFrame(self.columns, columns=["a", "b", "c"])

    @property
    def group(self) -> np.ndarray:
        return np.arange(len(self.time)) % 3

    def first(self, n: int) -> Cohort:
        return Cohort(self.time[:n], self.kind[:n], self.columns[:n])


def cohort(n: int) -> Cohort:
    random = np.random.default_rng(5)
    columns = random.standard_normal((n, 3))
    time, lost = random.exponential(10 * np.exp(-0.5 * columns[:, 0])), random.exponential(15, n)
    return Cohort(
        np.minimum(time, lost), np.where(lost < time, 0, random.integers(1, 3, n)), columns
    )


def _surv(each: Cohort) -> Any:
    from sksurv.util import Surv

    return Surv.from_arrays(each.event.astype(bool), each.time)


OURS: dict[str, Callable[[Cohort], Any]] = {
    "Cox regression, 3 columns": lambda each: (
        st.cox_regression(each.table, each.time, each.event).terms["coefficient"].to_numpy()
    ),
    "log-rank, 3 groups": lambda each: st.log_rank(each.time, each.event, each.group).statistic,
    "Aalen-Johansen with errors": (
        lambda each: st.cumulative_incidence(each.time, each.kind).incidence[1:]
    ),
    "C-index with its error": lambda each: (
        st.concordance_index(each.time, each.event, each.score).value
    ),
    "AUC at a horizon with its error": lambda each: (
        st.time_dependent_auc(each.time, each.event, each.score, HORIZON).value
    ),
    "Brier score at a horizon with its error": lambda each: (
        st.ipcw_brier_score(each.time, each.event, each.risk, HORIZON).value
    ),
}


def _lifelines(name: str, each: Cohort) -> Any:
    import lifelines
    from lifelines.statistics import multivariate_logrank_test

    match name.split(",")[0].split(" with")[0]:
        case "Cox regression":
            table = each.table.assign(time=each.time, event=each.event)
            return (
                lifelines.CoxPHFitter()
                .fit(table, "time", "event", fit_options={"precision": 1e-9})
                .params_.to_numpy()
            )
        case "log-rank":
            return multivariate_logrank_test(each.time, each.group, each.event).test_statistic
        case "Aalen-Johansen":
            fit = lifelines.AalenJohansenFitter(calculate_variance=False).fit(
                each.time, each.kind, event_of_interest=1
            )
            return fit.cumulative_density_.iloc[1:, 0].to_numpy()
        case _:
            return lifelines.utils.concordance_index(each.time, -each.score, each.event)


def _scikit_survival(name: str, each: Cohort) -> Any:
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.metrics import brier_score, concordance_index_censored, cumulative_dynamic_auc
    from sksurv.nonparametric import cumulative_incidence_competing_risks

    match name.split(",")[0].split(" with")[0]:
        case "Cox regression":
            return CoxPHSurvivalAnalysis(ties="efron").fit(each.columns, _surv(each)).coef_
        case "Aalen-Johansen":
            return cumulative_incidence_competing_risks(each.kind, each.time)[1][1]
        case "C-index":
            return concordance_index_censored(each.event.astype(bool), each.time, each.score)[0]
        case "AUC at a horizon":
            return cumulative_dynamic_auc(_surv(each), _surv(each), each.score, [HORIZON])[0][0]
        case _:
            return brier_score(_surv(each), _surv(each), 1 - each.risk[:, None], [HORIZON])[1][0]


BESIDE = {
    "lifelines": (_lifelines, ("Cox", "log-rank", "Aalen-Johansen", "C-index")),
    "scikit-survival": (_scikit_survival, ("Cox", "Aalen-Johansen", "C-index", "AUC", "Brier")),
}


def comparisons(
    n: int = 100_000, of_other: int = 2000, most_seconds: float | None = 10
) -> list[Comparison]:
    """scikit-survival's rows where it is installed. Ours includes the few patients that the other
    gets, whose answers must agree."""
    everyone = cohort(n)
    few, found = everyone.first(of_other), []
    for package, (other, names) in BESIDE.items():
        if package == "scikit-survival" and find_spec("sksurv") is None:
            continue
        for name, ours in OURS.items():
            if name.startswith(names):
                found.append(
                    Comparison(
                        f"{name}, n = {n:,}",
                        lambda ours=ours: (ours(everyone), ours(few))[1],
                        f"{package}, first {of_other:,}, scaled",
                        lambda other=other, name=name: other(name, few),
                        lambda one, two: (one, two),
                        1e-6,
                        share=of_other / n,
                        most_seconds=most_seconds,
                    )
                )
    return found
