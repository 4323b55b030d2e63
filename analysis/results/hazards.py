"""Risk groups under competing events: hazards of either, of the incidence itself, Gray's test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import (
    cox_regression,
    fine_gray,
    gray_test,
    proportional_hazards_test,
)

# Events of `followed` that are counted; the last two stand only where somebody had the competing
# event.
COX = {"any_event": (1, 2), "cause_specific": (1,), "cause_specific_death": (2,)}
COX_METHODS = {
    "any_event": "Cox regression, high against low risk, recurrence or death",
    "cause_specific": "cause-specific Cox regression, high against low risk, recurrence",
    "cause_specific_death": "cause-specific Cox regression, high against low risk, death",
}
FINE_GRAY_METHOD = "Fine-Gray regression, high against low risk, death as competing event"


def add_hazards(
    records: Records, members: pd.DataFrame, high: pd.Series, cohort: str, level: float
) -> None:
    """`hazard_ratio.<kind>.<cohort>` of high against low risk, and the tests that go with them.

    members: time_months and event (0 censored, 1 recurrence, 2 death before it); high: whether each
    is at high risk. kind: any_event, and the hazard of each event alone, cause_specific and
    cause_specific_death (Cox, the other event censored), and subdistribution (Fine-Gray), which
    tells of the incidence: both questions are answered where events compete (Latouche et al. 2013).
    Ratios carry a p-value in validation only, and none is adjusted: they are exploratory.
    """
    group = _Group(members, high.astype(float).rename("high_risk").to_frame(), cohort, level)
    competing = bool((members["event"] == 2).any())
    for kind in COX:
        if kind != "cause_specific_death" or competing:
            _add_cox(records, group, kind)
    if not competing:
        return
    _add_fine_gray(records, group)
    if cohort == "validation" and high.nunique() == 2:
        test = gray_test(
            members["time_months"], members["event"], high.map({True: "high", False: "low"})
        )
        records.add(
            keys.gray_test_risk_group("validation"),
            None,
            p=test.p,
            n=len(members),
            unit="Gray's test",
            method="incidence of recurrence by risk group, cut-off fixed beforehand; exploratory",
            source=gray_test,
        )


@dataclass(frozen=True)
class _Group:
    """Patients of one cohort, and the design of their regression: whether each is at high risk."""

    members: pd.DataFrame
    design: pd.DataFrame
    cohort: str
    level: float


def _add_cox(records: Records, group: _Group, kind: str) -> None:
    """The hazard of a kind's events, others censored, and whether hazards are proportional."""
    key, time = keys.hazard_ratio(kind, group.cohort), group.members["time_months"]
    event = group.members["event"].isin(COX[kind]).astype(int)
    try:
        fit = cox_regression(group.design, time, event, group.level)
        proportional = proportional_hazards_test(fit)["p"].iloc[-1]
    except ValueError as reason:
        _add_undefined(records, key, reason, len(group.members), source=cox_regression)
        return
    row, method = fit.terms.iloc[0], COX_METHODS[kind]
    _add_ratio(records, key, group, row, method=method, source=cox_regression)
    if kind != "cause_specific_death":
        records.add(
            keys.proportional_hazards(kind, group.cohort),
            None,
            p=proportional,
            n=len(group.members),
            unit="score test",
            method="scaled Schoenfeld residuals",
            source=proportional_hazards_test,
        )


def _add_fine_gray(records: Records, group: _Group) -> None:
    """The hazard of the incidence itself."""
    key = keys.hazard_ratio("subdistribution", group.cohort)
    members = group.members
    try:
        fit = fine_gray(group.design, members["time_months"], members["event"], group.level)
        row = fit.terms.iloc[0]
    except ValueError as reason:
        _add_undefined(records, key, reason, len(members), source=fine_gray)
        return
    _add_ratio(records, key, group, row, method=FINE_GRAY_METHOD, source=fine_gray)


def _add_undefined(
    records: Records, key: str, reason: ValueError, n: int, source: Callable[..., Any]
) -> None:
    records.add(
        key, None, n=n, unit="hazard ratio", method=f"not estimable: {reason}", source=source
    )


def _add_ratio(
    records: Records,
    key: str,
    group: _Group,
    row: pd.Series,
    *,
    method: str,
    source: Callable[..., Any],
) -> None:
    records.add(
        key,
        row["hazard_ratio"],
        ci_low=row["ci_low"],
        ci_high=row["ci_high"],
        p=row["p"] if group.cohort == "validation" else None,
        n=len(group.members),
        unit="hazard ratio",
        method=method,
        source=source,
    )
