"""Follow-up and survival: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import of_cohort, of_comparator, of_evaluation, of_hazard, of_risk
from analysis.results.keys.quantity import declare

auc_horizon = declare(
    of_evaluation,
    "auc_horizon.{model}.{evaluation}",
    meaning="AUC at the horizon, weighted for censoring",
    unit="AUC",
    method="cumulative/dynamic",
)
auc_death_as_event = declare(
    of_evaluation,
    "auc_death_as_event.{model}.{evaluation}",
    meaning="AUC with death counted as the event",
    unit="AUC",
    method="DeLong",
)
brier_horizon = declare(
    of_evaluation,
    "brier_horizon.{model}.{evaluation}",
    meaning="Brier score at the horizon, weighted for censoring",
    unit="Brier score",
    method="inverse probability of censoring",
)
concordance = declare(
    of_evaluation, "concordance.{model}.{evaluation}", "Harrell's concordance index", "AUC"
)
risk_group_n = declare(
    of_risk, "risk_group.{cohort}.{risk}.n", "Patients of a risk group", "patients", rests_on="best"
)
log_rank_risk_group = declare(
    of_cohort,
    "log_rank.risk_group.{cohort}",
    "Recurrence-free survival by risk group",
    "log-rank test",
    rests_on="best",
)
gray_test_risk_group = declare(
    of_cohort,
    "gray_test.risk_group.{cohort}",
    "Incidence of the event by risk group",
    "Gray's test",
    rests_on="best",
)
hazard_ratio = declare(
    of_hazard,
    "hazard_ratio.{hazard}.{cohort}",
    meaning="Hazard ratio of high against low risk",
    unit="hazard ratio",
    method="Cox or Fine-Gray regression",
    rests_on="best",
)
proportional_hazards = declare(
    of_hazard,
    "proportional_hazards.{hazard}.{cohort}",
    meaning="Test of proportional hazards",
    unit="score test",
    method="scaled Schoenfeld residuals",
    rests_on="best",
)
log_rank_trend = declare(
    of_comparator,
    "log_rank_trend.{comparator}",
    meaning="Recurrence-free survival along the levels of a score",
    unit="chi-square",
    method="log-rank test for trend",
    needs="clinical values",
)
