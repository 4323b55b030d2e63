"""Follow-up and recurrence-free survival.

The module tells how long the follow-up is, and recurrence-free survival by the best model's risk
group, unknown labels included.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.endpoint import outcome_of
from analysis.results import keys
from analysis.results.curves import survival_points
from analysis.results.performance import rows_of
from analysis.results.record import Records
from analysis.statistics import log_rank, median_follow_up


def add_survival(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, best: str
) -> tuple[pd.DataFrame, pd.Series]:
    """Add the survival of risk groups, divided at the cut-off fixed beforehand.

    Validation patients carry the p-value, training ones none.

    Recurrence-free survival: recurrence or death is the event. Returns the points of the curves,
    and each patient's group.
    """
    outcome = cohort.outcome.dropna(subset=["time_months", "event_type"])
    event = (outcome["event_type"] != "censored").astype(int)
    follow_up = median_follow_up(outcome["time_months"], event)
    if np.isfinite(follow_up.value):
        records.add(
            keys.cohort_follow_up_median(),
            follow_up.value,
            estimate=follow_up,
            unit="months",
            method="reverse Kaplan-Meier",
            source=median_follow_up,
        )
    for kind in ("recurrence", "death", "censored"):
        records.add(
            keys.cohort_event_type(kind),
            int((outcome["event_type"] == kind).sum()),
            n=len(outcome),
            unit="patients",
            source=outcome_of,
        )
    # A score that was made elsewhere, without training patients to learn a cut-off from.
    if keys.cutoff(best) not in records:
        return pd.DataFrame(
            columns=["group", "time_months", "survival", "ci_low", "ci_high", "at_risk"]
        ), pd.Series(index=outcome.index, dtype="object")
    cutoff = records.value(keys.cutoff(best))
    groups: dict[str, pd.Series] = {}
    for name, how in (("training", "out_of_fold"), ("validation", "validation")):
        rows = rows_of(predictions, best, how).set_index("patient_id")["score"].dropna()
        rows = rows[rows.index.isin(outcome.index)]
        high = rows >= cutoff
        groups |= {
            patient: f"{name}: {'high' if risky else 'low'} risk" for patient, risky in high.items()
        }
        for risk, members in (("high", rows.index[high]), ("low", rows.index[~high])):
            records.add(
                keys.risk_group_n(name, risk), len(members), unit="patients", source=add_survival
            )
        if name == "validation" and high.nunique() == 2:
            p = log_rank(
                outcome.loc[rows.index, "time_months"].to_numpy(),
                event[rows.index].to_numpy(),
                high.to_numpy().astype(int),
            ).p
            records.add(
                keys.log_rank_risk_group("validation"),
                None,
                p=p,
                n=len(rows),
                unit="log-rank test",
                method="recurrence-free survival by risk group, cut-off fixed beforehand",
                source=log_rank,
            )
    group = pd.Series(groups, dtype="object").reindex(outcome.index)
    return survival_points(outcome["time_months"], event, group), group
