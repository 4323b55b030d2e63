"""Comparisons of models, and what the model adds to scores: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_comparator,
    of_nothing,
    of_pair,
    of_pair_in,
    of_pair_interval,
    of_reclassification,
)
from analysis.results.keys.quantity import declare

contrasts_model = declare(
    of_nothing,
    "contrasts.model",
    "Model of the contrasts that the study file names",
    rests_on="best",
)
contrasts_primary = declare(
    of_nothing, "contrasts.primary", "Comparator of the primary contrast", rests_on="best"
)
contrasts_family = declare(
    of_nothing,
    "contrasts.family",
    "Comparators of the secondary contrasts",
    method="Holm-adjusted P-values",
    kind="list",
    rests_on="best",
)
contrasts_family_n = declare(
    of_nothing,
    "contrasts.family.n",
    "Secondary contrasts with a P-value",
    "contrasts",
    rests_on="best",
)
contrast_role = declare(
    of_comparator,
    "contrast_role.{comparator}",
    "Whether a contrast is primary, secondary, exploratory or, with too few patients, untested",
    rests_on="best",
)
comparisons_least = declare(
    of_nothing,
    "comparisons.least",
    "Patients of either outcome below which AUCs are not tested",
    "patients",
)
rarer_outcome_of_pair = declare(
    of_pair,
    "rarer_outcome.{model}_vs_{other}",
    "Patients of the rarer outcome whom both models score",
    "patients",
    name="rarer_outcome_of_pair",
    rests_on="best",
)
delong = declare(
    of_pair_in,
    "delong.{model}_vs_{other}.{evaluation}",
    meaning="Difference in AUC between two models",
    unit="AUC difference",
    method="DeLong",
    name="delong",
    rests_on="best",
)
equivalent = declare(
    of_pair_in,
    "equivalent.{model}_vs_{other}.{evaluation}",
    meaning="Whether two AUCs are equivalent, with the 90% interval of their difference",
    unit="AUC difference",
    method="two one-sided tests",
    name="equivalent",
    kind="yes or no",
    rests_on="best",
)
concordance_difference = declare(
    of_pair_in,
    "concordance_difference.{model}_vs_{other}.{evaluation}",
    "Difference in Harrell's C between two models",
    "AUC difference",
    name="concordance_difference",
)
brier_horizon_difference = declare(
    of_pair_in,
    "brier_horizon_difference.{model}_vs_{other}.{evaluation}",
    meaning="Difference in Brier score at the horizon between two models, below zero where the"
    " first is"
    " better",
    unit="Brier score difference",
    method="inverse probability of censoring",
    name="brier_horizon_difference",
)
added_value = declare(
    of_comparator,
    "added_value.{comparator}",
    meaning="Gain in AUC of score and model over the score alone",
    unit="AUC difference",
    method="DeLong; both refitted in training",
    rests_on="best",
)
added_value_scores = declare(
    of_nothing,
    "added_value.scores",
    "Scores beside which the model was judged",
    kind="list",
    rests_on="best",
)
added_value_common_n = declare(
    of_nothing,
    "added_value.common.n",
    "Validation patients whom the model and all scores grade",
    "patients",
    rests_on="best",
)
added_value_common_of = declare(
    of_nothing,
    "added_value.common.of",
    "Validation patients whom the model grades",
    "patients",
    rests_on="best",
)
added_value_common_rarer = declare(
    of_nothing,
    "added_value.common.rarer",
    "Patients of the rarer outcome among those whom all grade",
    "patients",
    rests_on="best",
)
added_value_lost = declare(
    of_comparator,
    "added_value.lost.{comparator}",
    "Validation patients whom a score can't grade",
    "patients",
    rests_on="best",
)
added_value_left_out = declare(
    of_comparator,
    "added_value.left_out.{comparator}",
    "Why a score takes no part: no_out_of_fold, too_few_complete, input_missing or one_value",
    rests_on="best",
)
added_value_auc_alone = declare(
    of_comparator,
    "added_value.auc_alone.{comparator}",
    "AUC of the score alone, refitted",
    "AUC",
    rests_on="best",
)
added_value_auc_together = declare(
    of_comparator,
    "added_value.auc_together.{comparator}",
    "AUC of score and model, refitted",
    "AUC",
    rests_on="best",
)
added_value_net_benefit = declare(
    of_comparator,
    "added_value.net_benefit.{comparator}",
    meaning="Gain in net benefit of score and model over the score alone",
    unit="net benefit difference",
    method="bootstrap",
    rests_on="best",
)
added_value_likelihood_ratio = declare(
    of_comparator,
    "added_value.likelihood_ratio.{comparator}",
    "Likelihood-ratio gain of the model over the score",
    "chi-square",
    rests_on="best",
)
added_value_values_seen = declare(
    of_comparator,
    "added_value.values_seen.{comparator}",
    "Different values of the score among these patients",
    "values",
    rests_on="best",
)
added_value_tied_pairs = declare(
    of_comparator,
    "added_value.tied_pairs.{comparator}",
    "Pairs of patients with and without the event whose score is equal",
    "proportion",
    rests_on="best",
)
added_value_seen = declare(
    of_comparator,
    "added_value.seen.{comparator}",
    "Lowest and highest level or value of the score among these patients",
    kind="list",
    rests_on="best",
)
nri_continuous = declare(
    of_reclassification,
    "nri_continuous_{outcome}.{model}_vs_{other}.{interval}",
    meaning="Net reclassification improvement without cut-offs",
    unit="index",
    method="both models recalibrated in training",
    name="nri_continuous",
    rests_on="best",
)
nri_categorical = declare(
    of_reclassification,
    "nri_categorical_{outcome}.{model}_vs_{other}.{interval}",
    meaning="Net reclassification improvement over the study file's cut-offs",
    unit="index",
    method="both models recalibrated in training",
    name="nri_categorical",
    rests_on="best",
)
idi = declare(
    of_pair_interval,
    "idi.{model}_vs_{other}.{interval}",
    meaning="Integrated discrimination improvement",
    unit="index",
    method="both models recalibrated in training",
    name="idi",
    rests_on="best",
)
