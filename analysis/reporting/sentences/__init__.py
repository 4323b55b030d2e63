"""Sentences of the documents that the results decide, each only where its numbers say it."""

from analysis.reporting.compared_masks import (
    compared_masks,
    perturbed_alone,
    reproducible_in,
)
from analysis.reporting.sentences.chosen_models import (
    best_parts,
    choice_included,
    chosen_areas,
    chosen_in_folds,
    each_by_itself,
)
from analysis.reporting.sentences.crop_padding import crops_beyond
from analysis.reporting.sentences.declared import declarations
from analysis.reporting.sentences.delta import delta_features, deltas_left_out
from analysis.reporting.sentences.discussion import (
    apparent_words,
    elsewhere_limit,
    redrawn,
    table_limit,
)
from analysis.reporting.sentences.engines import extraction_software, ibsi_deviations
from analysis.reporting.sentences.examinations import examination_choice
from analysis.reporting.sentences.habitats import (
    clustered_region,
    habitat_methods,
    habitat_numbers,
    habitats_counted,
    habitats_described,
    habitats_joined,
)
from analysis.reporting.sentences.history import evaluated_times, evaluation_history
from analysis.reporting.sentences.masks import mask_treatment
from analysis.reporting.sentences.methods import (
    background,
    classifier_citations,
    cross_fitted,
    fallback_rule,
    feature_blocks,
    fused_words,
    fusion_methods,
    guard_counts,
    guards_words,
    need,
    own_models,
    purpose,
    rigour,
    winner,
)
from analysis.reporting.sentences.pairs_of_parts import pairs_of_parts
from analysis.reporting.sentences.paths import (
    features_listed,
    features_used,
    order_of_features,
    path_chosen,
)
from analysis.reporting.sentences.perturbation import (
    is_preprocessing_compared,
    perturbed_origin,
    perturbed_words,
    preprocessing_compared,
)
from analysis.reporting.sentences.preparation import preparation
from analysis.reporting.sentences.preprocessing import image_preprocessing, width_rule
from analysis.reporting.sentences.regions import region_features, region_rules
from analysis.reporting.sentences.registration import (
    deformed_phases,
    registered_phases,
    registration,
)
from analysis.reporting.sentences.results import (
    added,
    areas,
    fallback_found,
    fusion_remarks,
    grouped_patients,
    published_check,
    thresholds_reason,
    unconfirmed,
)
from analysis.reporting.sentences.sources import cited, comparators_cited, own_scores
from analysis.reporting.sentences.study_parts import listed
from analysis.reporting.sentences.tuning import chosen_at_edge, grids_tried
from analysis.reporting.sentences.weaknesses import (
    shuffled_voxels,
    unstable_selection,
    volume_alone,
    weaknesses,
)
from analysis.reporting.survival_name import curve_end, survival_name

__all__ = [
    "added",
    "apparent_words",
    "areas",
    "background",
    "best_parts",
    "choice_included",
    "chosen_areas",
    "chosen_at_edge",
    "chosen_in_folds",
    "cited",
    "classifier_citations",
    "clustered_region",
    "comparators_cited",
    "compared_masks",
    "crops_beyond",
    "cross_fitted",
    "curve_end",
    "declarations",
    "deformed_phases",
    "delta_features",
    "deltas_left_out",
    "each_by_itself",
    "elsewhere_limit",
    "evaluated_times",
    "evaluation_history",
    "examination_choice",
    "extraction_software",
    "fallback_found",
    "fallback_rule",
    "feature_blocks",
    "features_listed",
    "features_used",
    "fused_words",
    "fusion_methods",
    "fusion_remarks",
    "grids_tried",
    "grouped_patients",
    "guard_counts",
    "guards_words",
    "habitat_methods",
    "habitat_numbers",
    "habitats_counted",
    "habitats_described",
    "habitats_joined",
    "ibsi_deviations",
    "image_preprocessing",
    "is_preprocessing_compared",
    "listed",
    "mask_treatment",
    "need",
    "order_of_features",
    "own_models",
    "own_scores",
    "pairs_of_parts",
    "path_chosen",
    "perturbed_alone",
    "perturbed_origin",
    "perturbed_words",
    "preparation",
    "preprocessing_compared",
    "published_check",
    "purpose",
    "redrawn",
    "region_features",
    "region_rules",
    "registered_phases",
    "registration",
    "reproducible_in",
    "rigour",
    "shuffled_voxels",
    "survival_name",
    "table_limit",
    "thresholds_reason",
    "unconfirmed",
    "unstable_selection",
    "volume_alone",
    "weaknesses",
    "width_rule",
    "winner",
]
