"""Risk groups under competing events: hazards of either event, of the incidence itself, and Gray's
test."""

from __future__ import annotations

import pandas as pd

from analysis.results.record import Records
from analysis.statistics import (
    cox_regression,
    fine_gray,
    gray_test,
    proportional_hazards_test,
)

# Which event of `followed` is counted, and in words; the last two stand only where somebody had the
# competing event.
COX = {
    "any_event": ((1, 2), "recurrence or death"),
    "cause_specific": ((1,), "recurrence, deaths before it censored"),
    "cause_specific_death": ((2,), "death before recurrence, recurrences censored"),
}
FINE_GRAY = (
    "Fine-Gray regression, high against low risk, recurrence with death before it as competing"
    " event"
)


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
    design = high.astype(float).rename("high_risk").to_frame()
    competing = bool((members["event"] == 2).any())
    for kind, (codes, words) in COX.items():
        if kind == "cause_specific_death" and not competing:
            continue
        key, method = (
            f"hazard_ratio.{kind}.{cohort}",
            f"Cox regression, high against low risk, {words}",
        )
        try:
            fit = cox_regression(
                design, members["time_months"], members["event"].isin(codes).astype(int), level
            )
            proportional = proportional_hazards_test(fit)["p"].iloc[-1]
        except ValueError as reason:
            _undefined(records, key, reason, len(members), "cox_regression")
            continue
        _add_ratio(records, key, fit.terms.iloc[0], cohort, len(members), method, "cox_regression")
        if kind != "cause_specific_death":
            records.add(
                f"proportional_hazards.{kind}.{cohort}",
                None,
                p=proportional,
                n=len(members),
                unit="score test",
                method="scaled Schoenfeld residuals",
                source="proportional_hazards_test",
            )
    if not competing:
        return
    key = f"hazard_ratio.subdistribution.{cohort}"
    try:
        row = fine_gray(design, members["time_months"], members["event"], level).terms.iloc[0]
        _add_ratio(records, key, row, cohort, len(members), FINE_GRAY, "fine_gray")
    except ValueError as reason:
        _undefined(records, key, reason, len(members), "fine_gray")
    if cohort == "validation" and high.nunique() == 2:
        test = gray_test(
            members["time_months"], members["event"], high.map({True: "high", False: "low"})
        )
        records.add(
            "gray_test.risk_group.validation",
            None,
            p=test.p,
            n=len(members),
            unit="Gray's test",
            method="incidence of recurrence by risk group, cut-off fixed beforehand; exploratory",
            source="gray_test",
        )


def _undefined(records: Records, key: str, reason: ValueError, n: int, source: str) -> None:
    records.add(
        key, None, n=n, unit="hazard ratio", method=f"not estimable: {reason}", source=source
    )


def _add_ratio(
    records: Records, key: str, row: pd.Series, cohort: str, n: int, method: str, source: str
) -> None:
    records.add(
        key,
        row["hazard_ratio"],
        ci_low=row["ci_low"],
        ci_high=row["ci_high"],
        p=row["p"] if cohort == "validation" else None,
        n=n,
        unit="hazard ratio",
        method=method,
        source=source,
    )
