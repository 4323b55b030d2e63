"""Predictions that were made elsewhere, as the table that training would have filled."""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.supplied_predictions import read_predictions
from analysis.core.problems import Problems
from analysis.training.comparators import comparator_predictions
from analysis.training.contexts import Folds, contexts_of
from analysis.training.predictions import prediction_table
from analysis.training.trained import FitProvenance, FittedModels, Predictions, TrainedStudy
from models.inputs import Inputs
from models.registry import registry_of


def given_training(cohort: Cohort) -> TrainedStudy:
    """Study's predictions, and its comparators beside them.

    Nothing is fitted but the comparators' probabilities.

    These are learnt from the training patients whose outcome the study has; without such patients a
    comparator has its score alone. Raises CohortError listing every error of the predictions.
    """
    problems = Problems(cohort.excluded)
    found = read_predictions(cohort.study, cohort.cohort, problems)
    problems.raise_errors()
    assert found is not None
    rows, labels = found
    registry = registry_of(cohort.study, labels)
    family = rows["model"].map({name: spec.family for name, spec in registry.items()})
    frames = [rows.assign(family=family, repeat=1)]
    if cohort.study.comparators or cohort.study.supplement_scores:
        folds = _folds(cohort)
        outer = [name for name in folds if name != "final"]
        frames.append(comparator_predictions(cohort, folds, {1: outer} if outer else {}))
    clinical = cohort.clinical if cohort.dictionary is not None else None
    return TrainedStudy(
        registry=registry,
        predictions=Predictions(prediction_table(cohort, frames)),
        fitted=FittedModels.none(),
        provenance=FitProvenance(inputs=Inputs(cohort.patients, clinical), steps=()),
    )


def _folds(cohort: Cohort) -> dict[str, tuple[list[str], list[str]]]:
    """Folds in which a comparator's probability is learnt.

    Without training patients there is the final one alone, and it learns from nobody.
    """
    study = cohort.study
    training, others = (
        list(cohort.patients[(cohort.cohort == "training") == wanted]) for wanted in (True, False)
    )
    if not training:
        return {"final": ([], others)}
    contexts = contexts_of(
        training,
        others,
        cohort.label,
        Folds(study.validation.outer_folds, study.validation.inner_folds, study.seed),
    )
    return {
        context.name: (list(context.learn), list(context.score))
        for context in contexts
        if not context.inner
    }
