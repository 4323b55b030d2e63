"""Parts of keys: functions whose parameters are the parts, so that mypy checks calls of keys."""

from __future__ import annotations


def of_nothing() -> None:
    """A result that the study has once."""


def of_item(item: str) -> None:
    """By item."""


def of_cohort(cohort: str) -> None:
    """By cohort."""


def of_event_type(event_type: str) -> None:
    """By event type."""


def of_reason(reason: str) -> None:
    """By reason."""


def of_variable(variable: str) -> None:
    """By variable."""


def of_side(variable: str, side: str) -> None:
    """By variable, side."""


def of_step(step: str) -> None:
    """By step of the feature selection."""


def of_phase(phase: str) -> None:
    """By phase."""


def of_printed(model: str, cohort: str, statistic: str) -> None:
    """By model, cohort, statistic."""


def of_model_in(model: str, cohort: str) -> None:
    """By model, cohort."""


def of_model(model: str) -> None:
    """By model."""


def of_checklist(checklist: str, status: str) -> None:
    """By checklist, status."""


def of_measure(measure: str) -> None:
    """By measure."""


def of_evaluation(model: str, evaluation: str) -> None:
    """A model in a way of judging it: apparent, out_of_fold, validation or a later cohort."""


def of_division(statistic: str, model: str, division: str) -> None:
    """A statistic of a model over the places of a division."""


def of_statistic_in(statistic: str, model: str, evaluation: str) -> None:
    """By statistic, model, evaluation."""


def of_reader(reader: str, model: str) -> None:
    """By reader, model."""


def by_smoother(smoother: str, model: str, evaluation: str) -> None:
    """By smoother, model, evaluation."""


def of_update(cohort: str, update: str) -> None:
    """By cohort, update."""


def at_threshold(model: str, evaluation: str, percent: str) -> None:
    """The same at a threshold probability in percent."""


def of_pair_in(model: str, other: str, evaluation: str) -> None:
    """By model, other, evaluation."""


def of_comparator(comparator: str) -> None:
    """By comparator."""


def of_pair(model: str, other: str) -> None:
    """A model beside another."""


def of_reclassification(outcome: str, model: str, other: str, interval: str) -> None:
    """By outcome, model, other, interval."""


def of_pair_interval(model: str, other: str, interval: str) -> None:
    """By model, other, interval."""


def of_risk(cohort: str, risk: str) -> None:
    """By cohort, risk."""


def of_hazard(hazard: str, cohort: str) -> None:
    """By hazard, cohort."""


def of_name(name: str) -> None:
    """By name."""


def of_term(term: str) -> None:
    """By term."""


def of_number(number: str) -> None:
    """By number."""


def of_part(model: str, part: str) -> None:
    """By model, part."""


def of_level(level: str) -> None:
    """By level."""


def of_model_level(model: str, level: str) -> None:
    """By model, level."""


def of_guard(guard: str) -> None:
    """By guard."""


def of_verdict(verdict: str) -> None:
    """By verdict."""


def of_voxels(voxels: str) -> None:
    """By voxels."""


def of_regression(regression: str, term: str) -> None:
    """By regression, term."""


def of_statistic(statistic: str, model: str) -> None:
    """By statistic, model."""


def of_feature_class(feature_class: str) -> None:
    """By feature class."""


def of_own_features(own_features: str) -> None:
    """By the name of features of the study's own code."""


def of_perturbation(perturbation: str) -> None:
    """By perturbation."""


def of_package(package: str) -> None:
    """By package."""
