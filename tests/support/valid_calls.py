"""One valid call of every public function that takes patients, by argument name: what the tests of
wrong input spoil."""

from __future__ import annotations

import numpy as np
import pandas as pd

random = np.random.default_rng(11)
N = 40
LABEL = np.tile([0.0, 1.0], N // 2)
SCORE = LABEL + random.standard_normal(N)
OTHER_SCORE = LABEL + random.standard_normal(N)
PROBABILITY, OTHER_PROBABILITY = (1 / (1 + np.exp(0.5 - score)) for score in (SCORE, OTHER_SCORE))
TIME = np.round(random.exponential(10, N) + 0.1, 1)
EVENT = (random.random(N) < 0.7).astype(float)
TABLE = pd.DataFrame({"a": random.standard_normal(N), "b": random.standard_normal(N)})
COUNTS = np.ones((2, N))
RATINGS = random.standard_normal((12, 1)) + 0.3 * random.standard_normal((12, 2))

TWO = {"label": LABEL, "probability_a": PROBABILITY, "probability_b": OTHER_PROBABILITY}
RECLASSIFIED = {
    "label": LABEL,
    "probability_old": PROBABILITY,
    "probability_new": OTHER_PROBABILITY,
}
SCORED = {"label": LABEL, "score": SCORE}
PREDICTED = {"label": LABEL, "probability": PROBABILITY}
FOLLOWED = {"time": TIME, "event": EVENT}
PAIR = {"first": SCORE, "second": OTHER_SCORE}

CALLS = {
    "fine_gray": FOLLOWED | {"table": TABLE},
    "gray_test": FOLLOWED | {"group": np.tile(["a", "b"], N // 2)},
    "concordance_difference": FOLLOWED | {"score_a": SCORE, "score_b": OTHER_SCORE},
    "ipcw_brier_difference": (
        FOLLOWED | {"probability_a": PROBABILITY, "probability_b": OTHER_PROBABILITY, "horizon": 5}
    ),
    "net_benefit_competing": (
        FOLLOWED | {"probability": PROBABILITY, "horizon": 5, "thresholds": [0.5]}
    ),
    "net_benefit_at_prevalence": PREDICTED | {"thresholds": [0.5], "prevalence": 0.3},
    "diagnostic_odds_ratio": SCORED | {"cutoff": 0.5},
    "youden_index": SCORED | {"cutoff": 0.5},
    "reclassification_table": RECLASSIFIED | {"cutoffs": [0.3]},
    "lasso_cross_validation": {
        "table": TABLE,
        "outcome": LABEL,
        "folds": list(np.arange(N) // 2 % 5),
        "penalties": 10,
    },
    "closed_test_updating": {"label": LABEL, "linear": SCORE},
    "auc": SCORED,
    "auc_interval": SCORED,
    "roc_band": SCORED | {"resamples": 20},
    "roc_curve": SCORED,
    "delong_interval": SCORED,
    "youden_cutoff": SCORED,
    "sensitivity_cutoff": SCORED,
    "partial_auc": SCORED,
    "rank_correlation": SCORED,
    "cutoff_interval": SCORED | {"resamples": 20},
    "auc_bootstrap": SCORED | {"resamples": 20},
    "resampled_auc": SCORED | {"counts": COUNTS},
    "confusion_matrix": SCORED | {"cutoff": 0.5},
    "classification_metrics": SCORED | {"cutoff": 0.5, "resamples": 20},
    "no_information_test": SCORED | {"cutoff": 0.5},
    "delong_covariance": {"label": LABEL, "scores": np.column_stack([SCORE, OTHER_SCORE])},
    "delong_global_test": {"label": LABEL, "scores": np.column_stack([SCORE, OTHER_SCORE])},
    "delong_test": {"label": LABEL, "score_a": SCORE, "score_b": OTHER_SCORE},
    "auc_difference": {"label": LABEL, "score_a": SCORE, "score_b": OTHER_SCORE},
    "compare_auc": {"label": LABEL, "score_a": SCORE, "score_b": OTHER_SCORE, "how": "validation"},
    "auc_bootstrap_test": {
        "label": LABEL,
        "score_a": SCORE,
        "score_b": OTHER_SCORE,
        "resamples": 20,
    },
    "delong_test_unpaired": {
        "label_a": LABEL,
        "score_a": SCORE,
        "label_b": LABEL,
        "score_b": OTHER_SCORE,
    },
    "resample_counts": {"label": LABEL, "resamples": 2},
    "brier_score": PREDICTED,
    "scaled_brier_score": PREDICTED,
    "brier_interval": PREDICTED,
    "calibration_in_the_large": PREDICTED,
    "calibration_intercept": PREDICTED,
    "calibration_slope": PREDICTED,
    "observed_expected_ratio": PREDICTED,
    "spiegelhalter_test": PREDICTED,
    "hosmer_lemeshow": PREDICTED,
    "calibration_groups": PREDICTED,
    "calibration_curve": PREDICTED | {"points": 5},
    "calibration_errors": PREDICTED,
    "calibrated_errors": {"probability": PROBABILITY, "draws": 3},
    "smoothed_outcome": PREDICTED,
    "model_indexes": PREDICTED,
    "net_benefit": PREDICTED | {"thresholds": [0.5]},
    "standardized_net_benefit": PREDICTED | {"thresholds": [0.5]},
    "interventions_avoided": PREDICTED | {"thresholds": [0.5]},
    "net_benefit_interval": PREDICTED | {"thresholds": [0.5], "resamples": 20},
    "resampled_net_benefit": PREDICTED | {"thresholds": [0.5], "counts": COUNTS},
    "net_benefit_treat_all": {"label": LABEL, "thresholds": [0.5]},
    "net_benefit_gain": PREDICTED | {"threshold": 0.5},
    "calibration_score_test": PREDICTED | {"draws": 19},
    "net_benefit_difference": TWO | {"threshold": 0.5, "resamples": 20},
    "brier_difference": TWO,
    "net_reclassification": RECLASSIFIED,
    "integrated_discrimination": RECLASSIFIED,
    "bland_altman": PAIR,
    "t_test": PAIR,
    "mann_whitney_test": PAIR,
    "correlation": PAIR,
    "cohens_d": PAIR,
    "standardized_mean_difference": PAIR,
    "kaplan_meier": FOLLOWED,
    "median_follow_up": FOLLOWED,
    "censoring_curve": FOLLOWED,
    "cumulative_incidence": FOLLOWED,
    "restricted_mean_survival": FOLLOWED | {"limit": 5},
    "horizon_status": FOLLOWED | {"horizon": 5},
    "log_rank": FOLLOWED | {"group": np.tile(["a", "b"], N // 2)},
    "concordance_index": FOLLOWED | {"score": SCORE},
    "heagerty_auc": FOLLOWED | {"score": SCORE, "horizon": 5},
    "time_dependent_auc": FOLLOWED | {"score": SCORE, "horizon": 5},
    "time_dependent_auc_difference": (
        FOLLOWED | {"score_a": SCORE, "score_b": OTHER_SCORE, "horizon": 5}
    ),
    "ipcw_brier_score": FOLLOWED | {"probability": PROBABILITY, "horizon": 5},
    "ipcw_net_benefit": FOLLOWED | {"probability": PROBABILITY, "horizon": 5, "thresholds": [0.5]},
    "net_benefit_survival": (
        FOLLOWED | {"probability": PROBABILITY, "horizon": 5, "thresholds": [0.5]}
    ),
    "cox_regression": FOLLOWED | {"table": TABLE},
    "logistic_regression": {"table": TABLE, "outcome": LABEL},
    "likelihood_ratio_tests": {"table": TABLE, "outcome": LABEL},
    "aic_selection": {"table": TABLE, "outcome": LABEL},
    "p_value_selection": {"table": TABLE, "outcome": LABEL},
    "wald_aic_selection": {"table": TABLE, "outcome": LABEL},
    "lasso_path": {"table": TABLE, "outcome": LABEL, "penalties": [0.1]},
    "lasso_largest_penalty": {"table": TABLE, "outcome": LABEL},
    "mrmr_ranking": {"table": TABLE, "outcome": LABEL, "count": 1},
    "variance_inflation": {"table": TABLE},
    "design_matrix": {"table": TABLE},
    "univariable_logistic": {"table": TABLE, "outcome": LABEL},
    "icc_1_1": {"ratings": RATINGS},
    "icc_2_1": {"ratings": RATINGS},
    "icc_3_1": {"ratings": RATINGS},
    "icc_table": {"ratings": RATINGS},
    "holm": {"p_values": [0.01, 0.2]},
    "benjamini_hochberg": {"p_values": [0.01, 0.2]},
    "gini_mean_difference": {"values": SCORE},
    "shapiro_wilk_test": {"values": SCORE},
    "spline_knots": {"values": SCORE},
    "restricted_cubic_spline": {"values": SCORE, "knots": [-1, 0, 1]},
    "rms_groups": {"probability": PROBABILITY},
    "weighted_kappa": {
        "first": np.tile(["a", "b", "c", "a"], 5),
        "second": np.tile(["a", "b", "b", "a"], 5),
    },
    "mcnemar_test": {"first": LABEL, "second": np.roll(LABEL, 1) * LABEL},
    "death_as_event": {"event": EVENT},
    "standardized_category_difference": {
        "first": np.tile(["a", "b", "c", "a"], 5),
        "second": np.tile(["a", "b", "b", "a"], 5),
    },
}
