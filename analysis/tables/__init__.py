"""Tables: they lay out results as Markdown and compute none; one table a file."""

from analysis.tables.appendix import (definitions_markdown, dictionary_summary_markdown, frequent_features_markdown, patients_markdown, session_markdown, settings_markdown,
                                       software_markdown, tuning_markdown)
from analysis.tables.assumptions import assumptions_list
from analysis.tables.baseline import baseline_markdown
from analysis.tables.calibration import calibration_errors_markdown, calibration_markdown, calibration_tests_markdown
from analysis.tables.checklists import checklist_markdown, checklist_style, checklist_summary_markdown, open_fields_markdown
from analysis.tables.classification import cutoffs_markdown, indexes_markdown, proportions_markdown
from analysis.tables.comparators import comparators_markdown
from analysis.tables.features import features_markdown
from analysis.tables.follow_up import hazards_markdown, horizon_markdown
from analysis.tables.leakage import guards_markdown
from analysis.tables.net_benefit import net_benefit_markdown
from analysis.tables.performance import classification_markdown, discrimination_markdown
from analysis.tables.reclassification import reclassification_markdown
from analysis.tables.regression import regression_markdown
from analysis.tables.robustness import delineations_markdown, fairness_markdown, importance_markdown, subgroups_markdown
from analysis.tables.staging import added_value_markdown, agreement_markdown, direct_markdown, scores_markdown, trends_markdown

__all__ = ["added_value_markdown", "agreement_markdown", "assumptions_list", "baseline_markdown", "calibration_errors_markdown", "calibration_markdown", "calibration_tests_markdown", "classification_markdown",
           "comparators_markdown", "cutoffs_markdown", "delineations_markdown", "direct_markdown", "discrimination_markdown", "fairness_markdown", "features_markdown", "guards_markdown", "hazards_markdown", "horizon_markdown", "importance_markdown", "indexes_markdown",
           "net_benefit_markdown", "proportions_markdown", "reclassification_markdown", "regression_markdown", "scores_markdown", "subgroups_markdown", "trends_markdown",
           "checklist_markdown", "checklist_style", "checklist_summary_markdown", "definitions_markdown", "dictionary_summary_markdown", "frequent_features_markdown", "open_fields_markdown", "patients_markdown",
           "session_markdown", "settings_markdown", "software_markdown", "tuning_markdown"]
