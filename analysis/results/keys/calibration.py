"""Calibration: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import by_smoother, of_cohort, of_evaluation, of_nothing, of_update
from analysis.results.keys.quantity import declare

brier = declare(of_evaluation, "brier.{model}.{evaluation}", "Brier score", "Brier score")
scaled_brier = declare(
    of_evaluation, "scaled_brier.{model}.{evaluation}", "Scaled Brier score", "scaled Brier score"
)
calibration_curve_stable = declare(
    of_evaluation,
    "calibration_curve_stable.{model}.{evaluation}",
    "Whether there are enough patients of either outcome for a calibration curve",
    kind="yes or no",
)
calibration_curve_stable_least = declare(
    of_nothing,
    "calibration_curve_stable.least",
    "Patients of either outcome that a calibration curve needs",
    "patients",
)
observed_expected = declare(
    of_evaluation,
    "observed_expected.{model}.{evaluation}",
    "Observed over expected events (O:E)",
    "ratio",
)
calibration_intercept = declare(
    of_evaluation,
    "calibration_intercept.{model}.{evaluation}",
    "Calibration in the large",
    "log odds",
)
calibration_slope = declare(
    of_evaluation, "calibration_slope.{model}.{evaluation}", "Calibration slope", "slope"
)
calibration_test = declare(
    of_evaluation,
    "calibration_test.{model}.{evaluation}",
    meaning="Test of calibration intercept and slope",
    unit="chi-square",
    method="score test",
)
spiegelhalter = declare(
    of_evaluation, "spiegelhalter.{model}.{evaluation}", "Spiegelhalter's test of calibration", "z"
)
hosmer_lemeshow = declare(
    of_evaluation,
    "hosmer_lemeshow.{model}.{evaluation}",
    "Hosmer-Lemeshow test of calibration",
    "chi-square",
)
ici = declare(
    by_smoother,
    "ici_{smoother}.{model}.{evaluation}",
    meaning="Integrated calibration index",
    unit="probability difference",
    method="flexible calibration curve",
)
ici_calibrated = declare(
    by_smoother,
    "ici_{smoother}_calibrated.{model}.{evaluation}",
    meaning="Integrated calibration index of a perfectly calibrated model",
    unit="probability difference",
    method="simulated outcomes",
    name="ici_calibrated",
)
e50 = declare(
    by_smoother,
    "e50_{smoother}.{model}.{evaluation}",
    meaning="Median distance of the calibration curve from the diagonal",
    unit="probability difference",
    method="flexible calibration curve",
)
e50_calibrated = declare(
    by_smoother,
    "e50_{smoother}_calibrated.{model}.{evaluation}",
    meaning="The same of a perfectly calibrated model",
    unit="probability difference",
    method="simulated outcomes",
    name="e50_calibrated",
)
e90 = declare(
    by_smoother,
    "e90_{smoother}.{model}.{evaluation}",
    meaning="90th percentile of the distance from the diagonal",
    unit="probability difference",
    method="flexible calibration curve",
)
e90_calibrated = declare(
    by_smoother,
    "e90_{smoother}_calibrated.{model}.{evaluation}",
    meaning="The same of a perfectly calibrated model",
    unit="probability difference",
    method="simulated outcomes",
    name="e90_calibrated",
)
emax = declare(
    by_smoother,
    "emax_{smoother}.{model}.{evaluation}",
    meaning="Largest distance of the calibration curve from the diagonal",
    unit="probability difference",
    method="flexible calibration curve",
)
emax_calibrated = declare(
    by_smoother,
    "emax_{smoother}_calibrated.{model}.{evaluation}",
    meaning="The same of a perfectly calibrated model",
    unit="probability difference",
    method="simulated outcomes",
    name="emax_calibrated",
)
updating_chosen = declare(
    of_cohort,
    "updating.{cohort}.chosen",
    "How the model should be updated for a later cohort",
    method="closed test of Vergouwe",
    rests_on="best",
    needs="terms of the models",
)
updating_limit = declare(
    of_cohort,
    "updating.{cohort}.limit",
    "What kept the update from a refit of all coefficients: none, no_coefficients,"
    " refit_not_estimable, one_outcome or not_estimable",
    rests_on="best",
    needs="terms of the models",
)
updating_model = declare(
    of_cohort,
    "updating.{cohort}.model",
    "Model that was considered for updating",
    rests_on="best",
    needs="terms of the models",
)
updating_p = declare(
    of_update,
    "updating.{cohort}.p.{update}",
    meaning="Test of a way of updating against the fullest one",
    unit="chi-square",
    method="likelihood ratio",
    rests_on="best",
    needs="terms of the models",
)
updating_brier_before = declare(
    of_cohort,
    "updating.{cohort}.brier_before",
    "Brier score of the locked model",
    "Brier score",
    rests_on="best",
    needs="terms of the models",
)
updating_brier_after = declare(
    of_cohort,
    "updating.{cohort}.brier_after",
    "Brier score of the updated model, apparent",
    "Brier score",
    rests_on="best",
    needs="terms of the models",
)
