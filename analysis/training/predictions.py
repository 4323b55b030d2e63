"""Fits and predictions of all models of a study.

All fits of a study, the choice of the best parts, the nested fusions, and the table that they fill.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import is_planning, read_timings
from analysis.core.early_stopping import share_of_epochs
from analysis.core.execution import process_count
from analysis.inputs.blocks import block_features
from analysis.inputs.radiomics import RadiomicsTable, reproducible_features
from analysis.training.comparators import comparator_predictions
from analysis.training.content import code_digest
from analysis.training.contexts import Context, Folds, contexts_of, outer_repeats
from analysis.training.delineations import (
    Delineations,
    Extra,
    with_delineations,
    without_delineations,
)
from analysis.training.estimate import estimate_text, estimated_seconds
from analysis.training.features_of_fits import features_of_fits, in_every_fit
from analysis.training.fit_queue import fit_all
from analysis.training.fits import FitStore, FitTask, contexts_for, groups_of
from analysis.training.fusions import Fused, FusionInputs, fused
from analysis.training.scores import Scores
from analysis.training.settings import ConfiguredModel, configured_models
from analysis.training.trained import FitProvenance, FittedModels, Predictions, TrainedStudy
from analysis.training.training_progress import network_status
from models.inputs import ImageFeatures, Inputs
from models.registry import ModelSpec, Registry, registry_of

COLUMNS = [
    "patient_id",
    "cohort",
    "model",
    "family",
    "how",
    "repeat",
    "score",
    "probability",
    "label",
    "time_months",
    "event_type",
]


@dataclass(frozen=True)
class ModelScores:
    """Scores of one model.

    final: of its final fit. outer: repeat of the folds -> of all patients by the folds that had not
    seen them.
    """

    spec: ModelSpec
    final: pd.Series
    outer: Mapping[int, pd.Series]


def _rows(cohort: Cohort, scores: ModelScores) -> pd.DataFrame:
    """Rows of the predictions' table for one set of model scores.

    Apparent and out-of-fold rows of training patients, the latter for each repeat, and one way of
    judging for each other cohort, named as it is.
    """
    final = scores.final
    of = cohort.cohort[final.index]
    others = [name for name in cohort.study.cohorts if name != "training"]
    parts = [
        ("apparent", 1, final[of == "training"]),
        *[("out_of_fold", repeat, each) for repeat, each in scores.outer.items()],
        *[(name, 1, final[of == name]) for name in others],
    ]
    frames = [
        pd.DataFrame(
            {
                "patient_id": each.index,
                "how": how,
                "repeat": repeat,
                "score": each.to_numpy(),
                "probability": each.to_numpy(),
            }
        )
        for how, repeat, each in parts
    ]
    return pd.concat(frames).assign(model=scores.spec.id, family=scores.spec.family)


class InputsOfFits:
    """Inputs as each fit's process is given them: those of its own outer fold alone.

    inputs: of the study. Where every fold has features of its own, images are copied for those
    models alone that read both.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._whole = replace(inputs, fits={}) if inputs.fits else inputs
        self._without_images = replace(inputs, images=None)
        self._folds: dict[str, Inputs] = {}
        self._inputs = inputs

    def seen(self, group: Sequence[ConfiguredModel], context: Context) -> Inputs:
        """Inputs for a group of models in a context."""
        reads = {kind for model in group for kind in model.spec.reads}
        if not self._inputs.fits or "radiomics" not in reads:
            return self._whole
        if "images" in reads:
            return self._inputs.of_fit(context.upper)
        if context.upper not in self._folds:
            self._folds[context.upper] = self._without_images.of_fit(context.upper)
        return self._folds[context.upper]


def _fit_all(
    cohort: Cohort,
    models: Mapping[str, ConfiguredModel],
    contexts: list[Context],
    inputs: Inputs,
) -> Scores:
    """Fit every base model in every context that it is fitted in.

    Slow fits come first, so that no process is left with a network while the other has finished.
    """
    study, started = cohort.study, time.time()
    store = FitStore(
        seed=study.seed,
        folder=study.cache_folder / "fits",
        code=code_digest(),
        logs=study.output_folder / "training",
    )
    slow_first = sorted(models.values(), key=lambda model: -model.spec.cost)
    groups = groups_of({model.id: model for model in slow_first})
    given = InputsOfFits(inputs)
    tasks = [
        FitTask(tuple(group), context, given.seen(group, context), label=cohort.label, store=store)
        for group in groups.values()
        for context in contexts_for(group, contexts)
    ]
    found = fit_all(
        tasks, study.jobs, lambda: network_status(study.output_folder / "training", started)
    )
    return Scores([fit for fits in found for fit in fits], contexts, cohort.label)


def _reproducible(cohort: Cohort, table: RadiomicsTable | None, training: list[str]) -> list[str]:
    """Features that agree between delineations, a filter that sees no outcome.

    Raises ValueError where there is none.
    """
    part = cohort.study.radiomics
    if table is None or part is None:
        return []
    features = reproducible_features(
        table,
        part.icc_threshold,
        training,
        part.icc_judged_by,
        level=cohort.study.statistics.confidence_level,
    )
    if not features:
        raise ValueError(
            f"radiomics: no feature reaches icc_threshold {part.icc_threshold}; lower it, or look"
            " at the repeated masks"
        )
    return features


def _say_how_long(
    cohort: Cohort,
    models: Mapping[str, ConfiguredModel],
    contexts: list[Context],
    inputs: Inputs,
) -> None:
    """Print the estimated time of a full protocol, before hours are spent."""
    study = cohort.study
    if study.study.protocol != "full" or is_planning():
        return
    stops = study.deep_learning is not None and study.deep_learning.early_stopping is not None
    share = share_of_epochs(read_timings(study.cache_folder)) if stops else None
    seconds = estimated_seconds(models, contexts, inputs, label=cohort.label, share=share)
    processes = process_count(study.jobs)
    text = estimate_text(seconds, len(contexts), processes, stops=stops, share=share)
    print(f"{study.study.name}: {text}", file=sys.stderr, flush=True)


def study_contexts(cohort: Cohort, extra: Iterable[str] = ()) -> list[Context]:
    """Every fit of the study; other delineations (`extra`) are scored by the final one."""
    validation = cohort.study.validation
    by_centre = validation.outer == "leave_one_centre_out"
    in_training = cohort.cohort == "training"
    return contexts_of(
        list(cohort.patients[in_training]),
        [*cohort.patients[~in_training], *extra],
        cohort.label,
        Folds(
            validation.outer_folds,
            validation.inner_folds,
            seed=cohort.study.seed,
            repeats=validation.repeats,
        ),
        centre=cohort.centre if by_centre else None,
    )


def _fused_models(
    cohort: Cohort,
    models: Mapping[str, ConfiguredModel],
    scores: Scores,
    inputs: Inputs,
    registry: Registry,
) -> FittedModels:
    """The best part chosen in every context but the inner folds, and the fusions of each."""
    upper = [context for context in scores.contexts.values() if not context.inner]
    choices = registry.choices
    chosen: dict[str, dict[str, str]] = {}
    fusions: dict[str, dict[str, Fused]] = {}
    for context in upper:
        best = {part: scores.best(names, context.name) for part, names in choices.items()}
        given = FusionInputs(
            scores, inputs, method=cohort.study.fusion.method, chosen=best, siblings=choices
        )
        chosen[context.name] = best
        fusions[context.name] = fused(registry.of("fusion"), given, context)
    return FittedModels(models=models, scores=scores, chosen=chosen, fusions=fusions)


def _all_scores(fitted: FittedModels, registry: Registry) -> list[ModelScores]:
    """Scores of every trained model, in the order of predictions."""
    upper = [context for context in fitted.scores.contexts.values() if not context.inner]
    repeats = outer_repeats(upper)

    def outer(name: str) -> dict[int, pd.Series]:
        return {
            repeat: pd.concat([fitted.scored(name, fold) for fold in folds])
            for repeat, folds in repeats.items()
        }

    return [
        ModelScores(registry[name], fitted.scored(name, "final"), outer(name))
        for name in registry.trained_order
    ]


def _comparator_rows(cohort: Cohort, contexts: list[Context]) -> list[pd.DataFrame]:
    """Predictions of the study's scores, judged on the same folds; none where it has none."""
    if not cohort.study.comparators and not cohort.study.supplement_scores:
        return []
    known = set(cohort.patients)
    upper = [context for context in contexts if not context.inner]
    folds = {
        context.name: (
            list(context.learn),
            [patient for patient in context.score if patient in known],
        )
        for context in upper
    }
    return [comparator_predictions(cohort, folds, outer_repeats(upper))]


def prediction_table(cohort: Cohort, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """All rows with each patient's cohort and outcome."""
    outcome = pd.concat([cohort.cohort, cohort.outcome], axis=1)
    table = pd.concat(frames, ignore_index=True).join(outcome, on="patient_id")
    return table[COLUMNS].reset_index(drop=True)


def train_all(
    cohort: Cohort,
    table: RadiomicsTable | None,
    images: Any = None,
    repeat_images: Delineations | None = None,
) -> TrainedStudy:
    """Fit every model in every context and return predictions for every patient.

    The radiomics classifier and network of `radiomics` and `dl` are chosen anew in each context by
    its inner out-of-fold AUC, so the outer out-of-fold scores pay for the choice. Features of low
    reproducibility between delineations are left out beforehand: that filter sees no outcome.
    repeat_images: crops by other delineations, which the locked models score and nothing learns
    from.
    """
    registry = registry_of(cohort.study)
    training = list(cohort.patients[cohort.cohort == "training"])
    fits: dict[str, ImageFeatures] = {}
    if table is not None:
        found = features_of_fits(cohort, study_contexts(cohort, Extra({})))
        table, fits = in_every_fit(table, found)
    features = _reproducible(cohort, table, training)
    blocks = block_features(cohort, [] if table is None else table.features.columns)
    own = Inputs(
        patients=cohort.patients,
        clinical=cohort.predictors,
        radiomics=None if table is None else table.features,
        images=images,
        centre=cohort.centre,
        voxels=None if table is None or table.voxels is None else table.voxels.voxels,
        blocks=blocks.features,
    )
    inputs, extra = with_delineations(own, table, repeat_images)
    inputs = replace(inputs, fits=fits)
    contexts = study_contexts(cohort, extra)
    models = configured_models(cohort, features, registry, blocks.names)
    _say_how_long(cohort, models, contexts, inputs)

    # First, as it takes a second, in which the processes of the fits get ready.
    compared = _comparator_rows(cohort, contexts)
    scores = _fit_all(cohort, models, contexts, inputs)
    fitted = _fused_models(cohort, models, scores=scores, inputs=inputs, registry=registry)
    every = _all_scores(fitted, registry)
    frames = [
        _rows(cohort, ModelScores(each.spec, without_delineations(each.final), each.outer))
        for each in every
    ]
    frames += compared
    return TrainedStudy(
        registry=registry,
        predictions=Predictions(
            table=prediction_table(cohort, frames),
            delineations=extra.rows({each.spec.id: each.final for each in every}),
        ),
        fitted=fitted,
        provenance=FitProvenance(inputs=inputs, steps=fitted.steps),
    )
