"""Tables: they lay out results as Markdown and compute none; one table a file."""

from analysis.reporting.tables.appendix import (
    definitions_markdown,
    dictionary_summary_markdown,
    frequent_features_markdown,
    patients_markdown,
    settings_markdown,
    software_markdown,
    tuning_markdown,
)
from analysis.reporting.tables.assumptions import assumptions_list
from analysis.reporting.tables.baseline import baseline_markdown, table_one_markdown
from analysis.reporting.tables.calibration import (
    calibration_errors_markdown,
    calibration_markdown,
    calibration_tests_markdown,
    has_calibration_errors,
)
from analysis.reporting.tables.checklists import (
    checklist_markdown,
    checklist_style,
    checklist_summary_markdown,
    open_fields_markdown,
)
from analysis.reporting.tables.classification import (
    cutoffs_markdown,
    indexes_markdown,
    proportions_markdown,
)
from analysis.reporting.tables.comparators import comparators_markdown
from analysis.reporting.tables.contrasts import contrast_keys
from analysis.reporting.tables.features import features_markdown, features_note
from analysis.reporting.tables.flow import excluded_markdown, flow_markdown
from analysis.reporting.tables.follow_up import (
    followed_differences_markdown,
    hazards_markdown,
    horizon_markdown,
)
from analysis.reporting.tables.habitats import habitats_markdown
from analysis.reporting.tables.imputation import (
    imputed_coefficients_markdown,
    imputed_performance_markdown,
)
from analysis.reporting.tables.leakage import guards_markdown
from analysis.reporting.tables.model_updating import updating_markdown, updating_words
from analysis.reporting.tables.net_benefit import net_benefit_markdown
from analysis.reporting.tables.paths import paths_markdown
from analysis.reporting.tables.performance import (
    classification_markdown,
    discrimination_markdown,
    reproduced_markdown,
)
from analysis.reporting.tables.places import (
    place_divisions,
    place_estimates,
    places_markdown,
    places_words,
    pooled_markdown,
)
from analysis.reporting.tables.preprocessing import preprocessing_markdown
from analysis.reporting.tables.quality import (
    crop_padding_markdown,
    feature_icc_markdown,
    quality_markdown,
    warnings_markdown,
)
from analysis.reporting.tables.reclassification import (
    reclassification_counts_markdown,
    reclassification_markdown,
)
from analysis.reporting.tables.regions import (
    region_quality_markdown,
    selection_by_region_markdown,
)
from analysis.reporting.tables.registration import registration_markdown
from analysis.reporting.tables.regression import regression_markdown
from analysis.reporting.tables.robustness import (
    delineations_markdown,
    fairness_markdown,
    importance_markdown,
    subgroups_markdown,
)
from analysis.reporting.tables.score_levels import score_levels_markdown
from analysis.reporting.tables.selection import (
    clinical_frequency_markdown,
    radiomics_frequency_markdown,
    selection_path_markdown,
)
from analysis.reporting.tables.small_sample import small_sample_note
from analysis.reporting.tables.specification import (
    specification_markdown,
    specified_models,
    variables_markdown,
)
from analysis.reporting.tables.staging import (
    added_value_markdown,
    agreement_markdown,
    direct_markdown,
    scores_markdown,
    trends_markdown,
    ungraded,
)
from analysis.reporting.tables.standard_scale import standard_scale_markdown

__all__ = [
    "added_value_markdown",
    "agreement_markdown",
    "assumptions_list",
    "baseline_markdown",
    "calibration_errors_markdown",
    "calibration_markdown",
    "calibration_tests_markdown",
    "checklist_markdown",
    "checklist_style",
    "checklist_summary_markdown",
    "classification_markdown",
    "clinical_frequency_markdown",
    "comparators_markdown",
    "contrast_keys",
    "crop_padding_markdown",
    "cutoffs_markdown",
    "definitions_markdown",
    "delineations_markdown",
    "dictionary_summary_markdown",
    "direct_markdown",
    "discrimination_markdown",
    "excluded_markdown",
    "fairness_markdown",
    "feature_icc_markdown",
    "features_markdown",
    "features_note",
    "flow_markdown",
    "followed_differences_markdown",
    "frequent_features_markdown",
    "guards_markdown",
    "habitats_markdown",
    "has_calibration_errors",
    "hazards_markdown",
    "horizon_markdown",
    "importance_markdown",
    "imputed_coefficients_markdown",
    "imputed_performance_markdown",
    "indexes_markdown",
    "net_benefit_markdown",
    "open_fields_markdown",
    "paths_markdown",
    "patients_markdown",
    "place_divisions",
    "place_estimates",
    "places_markdown",
    "places_words",
    "pooled_markdown",
    "preprocessing_markdown",
    "proportions_markdown",
    "quality_markdown",
    "radiomics_frequency_markdown",
    "reclassification_counts_markdown",
    "reclassification_markdown",
    "region_quality_markdown",
    "registration_markdown",
    "regression_markdown",
    "reproduced_markdown",
    "score_levels_markdown",
    "scores_markdown",
    "selection_by_region_markdown",
    "selection_path_markdown",
    "settings_markdown",
    "small_sample_note",
    "software_markdown",
    "specification_markdown",
    "specified_models",
    "standard_scale_markdown",
    "subgroups_markdown",
    "table_one_markdown",
    "trends_markdown",
    "tuning_markdown",
    "ungraded",
    "updating_markdown",
    "updating_words",
    "variables_markdown",
    "warnings_markdown",
]
