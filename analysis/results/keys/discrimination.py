"""Discrimination and classification: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_division,
    of_evaluation,
    of_model,
    of_nothing,
    of_reader,
    of_statistic_in,
)
from analysis.results.keys.quantity import VARIES, Quantity, declare

_Evaluated = Quantity[[str, str]]


def _classified(name: str, meaning: str, unit: str, method: str) -> tuple[_Evaluated, _Evaluated]:
    """A measure of classification at the model's cut-off, and at the prespecified one."""
    template = f"{name}.{{model}}.{{evaluation}}"
    return (
        declare(
            of_evaluation, template, meaning=f"{meaning} at the cut-off", unit=unit, method=method
        ),
        declare(
            of_evaluation,
            f"{template}.prespecified",
            meaning=f"{meaning} at the prespecified cut-off",
            unit=unit,
            method=method,
        ),
    )


n_evaluable = declare(
    of_evaluation,
    "n_evaluable.{model}.{evaluation}",
    "Patients of known outcome whom the model scores",
    "patients",
)
auc = declare(
    of_evaluation,
    "auc.{model}.{evaluation}",
    meaning="Area under the ROC curve",
    unit="AUC",
    method="DeLong, with the interval on the logit scale",
)
events = declare(
    of_evaluation, "events.{model}.{evaluation}", "Patients with the event among those", "patients"
)
rarer_outcome = declare(
    of_evaluation,
    "rarer_outcome.{model}.{evaluation}",
    "Patients of the rarer outcome among those",
    "patients",
)
cutoff = declare(
    of_model,
    "cutoff.{model}",
    meaning="Cut-off of the score",
    unit="score",
    method="Youden index on out-of-fold training scores",
)
cutoff_ties = declare(
    of_model, "cutoff_ties.{model}", "Cut-offs with the same largest Youden index", "cut-offs"
)
cutoff_prespecified = declare(
    of_model,
    "cutoff.{model}.prespecified",
    meaning="Cut-off for a given sensitivity",
    unit="score",
    method="highest with that sensitivity on out-of-fold training scores",
)
accuracy, accuracy_prespecified = _classified(
    "accuracy", "Accuracy", "proportion", "interval of the study file"
)
sensitivity, sensitivity_prespecified = _classified(
    "sensitivity", "Sensitivity", "proportion", "interval of the study file"
)
specificity, specificity_prespecified = _classified(
    "specificity", "Specificity", "proportion", "interval of the study file"
)
ppv, ppv_prespecified = _classified(
    "ppv", "Positive predictive value", "proportion", "interval of the study file"
)
npv, npv_prespecified = _classified(
    "npv", "Negative predictive value", "proportion", "interval of the study file"
)
balanced_accuracy, balanced_accuracy_prespecified = _classified(
    "balanced_accuracy", "Balanced accuracy", "proportion", "bootstrap"
)
f1, f1_prespecified = _classified("f1", "F1 score", "index", "bootstrap")
mcc, mcc_prespecified = _classified("mcc", "Matthews correlation coefficient", "index", "bootstrap")
kappa, kappa_prespecified = _classified("kappa", "Cohen's kappa", "index", "bootstrap")
positive_likelihood_ratio, positive_likelihood_ratio_prespecified = _classified(
    "positive_likelihood_ratio", "Positive likelihood ratio", "likelihood ratio", "Simel, log scale"
)
negative_likelihood_ratio, negative_likelihood_ratio_prespecified = _classified(
    "negative_likelihood_ratio", "Negative likelihood ratio", "likelihood ratio", "Simel, log scale"
)
diagnostic_odds_ratio, diagnostic_odds_ratio_prespecified = _classified(
    "diagnostic_odds_ratio", "Diagnostic odds ratio", "odds ratio", "exact conditional interval"
)
youden_index, youden_index_prespecified = _classified(
    "youden_index", "Youden index", "index", "hybrid score interval (Newcombe)"
)
subgroups_n = declare(
    of_nothing,
    "subgroups.n",
    "Rows of the table of subgroups",
    "groups",
    rests_on="best",
    needs="clinical values",
)
subgroups_suppressed_n = declare(
    of_nothing,
    "subgroups.suppressed.n",
    "Rows with too few patients for an estimate",
    "groups",
    rests_on="best",
    needs="clinical values",
)
subgroups_least = declare(
    of_nothing,
    "subgroups.least",
    "Patients of either outcome below which a subgroup has no estimate",
    "patients",
    rests_on="best",
    needs="clinical values",
)
pooled = declare(
    of_division,
    "pooled.{statistic}.{model}.{division}",
    meaning="Mean over centres or cohorts",
    unit=VARIES,
    method="random effects, restricted maximum likelihood",
    needs="clinical values",
)
pooled_places = declare(
    of_division,
    "pooled_places.{statistic}.{model}.{division}",
    "Centres or cohorts that it is from",
    "places",
    needs="clinical values",
)
pooled_prediction = declare(
    of_division,
    "pooled_prediction.{statistic}.{model}.{division}",
    meaning="The mean, with the interval in which a new centre's value is expected",
    unit=VARIES,
    method="random effects, prediction interval",
    needs="clinical values",
)
pooled_tau_squared = declare(
    of_division,
    "pooled_tau_squared.{statistic}.{model}.{division}",
    meaning="Variance between centres or cohorts",
    unit="variance",
    method="restricted maximum likelihood",
    needs="clinical values",
)
pooled_i_squared = declare(
    of_division,
    "pooled_i_squared.{statistic}.{model}.{division}",
    "Share of the variation that is between centres or cohorts (I²)",
    "proportion",
    needs="clinical values",
)
imputed_n = declare(of_nothing, "imputed.n", "Imputations", "imputations", needs="models")
imputed_patients_n = declare(
    of_nothing,
    "imputed.patients.n",
    "Patients with a missing candidate",
    "patients",
    needs="models",
)
imputed = declare(
    of_statistic_in,
    "imputed.{statistic}.{model}.{evaluation}",
    meaning="A measure pooled over imputations",
    unit=VARIES,
    method="Rubin's rules",
    needs="models",
)
imputed_missing_information = declare(
    of_statistic_in,
    "imputed.missing_information.{statistic}.{model}.{evaluation}",
    meaning="Share of its information that the gaps cost",
    unit="proportion",
    method="Rubin's rules",
    needs="models",
)
volume_correlation = declare(
    of_model,
    "volume.correlation.{model}",
    meaning="Correlation of the score with the tumour's volume",
    unit="index",
    method="Spearman",
    rests_on="best",
)
repeats_auc = declare(
    of_model,
    "repeats.auc.{model}",
    "Median out-of-fold AUC over repeats of the folds, with its range",
    "AUC",
    rests_on="training",
)
delineation_readers = declare(
    of_nothing,
    "delineation.readers",
    "Repeated delineations that models were applied to",
    kind="list",
)
delineation_icc = declare(
    of_reader,
    "delineation.icc.{reader}.{model}",
    meaning="Agreement of the score over two delineations",
    unit="ICC",
    method="ICC(2,1)",
    rests_on="training",
)
delineation_flipped = declare(
    of_reader,
    "delineation.flipped.{reader}.{model}",
    "Patients on the other side of the cut-off by another delineation",
    "proportion",
    rests_on="training",
)
score_correlation = declare(
    of_nothing,
    "score_correlation.radiomics_vs_dl",
    meaning="Correlation of the radiomics and the deep learning score",
    unit="index",
    method="Spearman",
    name="score_correlation",
    rests_on="training",
)
score_correlation_given_volume = declare(
    of_nothing,
    "score_correlation.radiomics_vs_dl.given_volume",
    meaning="The same, that of the tumour's volume taken out",
    unit="index",
    method="Spearman, partial",
    name="score_correlation_given_volume",
    rests_on="training",
)
