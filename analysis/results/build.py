"""Making of the results: every number of the paper, from predictions and cohort.

This is the thin place that calls the statistics.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.supplied_predictions import read_predictions
from analysis.core.beside import begun
from analysis.inputs.radiomics import RadiomicsTable
from analysis.results import keys
from analysis.results.added_value import add_added_values, added_values, common_set
from analysis.results.calibration import add_calibration, add_calibration_test
from analysis.results.chosen_models import add_chosen
from analysis.results.clinical import add_baseline, add_regression, candidate_parameters, term_name
from analysis.results.comparisons import add_comparisons, contrast_model
from analysis.results.curves import (
    calibration_group_points,
    calibration_points,
    decision_points,
    probability_counts,
    roc_band_points,
    roc_points,
    stage_points,
)
from analysis.results.description import (
    add_cohort,
    add_exclusions,
    add_features,
    add_mirp,
    add_screening,
    add_software,
)
from analysis.results.explanation import explanation_tables
from analysis.results.followed_comparisons import (
    add_competing_net_benefit,
    add_followed_comparisons,
)
from analysis.results.fusion_contributions import fusion_contributions
from analysis.results.gallery import gallery_pictures
from analysis.results.grad_cam import grad_cam_pictures
from analysis.results.habitats import add_habitats
from analysis.results.horizon import add_horizon, add_risk_groups
from analysis.results.imputation import add_imputed_performance
from analysis.results.instability import instability_points
from analysis.results.leakage import add_leakage
from analysis.results.model_table import model_table
from analysis.results.model_updating import add_updating
from analysis.results.networks import add_networks
from analysis.results.nomogram import add_nomogram, add_worked_patient
from analysis.results.optimism import add_optimism, resampled_model
from analysis.results.other_centres import add_other_centres
from analysis.results.pairs_of_parts import add_pairs_of_parts
from analysis.results.performance import add_performance
from analysis.results.places import place_table
from analysis.results.planning import add_planning, add_published_check
from analysis.results.quality import quality_tables
from analysis.results.reclassification import add_reclassification
from analysis.results.record import Records
from analysis.results.registration_pictures import registration_pictures
from analysis.results.reproducibility import reproducibility_tables
from analysis.results.robustness import add_delineations, add_repeats, add_volume
from analysis.results.score_levels import score_levels
from analysis.results.scores import (
    add_supplement_scores,
    add_trends,
    agreement,
    describe_comparators,
)
from analysis.results.selection import (
    add_clinical_stability,
    clinical_frequency,
    radiomics_frequency,
)
from analysis.results.selection_path import selection_curves
from analysis.results.settings import add_settings
from analysis.results.small_sample import add_small_sample
from analysis.results.specification import add_specification
from analysis.results.standard_scale import standard_scale_tables
from analysis.results.subgroups import fairness_table, subgroup_table
from analysis.results.survival import add_survival
from analysis.results.utility import add_net_benefit_gain, add_utility
from analysis.results.variables import variable_table
from analysis.study import Study
from analysis.study.load import load_study
from analysis.training import TrainedStudy
from analysis.training.leakage import Leakage
from analysis.training.predictions import train_all
from analysis.training.settings import factor_levels
from models.clinical import variable_of
from models.declared import CR, RADIOMICS, part_of
from models.registry import Registry
from models.staging import comparator_label

HOW_LABELS = {
    "apparent": "Training, apparent",
    "out_of_fold": "Training, out of fold",
    "validation": "Validation",
}


def _best(records: Records, models: list[str]) -> str:
    """Best model: the highest out-of-fold AUC in training, so that validation patients had no say.

    Of models that were made elsewhere and come without such scores, the first that is named:
    whoever names it had no say either.
    """
    judged = [model for model in models if keys.auc(model, "out_of_fold") in records]
    return (
        max(judged, key=lambda model: records.value(keys.auc(model, "out_of_fold")))
        if judged
        else models[0]
    )


# Staging systems and indexes that a figure has room for.
DRAWN_COMPARATORS = 4
BEST_METHOD = "highest out-of-fold AUC in training"
NAMED_FIRST_METHOD = "named first, without out-of-fold predictions of training patients"


def _add_best_comparators(records: Records, comparators: list[str]) -> None:
    """`models.comparators.best`: those of the highest out-of-fold AUC, the highest first.

    Where none has such scores, the first that are named; nothing without comparators.
    """
    if not comparators:
        return
    areas = {
        name: records.value(keys.auc(name, "out_of_fold"))
        for name in comparators
        if keys.auc(name, "out_of_fold") in records
    }
    areas = {name: area for name, area in areas.items() if area is not None}
    records.add(
        keys.models_comparators_best(),
        (sorted(areas, key=lambda name: -areas[name]) or comparators)[:DRAWN_COMPARATORS],
        method=BEST_METHOD if areas else NAMED_FIRST_METHOD,
        source=compute_results,
    )


def ends_elsewhere(registry: Registry, models: list[str]) -> frozenset[str]:
    """Models whose training may end elsewhere on another processor.

    They are classifiers, networks and fusions. A logistic regression ends in the same place
    anywhere.
    """
    return frozenset(
        name for name in models if registry[name].trained and registry[name].family != CR.family
    )


@dataclass(frozen=True)
class Judged:
    """Result of judging the models.

    predictions: without the supplement's scores. headline: models of the main table. best: of the
    headline, by training alone. reclassification: the contrasts' reclassification table, empty
    where the study asks for none.
    """

    predictions: pd.DataFrame
    headline: list[str]
    comparators: list[str]
    supplement: list[str]
    best: str
    reclassification: pd.DataFrame


def judge(
    records: Records,
    study: Study,
    everyone: pd.DataFrame,
    registry: Registry,
) -> Judged:
    """Compute every number that rests on scores and outcomes alone.

    Who has nothing but predictions computes the same ones. registry: what the models are.
    """
    supplement = [name for name in study.supplement_scores if name in set(everyone["model"])]
    predictions = everyone[~everyone["model"].isin(supplement)]
    included = list(predictions["model"].unique())
    headline = [model for model in registry.headline if model in included]
    if study.predictions is not None:
        headline = [model for model in included if registry[model].trained]
        records.add(
            keys.predictions_given(),
            study.predictions.file,
            method="predictions made elsewhere",
            source=read_predictions,
        )
    records.trained = ends_elsewhere(registry, included)
    records.add(keys.models_included(), included, source=train_all)
    records.add(
        keys.models_headline(),
        headline,
        source=train_all,
        of_training=not records.trained.isdisjoint(headline),
    )
    comparators = [model for model in included if not registry[model].trained]
    own = [spec.id for spec in registry.own]
    records.add(keys.models_additional(), own, source=train_all)
    records.add(keys.models_comparators(), comparators, source=train_all)
    for how, label in (HOW_LABELS | study.split.external).items():
        records.add(keys.label(how), label, source=compute_results)
    for model in included:
        records.add(keys.label(model), registry[model].label, source=compute_results)

    add_performance(records, predictions, study.statistics, study.seed)
    add_calibration(
        records, predictions, settings=study.statistics, headline=headline, seed=study.seed
    )
    add_utility(records, predictions, study.statistics, study.seed)
    best = _best(records, headline)
    best_method = BEST_METHOD if keys.auc(best, "out_of_fold") in records else NAMED_FIRST_METHOD
    _add_best_comparators(records, comparators)
    contrasted = contrast_model(predictions, best, study.statistics)
    records.judged = frozenset((best, contrasted))
    records.add(keys.best_model(), best, method=best_method, source=compute_results)
    records.add(keys.best_model_label(), registry[best].label, source=compute_results)
    add_small_sample(records, predictions, model=best, settings=study.statistics, seed=study.seed)
    add_calibration_test(records, predictions, best, study.seed)
    add_net_benefit_gain(records, predictions, best, study.statistics)
    common = common_set(predictions, contrasted, comparators)
    added = added_values(
        predictions,
        contrasted,
        common=common,
        settings=study.statistics,
        seed=study.seed,
        registry=registry,
    )
    roles = add_comparisons(
        records,
        predictions,
        best=best,
        settings=study.statistics,
        seed=study.seed,
        added={name: value.test.p for name, value in added.items()},
    )
    add_pairs_of_parts(records, predictions, study.statistics.confidence_level)
    if comparators:
        add_added_values(records, common, added=added, p_values=roles, settings=study.statistics)
    for name in supplement:
        records.add(keys.label(name), registry[name].label, source=comparator_label)
    add_supplement_scores(
        records, everyone, names=supplement, model=best, level=study.statistics.confidence_level
    )
    reclassified = add_reclassification(records, predictions, study.statistics, study.seed)
    return Judged(
        predictions,
        headline,
        comparators=comparators,
        supplement=supplement,
        best=best,
        reclassification=reclassified,
    )


def score_curves(
    predictions: pd.DataFrame, study: Study, headline: list[str], best: str
) -> dict[str, pd.DataFrame]:
    """Points of the curves that rest on scores and outcomes alone."""
    return {
        "roc": roc_points(predictions),
        "roc_band": roc_band_points(predictions, best, study.statistics, study.seed),
        "calibration": calibration_points(predictions, headline),
        "decision_curve": decision_points(predictions, study.statistics, best, study.seed),
        "calibration_counts": probability_counts(predictions, best),
        "calibration_groups": calibration_group_points(predictions, best, study.statistics),
    }


def follow(
    records: Records, cohort: Cohort, judged: Judged, levels: bool = True
) -> dict[str, pd.DataFrame]:
    """Add the analyses of follow-up to the results.

    These are analyses weighted for censoring, survival by risk group and, with `levels`, along the
    comparators' levels; curves by name.
    """
    if not cohort.outcome["time_months"].notna().any():
        return {}
    predictions, headline, comparators = judged.predictions, judged.headline, judged.comparators
    add_horizon(records, cohort, predictions, headline)
    add_followed_comparisons(records, cohort, predictions, [*headline, *comparators])
    add_competing_net_benefit(records, cohort, predictions, headline)
    points, groups = add_survival(records, cohort, predictions, judged.best)
    trends = add_trends(records, cohort, comparators if levels else [])
    return {
        "kaplan_meier": points,
        "cumulative_incidence": add_risk_groups(records, cohort, groups),
        "stages": stage_points(cohort, trends),
    }


def _score_label(registry: Registry, term: str) -> str | None:
    """Label of a term of a fusion that is a score; None for a clinical predictor."""
    part = part_of(term, {name: spec.label for name, spec in registry.items()})
    return None if part is None else part.term[:1].upper() + part.term[1:]


def compute_results(
    cohort: Cohort, training: TrainedStudy, table: RadiomicsTable | None, leakage: Leakage
) -> tuple[Records, dict[str, pd.DataFrame]]:
    """Records of results.json, and the curves' points by name."""
    study = cohort.study
    records = Records()
    add_settings(records, cohort)
    add_cohort(records, cohort)
    add_other_centres(records, cohort)
    add_screening(records, study)
    add_exclusions(records, cohort)
    add_software(records)
    add_mirp(records, study)
    if table is not None and study.radiomics is not None:
        add_features(records, cohort, table)
    registry = training.registry
    for own in registry.own:
        if own.description:
            records.add(keys.description(own.id), own.description, source=load_study)
    # Other processes are at work on it while this one judges the models.
    resampled = begun(study.jobs, resampled_model, cohort)
    judged = judge(records, study, training.predictions.table, registry)
    predictions, headline, comparators, supplement, best = (
        judged.predictions,
        judged.headline,
        judged.comparators,
        judged.supplement,
        judged.best,
    )
    add_planning(records, cohort, candidate_parameters(cohort))
    add_published_check(records, study.published)
    add_chosen(records, training)
    add_specification(records, cohort, training)

    tables: dict[str, pd.DataFrame] = {}
    if study.clinical is not None:
        add_regression(records, cohort, training.fitted.selected[CR.id])
        chosen = add_optimism(records, cohort, resampled())
        tables["clinical_frequency"] = clinical_frequency(records, cohort, training, chosen)
        add_clinical_stability(records, cohort, training)
        add_imputed_performance(records, cohort, training)
    if cohort.dictionary is not None:
        tables |= add_baseline(records, cohort)
        tables["variables"] = variable_table(cohort.dictionary, study)
    if len(judged.reclassification):
        tables["reclassification"] = judged.reclassification
    if comparators or supplement:
        tables["scores"] = describe_comparators(cohort, [*comparators, *supplement])
        tables["score_agreement"] = agreement(cohort, [*comparators, *supplement])
        between = score_levels(cohort, predictions, comparators, best)
        if len(between):
            tables["score_levels"] = between
    curves = score_curves(predictions, study, headline, best)
    if table is not None and RADIOMICS.id in training.fitted.chosen["final"]:
        tables["selection_frequency"], curves["selection"] = radiomics_frequency(
            records, cohort, training, table
        )
        curves |= selection_curves(records, cohort, table, training)
        curves |= add_habitats(records, cohort, training, table)
    formulas = training.fitted.formulas
    if formulas:
        fused = best if best in formulas else list(formulas)[-1]
        formula = formulas[fused]
        labels = {
            variable_of(term): _score_label(registry, term) or term_name(cohort, variable_of(term))
            for term in formula.slopes
        }
        curves["nomogram"] = add_nomogram(
            records,
            fused,
            formula=formula,
            labels=labels,
            levels=factor_levels(
                cohort, sorted({variable_of(term) for term in formula.slopes if "=" in term})
            ),
        )
        curves["nomogram_example"] = add_worked_patient(records, curves["nomogram"])
    curves |= follow(records, cohort, judged)
    more = add_leakage(records, leakage)
    add_delineations(records, training.predictions, headline, study.statistics.confidence_level)
    add_volume(records, training.predictions.table, best)
    more["repeats"] = add_repeats(records, predictions, headline)
    more["instability"] = instability_points(records, cohort, training)
    more["tables/subgroups"] = subgroup_table(records, cohort, predictions, best)
    more["models"] = model_table(registry)
    more["places"] = place_table(records, cohort, predictions, headline)
    more["tables/fairness"] = fairness_table(records, cohort, predictions, best)
    if study.split.external:
        more |= add_updating(records, study, training=training, predictions=predictions, model=best)
    more["tables/importance"], more["shap"] = explanation_tables(records, cohort, training)
    more["contributions"] = fusion_contributions(records, cohort, training, best)
    more["training"] = add_networks(records, study, training)
    more |= grad_cam_pictures(records, cohort, training) | gallery_pictures(
        records, cohort, training, best
    )
    more |= quality_tables(records, cohort) | reproducibility_tables(records, cohort, table)
    more |= registration_pictures(cohort)
    more |= standard_scale_tables(records, cohort, training)
    return records, curves | more | {f"tables/{name}": frame for name, frame in tables.items()}
