"""The statistics of the paper: pure functions on arrays and data frames, one idea a file."""

from analysis.statistics.agreement import IntraclassCorrelation, icc_2_1, icc_3_1
from analysis.statistics.baseline import baseline_table
from analysis.statistics.calibration import CalibrationCurve, brier_score, calibration_curve, calibration_in_the_large, calibration_slope
from analysis.statistics.decision_curve import net_benefit, net_benefit_difference, net_benefit_treat_all
from analysis.statistics.estimate import Estimate
from analysis.statistics.operating_point import Cutoff, classification_metrics, sensitivity_cutoff, youden_cutoff
from analysis.statistics.regression import LogisticFit, is_separated, logistic_regression
from analysis.statistics.roc import AucInterval, DelongTest, RocCurve, auc, delong_covariance, delong_interval, delong_test, delong_test_unpaired, roc_curve
from analysis.statistics.survival import KaplanMeier, LogRank, kaplan_meier, log_rank

__all__ = [
    "AucInterval", "CalibrationCurve", "Cutoff", "DelongTest", "Estimate", "IntraclassCorrelation", "KaplanMeier", "LogRank", "LogisticFit", "RocCurve",
    "auc", "baseline_table", "brier_score", "calibration_curve", "calibration_in_the_large", "calibration_slope", "classification_metrics",
    "delong_covariance", "delong_interval", "delong_test", "delong_test_unpaired", "icc_2_1", "icc_3_1", "is_separated", "kaplan_meier", "log_rank",
    "logistic_regression", "net_benefit", "net_benefit_difference", "net_benefit_treat_all", "roc_curve", "sensitivity_cutoff", "youden_cutoff",
]
