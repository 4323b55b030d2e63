"""Parts of keys: functions whose parameters are the parts, so that mypy checks calls of keys."""

from __future__ import annotations


def of_nothing() -> None:
    """A result that the study has once."""


def of_item(item: str) -> None:
    """Key part: item."""


def of_cohort(cohort: str) -> None:
    """Key part: cohort."""


def of_event_type(event_type: str) -> None:
    """Key part: event type."""


def of_reason(reason: str) -> None:
    """Key part: reason."""


def of_variable(variable: str) -> None:
    """Key part: variable."""


def of_side(variable: str, side: str) -> None:
    """Key parts: variable, side."""


def of_step(step: str) -> None:
    """Key part: step of the feature selection."""


def of_phase(phase: str) -> None:
    """Key part: phase."""


def of_printed(model: str, cohort: str, statistic: str) -> None:
    """Key parts: model, cohort, statistic."""


def of_model_in(model: str, cohort: str) -> None:
    """Key parts: model, cohort."""


def of_model(model: str) -> None:
    """Key part: model."""


def of_checklist(checklist: str, status: str) -> None:
    """Key parts: checklist, status."""


def of_measure(measure: str) -> None:
    """Key part: measure."""


def of_evaluation(model: str, evaluation: str) -> None:
    """A model in a way of judging it: apparent, out_of_fold, validation or a later cohort."""


def of_division(statistic: str, model: str, division: str) -> None:
    """A statistic of a model over the places of a division."""


def of_statistic_in(statistic: str, model: str, evaluation: str) -> None:
    """Key parts: statistic, model, evaluation."""


def of_reader(reader: str, model: str) -> None:
    """Key parts: reader, model."""


def by_smoother(smoother: str, model: str, evaluation: str) -> None:
    """Key parts: smoother, model, evaluation."""


def of_update(cohort: str, update: str) -> None:
    """Key parts: cohort, update."""


def at_threshold(model: str, evaluation: str, percent: str) -> None:
    """Key parts of a result at a threshold probability in percent: model, evaluation, percent."""


def of_pair_in(model: str, other: str, evaluation: str) -> None:
    """Key parts: model, other, evaluation."""


def of_comparator(comparator: str) -> None:
    """Key part: comparator."""


def of_pair(model: str, other: str) -> None:
    """A model beside another."""


def of_reclassification(outcome: str, model: str, other: str, interval: str) -> None:
    """Key parts: outcome, model, other, interval."""


def of_pair_interval(model: str, other: str, interval: str) -> None:
    """Key parts: model, other, interval."""


def of_risk(cohort: str, risk: str) -> None:
    """Key parts: cohort, risk."""


def of_hazard(hazard: str, cohort: str) -> None:
    """Key parts: hazard, cohort."""


def of_name(name: str) -> None:
    """Key part: name."""


def of_term(term: str) -> None:
    """Key part: term."""


def of_number(number: str) -> None:
    """Key part: number."""


def of_part(model: str, part: str) -> None:
    """Key parts: model, part."""


def of_level(level: str) -> None:
    """Key part: level."""


def of_model_level(model: str, level: str) -> None:
    """Key parts: model, level."""


def of_guard(guard: str) -> None:
    """Key part: guard."""


def of_verdict(verdict: str) -> None:
    """Key part: verdict."""


def of_voxels(voxels: str) -> None:
    """Key part: voxels."""


def of_regression(regression: str, term: str) -> None:
    """Key parts: regression, term."""


def of_statistic(statistic: str, model: str) -> None:
    """Key parts: statistic, model."""


def of_feature_class(feature_class: str) -> None:
    """Key part: feature class."""


def of_own_features(own_features: str) -> None:
    """Key part: the name of features of the study's own code."""


def of_region(region: str) -> None:
    """Key part: the name of a region beside the tumour."""


def of_delta(delta: str) -> None:
    """Key part: the name of a comparison of two phases."""


def of_perturbation(perturbation: str) -> None:
    """Key part: perturbation."""


def of_package(package: str) -> None:
    """Key part: package."""
