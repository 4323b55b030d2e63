"""Sample size: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import of_measure, of_nothing
from analysis.results.keys.quantity import VARIES, declare

planning_r2_share = declare(
    of_nothing, "planning.r2_share", "Share of the largest Cox-Snell R² that is anticipated"
)
planning_anticipated_auc = declare(
    of_nothing, "planning.anticipated_auc", "AUC that is anticipated"
)
planning_observed_expected_width = declare(
    of_nothing, "planning.observed_expected_width", "Width asked of the interval of O:E"
)
planning_slope_width = declare(
    of_nothing, "planning.slope_width", "Width asked of the interval of the calibration slope"
)
planning_auc_width = declare(
    of_nothing, "planning.auc_width", "Width asked of the interval of the AUC"
)
planning_net_benefit_width = declare(
    of_nothing,
    "planning.net_benefit_width",
    "Width asked of the interval of the standardized net benefit",
)
planning_correlation = declare(
    of_nothing, "planning.correlation", "Correlation of two models' scores that is taken"
)
planning_power = declare(of_nothing, "planning.power", "Power that is taken")
planning_alpha = declare(of_nothing, "planning.alpha", "Two-sided significance level that is taken")
planning_development_n = declare(
    of_nothing,
    "planning.development.n",
    meaning="Patients needed to develop the clinical-radiological model",
    unit="patients",
    method="Riley 2020",
)
planning_parameters = declare(
    of_nothing,
    "planning.parameters",
    "Candidate parameters of the clinical-radiological model",
    "parameters",
)
planning_events_per_parameter = declare(
    of_nothing,
    "planning.events_per_parameter",
    "Events per candidate parameter",
    "events per parameter",
)
planning_validation_observed_expected = declare(
    of_nothing,
    "planning.validation.observed_expected",
    meaning="Patients needed for the interval of O:E",
    unit="patients",
    method="Riley 2021",
)
planning_validation_calibration_slope = declare(
    of_nothing,
    "planning.validation.calibration_slope",
    meaning="Patients needed for the interval of the calibration slope",
    unit="patients",
    method="Riley 2021",
)
planning_validation_auc = declare(
    of_nothing,
    "planning.validation.auc",
    meaning="Patients needed for the interval of the AUC",
    unit="patients",
    method="Riley 2021",
)
planning_validation_net_benefit = declare(
    of_nothing,
    "planning.validation.net_benefit",
    meaning="Patients needed for the interval of the standardized net benefit",
    unit="patients",
    method="Riley 2021",
)
planning_validation_n = declare(
    of_nothing,
    "planning.validation.n",
    meaning="Patients needed for validation",
    unit="patients",
    method="Riley 2021, the largest of four criteria",
)
planning_detectable_auc_difference = declare(
    of_nothing,
    "planning.detectable_auc_difference",
    meaning="Difference in AUC that the validation could detect",
    unit="AUC difference",
    method="power for two correlated AUCs",
)
small_sample_area = declare(
    of_nothing, "small_sample.area", "AUC of the model that is simulated", "AUC"
)
small_sample = declare(
    of_measure,
    "small_sample.{measure}",
    meaning="Range of a measure in samples of the validation cohort's size",
    unit=VARIES,
    method="simulation of a perfectly calibrated model",
)
