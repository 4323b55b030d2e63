"""The statistics of the paper: pure functions on arrays and data frames, one idea a file.

What holds for all of them: one value a patient, in the same order; label and event are 0 or 1
(event types 0, 1, 2), a higher score means that the event is more likely, probabilities and
thresholds lie in [0, 1], times are not negative and in any one unit. A missing or infinite value is
never dropped: it is a ValueError that names the argument, as is a single class where two are
needed. Ties and degenerate input (a constant score, no event) are defined in the docstring of the
function. Intervals are two-sided, 95 % unless `level` says otherwise; random numbers come from
`seed` alone.
"""

from analysis.statistics.auc_bootstrap import (
    BootstrapAuc,
    auc_bootstrap,
    auc_bootstrap_test,
    resample_counts,
    resample_parts,
    resampled_auc,
)
from analysis.statistics.auc_difference import auc_difference
from analysis.statistics.auc_interval import auc_interval, newcombe_variance, score_limits
from analysis.statistics.baseline import baseline_table
from analysis.statistics.bland_altman import BlandAltman, bland_altman
from analysis.statistics.brier import (
    brier_difference,
    brier_interval,
    brier_score,
    scaled_brier_score,
)
from analysis.statistics.calibration import (
    calibration_in_the_large,
    calibration_intercept,
    calibration_slope,
    observed_expected_ratio,
)
from analysis.statistics.calibration_curve import (
    CalibrationCurve,
    CalibrationErrors,
    calibration_curve,
    calibration_errors,
    smoothed_outcome,
)
from analysis.statistics.calibration_reference import calibrated_errors
from analysis.statistics.calibration_score_test import calibration_score_test
from analysis.statistics.calibration_tests import (
    CalibrationGroups,
    HosmerLemeshow,
    calibration_groups,
    hosmer_lemeshow,
    spiegelhalter_test,
)
from analysis.statistics.censoring import HorizonStatus, censoring_curve, horizon_status
from analysis.statistics.classification import (
    ConfusionMatrix,
    classification_metrics,
    confusion_matrix,
    mcnemar_test,
    no_information_test,
)
from analysis.statistics.collinearity import variance_inflation, variance_inflation_of_fit
from analysis.statistics.comparison import compare_auc, p_value_refusal
from analysis.statistics.competing_risks import (
    CumulativeIncidence,
    cumulative_incidence,
    death_as_event,
)
from analysis.statistics.concordance import Concordance, concordance_index
from analysis.statistics.contingency import (
    OddsRatio,
    category_test,
    chi_square_test,
    conditional_odds_ratio,
    fisher_exact_test,
)
from analysis.statistics.correlation import correlation, partial_correlation
from analysis.statistics.cox import (
    CoxFit,
    cox_regression,
    predicted_survival,
    proportional_hazards_test,
)
from analysis.statistics.decision_curve import (
    decision_curve,
    interventions_avoided,
    net_benefit,
    net_benefit_difference,
    net_benefit_interval,
    net_benefit_treat_all,
    resampled_net_benefit,
    standardized_net_benefit,
    threshold_grid,
)
from analysis.statistics.diagnostic_indexes import diagnostic_odds_ratio, youden_index
from analysis.statistics.estimate import Contrast, Estimate, SignificanceTest
from analysis.statistics.fine_gray import FineGrayFit, fine_gray
from analysis.statistics.firth_profile import firth_profile, information, penalised_log_likelihood
from analysis.statistics.gray_test import gray_test
from analysis.statistics.heagerty import heagerty_auc
from analysis.statistics.intraclass import (
    IntraclassCorrelation,
    average_of_raters,
    icc_1_1,
    icc_2_1,
    icc_3_1,
)
from analysis.statistics.kappa import weighted_kappa
from analysis.statistics.lasso import lasso_largest_penalty, lasso_path
from analysis.statistics.lasso_cross_validation import LassoCrossValidation, lasso_cross_validation
from analysis.statistics.level_order import level_order
from analysis.statistics.log_rank import LogRank, log_rank, log_rank_trend
from analysis.statistics.logistic_profile import profile_ends, profile_interval, signed_root
from analysis.statistics.meta_analysis import (
    PlaceEstimate,
    RandomEffects,
    back_transformed,
    place_estimate,
    random_effects,
)
from analysis.statistics.model_indexes import (
    ModelIndexes,
    RankCorrelation,
    gini_mean_difference,
    model_indexes,
    rank_correlation,
    recalibration_emax,
    rms_groups,
)
from analysis.statistics.model_updating import Updating, closed_test_updating
from analysis.statistics.mrmr import mrmr_ranking
from analysis.statistics.multiplicity import (
    benjamini_hochberg,
    contrast_family,
    holm,
    is_equivalent,
)
from analysis.statistics.net_benefit_competing import net_benefit_competing
from analysis.statistics.net_benefit_gain import net_benefit_gain
from analysis.statistics.net_benefit_prevalence import net_benefit_at_prevalence
from analysis.statistics.nomogram import Nomogram, NomogramAxis, nomogram_scale, pretty_ticks
from analysis.statistics.operating_point import (
    Cutoff,
    cutoff_interval,
    sensitivity_cutoff,
    youden_cutoff,
)
from analysis.statistics.optimism import OptimismCorrection, optimism_correction
from analysis.statistics.pairwise import pairwise_levels
from analysis.statistics.partial_auc import partial_auc
from analysis.statistics.proportion import proportion
from analysis.statistics.reader_agreement import icc_table, reader_agreement
from analysis.statistics.reclassification import (
    NetReclassification,
    integrated_discrimination,
    net_reclassification,
)
from analysis.statistics.reclassification_table import reclassification_table, risk_categories
from analysis.statistics.regression import (
    LogisticFit,
    design_matrix,
    firth_augmented_errors,
    likelihood_ratio_tests,
    logistic_regression,
    univariable_logistic,
)
from analysis.statistics.regression_selection import (
    Selection,
    aic_selection,
    p_value_selection,
    wald_aic_selection,
    wald_p,
)
from analysis.statistics.reported_numbers import ReportedTable, check_reported
from analysis.statistics.roc import (
    AucInterval,
    DelongTest,
    RocCurve,
    auc,
    delong_covariance,
    delong_global_test,
    delong_interval,
    delong_test,
    delong_test_unpaired,
    roc_curve,
)
from analysis.statistics.roc_band import RocBand, roc_band
from analysis.statistics.rubin import PooledEstimate, pool_imputations, pool_likelihood_ratios
from analysis.statistics.sample_size import (
    SampleSize,
    auc_sample_size,
    auc_standard_error,
    largest_r2,
    minimum_detectable_auc_difference,
    sample_size_binary,
    sample_size_survival,
)
from analysis.statistics.sample_size_validation import sample_size_validation
from analysis.statistics.separation import is_separated
from analysis.statistics.small_sample import chance_range
from analysis.statistics.splines import restricted_cubic_spline, spline_knots
from analysis.statistics.stability import selection_stability
from analysis.statistics.standardized_difference import (
    cohens_d,
    standardized_category_difference,
    standardized_difference_error,
    standardized_mean_difference,
)
from analysis.statistics.survival import (
    KaplanMeier,
    kaplan_meier,
    median_follow_up,
    restricted_mean_survival,
    survival_quantile,
)
from analysis.statistics.survival_differences import concordance_difference, ipcw_brier_difference
from analysis.statistics.time_dependent import (
    ipcw_brier_score,
    ipcw_net_benefit,
    net_benefit_survival,
    time_dependent_auc,
    time_dependent_auc_difference,
)
from analysis.statistics.two_proportions import weighted_proportions
from analysis.statistics.two_samples import (
    analysis_of_variance,
    kruskal_wallis_test,
    levene_test,
    mann_whitney_test,
    shapiro_wilk_test,
    t_test,
)

# fmt: off
__all__ = [
    "AucInterval", "BlandAltman", "BootstrapAuc", "CalibrationCurve", "CalibrationErrors",
    "CalibrationGroups", "Concordance", "ConfusionMatrix", "Contrast", "CoxFit",
    "CumulativeIncidence", "Cutoff", "DelongTest", "Estimate", "FineGrayFit", "HorizonStatus",
    "HosmerLemeshow", "IntraclassCorrelation", "KaplanMeier", "LassoCrossValidation", "LogRank",
    "LogisticFit", "ModelIndexes", "NetReclassification", "Nomogram", "NomogramAxis", "OddsRatio",
    "OptimismCorrection", "PlaceEstimate", "PooledEstimate", "RandomEffects", "RankCorrelation",
    "ReportedTable", "RocBand", "RocCurve", "SampleSize", "Selection", "SignificanceTest",
    "Updating",
    "aic_selection", "analysis_of_variance", "auc", "auc_bootstrap", "auc_bootstrap_test",
    "auc_difference", "auc_interval", "auc_sample_size", "auc_standard_error", "average_of_raters",
    "back_transformed", "baseline_table", "benjamini_hochberg", "bland_altman", "brier_difference",
    "brier_interval", "brier_score", "calibrated_errors", "calibration_curve", "calibration_errors",
    "calibration_groups", "calibration_in_the_large", "calibration_intercept",
    "calibration_score_test", "calibration_slope", "category_test", "censoring_curve",
    "chance_range", "check_reported", "chi_square_test", "classification_metrics",
    "closed_test_updating", "cohens_d", "compare_auc", "concordance_difference",
    "concordance_index", "conditional_odds_ratio", "confusion_matrix", "contrast_family",
    "correlation", "cox_regression", "cumulative_incidence", "cutoff_interval", "death_as_event",
    "decision_curve", "delong_covariance", "delong_global_test", "delong_interval", "delong_test",
    "delong_test_unpaired", "design_matrix", "diagnostic_odds_ratio", "fine_gray",
    "firth_augmented_errors", "firth_profile", "fisher_exact_test", "gini_mean_difference",
    "gray_test", "heagerty_auc", "holm", "horizon_status", "hosmer_lemeshow", "icc_1_1", "icc_2_1",
    "icc_3_1", "icc_table", "information", "integrated_discrimination", "interventions_avoided",
    "ipcw_brier_difference", "ipcw_brier_score", "ipcw_net_benefit", "is_equivalent",
    "is_separated", "kaplan_meier", "kruskal_wallis_test", "largest_r2", "lasso_cross_validation",
    "lasso_largest_penalty", "lasso_path", "level_order", "levene_test", "likelihood_ratio_tests",
    "log_rank", "log_rank_trend", "logistic_regression", "mann_whitney_test", "mcnemar_test",
    "median_follow_up", "minimum_detectable_auc_difference", "model_indexes", "mrmr_ranking",
    "net_benefit", "net_benefit_at_prevalence", "net_benefit_competing", "net_benefit_difference",
    "net_benefit_gain", "net_benefit_interval", "net_benefit_survival", "net_benefit_treat_all",
    "net_reclassification", "newcombe_variance", "no_information_test", "nomogram_scale",
    "observed_expected_ratio", "optimism_correction", "p_value_refusal", "p_value_selection",
    "pairwise_levels", "partial_auc", "partial_correlation", "penalised_log_likelihood",
    "place_estimate", "pool_imputations", "pool_likelihood_ratios", "predicted_survival",
    "pretty_ticks", "profile_ends", "profile_interval", "proportion", "proportional_hazards_test",
    "random_effects", "rank_correlation", "reader_agreement", "recalibration_emax",
    "reclassification_table", "resample_counts", "resample_parts", "resampled_auc",
    "resampled_net_benefit", "restricted_cubic_spline", "restricted_mean_survival",
    "risk_categories", "rms_groups", "roc_band", "roc_curve", "sample_size_binary",
    "sample_size_survival", "sample_size_validation", "scaled_brier_score", "score_limits",
    "selection_stability",
    "sensitivity_cutoff", "shapiro_wilk_test", "signed_root", "smoothed_outcome",
    "spiegelhalter_test", "spline_knots", "standardized_category_difference",
    "standardized_difference_error", "standardized_mean_difference", "standardized_net_benefit",
    "survival_quantile", "t_test", "threshold_grid", "time_dependent_auc",
    "time_dependent_auc_difference", "univariable_logistic", "variance_inflation",
    "variance_inflation_of_fit", "wald_aic_selection", "wald_p", "weighted_kappa",
    "weighted_proportions", "youden_cutoff", "youden_index",
]
# fmt: on
