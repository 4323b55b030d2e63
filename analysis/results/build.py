"""From predictions and cohort to every number of the paper: the thin place that calls the statistics."""

from __future__ import annotations

import pandas as pd

from analysis.cohort import Cohort
from analysis.leakage import Leakage
from analysis.radiomics import RadiomicsTable
from analysis.results.added_value import add_added_values, added_values, common_set
from analysis.results.calibration import add_calibration
from analysis.results.chosen import add_chosen
from analysis.results.clinical import add_baseline, add_regression, candidate_parameters, term_name
from analysis.results.comparisons import add_comparisons, contrast_model
from analysis.results.curves import calibration_points, decision_points, probability_counts, roc_points, stage_points
from analysis.results.description import add_cohort, add_features, add_settings, add_software
from analysis.results.details import feature_dictionary, hyperparameters, patient_predictions
from analysis.results.explanation import explanation_tables
from analysis.results.horizon import add_horizon, add_risk_groups
from analysis.results.instability import instability_points
from analysis.results.leakage import add_leakage
from analysis.results.nomogram import add_nomogram
from analysis.results.optimism import add_optimism
from analysis.results.performance import add_performance
from analysis.results.planning import add_planning, add_published_check
from analysis.results.reclassification import add_reclassification
from analysis.results.record import Records
from analysis.results.robustness import add_delineations, add_repeats, add_volume
from analysis.results.scores import add_supplement_scores, add_trends, agreement, describe_comparators
from analysis.results.selection import selection_curves
from analysis.results.subgroups import fairness_table, subgroup_table
from analysis.results.survival import add_survival
from analysis.results.utility import add_net_benefit_range, add_utility
from analysis.study import Study
from analysis.training import Training
from models.additional import load_model_class
from models.catalogue import LABELS, TRAINED
from models.staging import comparator_label

HEADLINE = ("cr", "radiomics", "dl", "rcr", "dlrcr")
HOW_LABELS = {"apparent": "Training, apparent", "out_of_fold": "Training, out of fold", "validation": "Validation"}


def _best(records: Records, models: list[str]) -> str:
    """The study's best model: the highest out-of-fold AUC in training, so that validation patients had no say."""
    return max(models, key=lambda model: records.value(f"auc.{model}.out_of_fold"))


def additional_class(study: Study, name: str) -> type:
    return load_model_class(study.additional_models[name].model, study.root)


def _label(model: str, study: Study) -> str:
    if model in study.additional_models:
        additional = study.additional_models[model]
        return additional.label or getattr(additional_class(study, model), "label", model)
    return LABELS[model] if model in LABELS else comparator_label(model)


def compute_results(cohort: Cohort, training: Training, table: RadiomicsTable | None, leakage: Leakage) -> tuple[Records, dict[str, pd.DataFrame]]:
    """Records of results.json, and the curves' points by name."""
    study = cohort.study
    supplement = [name for name in study.supplement_scores if name in set(training.predictions["model"])]
    predictions = training.predictions[~training.predictions["model"].isin(supplement)]
    records = Records()
    add_settings(records, cohort)
    add_cohort(records, cohort)
    add_software(records)
    if table is not None and study.radiomics is not None:
        add_features(records, cohort, table)

    included = list(predictions["model"].unique())
    own = [name for name in study.additional_models if not getattr(additional_class(study, name), "yardstick", False)]
    headline = [model for model in HEADLINE if model in included] + own
    records.add("models.included", ",".join(included), source="train_all")
    records.add("models.headline", ",".join(headline), source="train_all")
    families = predictions.groupby("model")["family"].first()
    comparators = [model for model in included if families[model] not in TRAINED]
    records.add("models.additional", ",".join(study.additional_models), source="train_all")
    records.add("models.comparators", ",".join(comparators), source="train_all")
    for how, label in (HOW_LABELS | study.split.external).items():
        records.add(f"label.{how}", label, source="compute_results")
    for model in included:
        records.add(f"label.{model}", _label(model, study), source="compute_results")

    add_performance(records, predictions, study.statistics, study.seed)
    add_calibration(records, predictions, study.statistics)
    add_utility(records, predictions, study.statistics, study.seed)
    best = _best(records, headline)
    records.add("best.model", best, method="highest out-of-fold AUC in training", source="compute_results")
    records.add("best.model.label", _label(best, study), source="compute_results")
    contrasted = contrast_model(predictions, best, study.statistics)
    common = common_set(predictions, contrasted, comparators)
    added = added_values(predictions, contrasted, common, study.statistics, study.seed)
    roles = add_comparisons(records, predictions, best, study.statistics, study.seed, {name: value.test.p for name, value in added.items()})
    if comparators:
        add_added_values(records, common, added, roles, study.statistics)
    add_supplement_scores(records, training.predictions, supplement, best, study.statistics.confidence_level)
    add_reclassification(records, predictions, study.statistics, study.seed)
    add_planning(records, cohort, best, candidate_parameters(cohort))
    add_published_check(records, study.published)
    add_chosen(records, training)

    tables: dict[str, pd.DataFrame] = {}
    if study.clinical is not None:
        add_regression(records, cohort, training.selected["cr"])
        add_optimism(records, cohort)
    if cohort.dictionary is not None:
        tables |= add_baseline(records, cohort)
    if comparators or supplement:
        tables["scores"] = describe_comparators(cohort, [*comparators, *supplement])
        tables["score_agreement"] = agreement(cohort, [*comparators, *supplement])
    curves = {
        "roc": roc_points(predictions),
        "calibration": calibration_points(predictions, headline),
        "decision_curve": decision_points(predictions, study.statistics, best, study.seed),
    }
    curves["calibration_counts"] = probability_counts(predictions, best)
    add_net_benefit_range(records, curves["decision_curve"], best)
    if table is not None:
        curves |= selection_curves(records, cohort, table, training)
    if training.formulas:
        fused = best if best in training.formulas else list(training.formulas)[-1]
        formula = training.formulas[fused]
        curves["nomogram"] = add_nomogram(records, fused, formula, {term: term_name(cohort, term) for term in formula.slopes if term not in ("dl", "radiomics")})
    if cohort.outcome["time_months"].notna().any():
        add_horizon(records, cohort, predictions, headline)
        curves["kaplan_meier"], groups = add_survival(records, cohort, predictions, best)
        curves["cumulative_incidence"] = add_risk_groups(records, cohort, groups)
        curves["stages"] = stage_points(cohort, add_trends(records, cohort, comparators))
    more = add_leakage(records, leakage)
    add_delineations(records, training, headline)
    add_volume(records, training, best)
    more["repeats"] = add_repeats(records, training, cohort.label, headline)
    more["instability"] = instability_points(records, cohort, training)
    more["tables/subgroups"] = subgroup_table(records, cohort, predictions, best)
    more["tables/fairness"] = fairness_table(records, cohort, predictions, best)
    more["tables/importance"], more["shap"] = explanation_tables(records, cohort, training)
    more["tables/hyperparameters"] = hyperparameters(training)
    more["tables/patient_predictions"] = patient_predictions(training.predictions, headline, study.seed)
    if table is not None:
        more["tables/feature_dictionary"] = feature_dictionary(cohort, table, training)
    return records, curves | more | {f"tables/{name}": frame for name, frame in tables.items()}
