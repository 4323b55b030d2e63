"""Fit of one model in one context.

It is cached by what it learnt from, so that an interrupted run goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.core.cache import cached, digest, is_stored
from analysis.core.word_lists import counted
from analysis.training.content import content_of, seed_for
from analysis.training.contexts import Context
from analysis.training.networks import log_path
from analysis.training.settings import ConfiguredModel
from models.additional import patient_scores
from models.inputs import Inputs
from models.radiomics import RadiomicsModel, fit_together
from models.settings import NetworkSettings
from models.spec import ModelSpec

# How old a network's kept state may be before the next epoch's is written: what a killed run loses
# at most.
CHECKPOINT_SECONDS = 60.0


@dataclass(frozen=True)
class Fit:
    """Result of one fit.

    scores: probability of the event for the context's patients; selected: variables or features
    that the model uses; saw: patients that it was given to learn from; model: the fitted model
    itself where it is needed later, else None; remaining: step of the selection → features left
    after it, where the model has such steps; history: a network's epochs; habitats: names of the
    features of the habitats that were clustered for this fit.
    """

    model_name: str
    context: str
    scores: pd.Series
    selected: tuple[str, ...]
    saw: tuple[str, ...]
    model: Any = None
    remaining: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    history: tuple[dict[str, Any], ...] = ()
    habitats: tuple[str, ...] = ()


def _fit_of(model: ConfiguredModel, context: Context, fitted: Any, work: LearnAndScore) -> Fit:
    remaining = {step: tuple(left) for step, left in getattr(fitted, "remaining_", {}).items()}
    habitats = getattr(fitted, "habitats_", None)
    return Fit(
        model_name=model.id,
        context=context.name,
        scores=patient_scores(model.id, fitted.predict(work.score), work.score.patients),
        selected=tuple(getattr(fitted, "selected_", ())),
        saw=tuple(work.learn.patients),
        remaining=remaining,
        history=tuple(getattr(fitted, "history_", ())),
        habitats=() if habitats is None else tuple(habitats.names),
    )


def keeps_model(spec: ModelSpec, context: Context) -> bool:
    """True if the fitted model is stored.

    It is for final fits, which are locked, and, but for networks, for outer folds, which explain
    them.

    A class from a file of the user can't be stored: another process would not know it.
    """
    if spec.keeps_fit == "never":
        return False
    return context.name == "final" or (spec.keeps_fit == "outer" and not context.inner)


def groups_of(models: Mapping[str, ConfiguredModel]) -> dict[str, list[ConfiguredModel]]:
    """Models that are fitted together, by their group, in the order of their first."""
    groups: dict[str, list[ConfiguredModel]] = {}
    for model in models.values():
        groups.setdefault(model.spec.group, []).append(model)
    return groups


def contexts_for(group: Sequence[ConfiguredModel], contexts: Sequence[Context]) -> list[Context]:
    """Contexts in which a group is fitted.

    Models that are parts of no choice and no fusion are left out of inner folds.
    """
    return [context for context in contexts if not context.inner or group[0].spec.inner_folds]


@dataclass(frozen=True)
class FitStore:
    """Fit store: the folder of fits, and what they depend on beside their inputs.

    seed: the study's. folder: of the cache. code: `code_digest()`. logs: folder in which a network
    shows its epochs; killed, it goes on at an epoch that it kept beside `folder`.
    """

    seed: int
    folder: Path
    code: str
    logs: Path | None = None


@dataclass(frozen=True)
class FitTask:
    """Models that share their path, to be fitted in one context.

    A model without siblings is a group of one. inputs, label: of all patients of the study.
    """

    models: tuple[ConfiguredModel, ...]
    context: Context
    inputs: Inputs
    label: pd.Series
    store: FitStore

    @property
    def title(self) -> str:
        """Models and context, for messages."""
        return f"{', '.join(model.id for model in self.models)} in {self.context.name}"

    @property
    def outcome(self) -> pd.Series:
        """Outcome of the learning patients."""
        return self.label.loc[list(self.context.learn)]

    @property
    def seed(self) -> int:
        """Seed of this group in this context."""
        return seed_for(self.store.seed, self.models[0].spec.group, self.context.name)


@dataclass(frozen=True)
class LearnAndScore:
    """Inputs of the patients that a group learns from, and of those that it scores."""

    learn: Inputs
    score: Inputs

    @classmethod
    def of(cls, task: FitTask) -> LearnAndScore:
        """The inputs of a task."""
        first, inputs = task.models[0], task.inputs.of_fit(task.context.upper)
        return cls(
            learn=first.inputs(inputs.subset(task.context.learn)),
            score=first.inputs(inputs.subset(task.context.score)),
        )


@dataclass(frozen=True)
class FitKeys:
    """Keys of a fit.

    learnt: of the fitted model. scored: of the fit with its scores. kept: whether the model is
    stored by itself.
    """

    learnt: str
    scored: str
    kept: bool

    def is_there(self, folder: Path) -> bool:
        """True if nothing needs to be fitted."""
        return is_stored(folder, self.learnt if self.kept else self.scored)


def _keys(task: FitTask, work: LearnAndScore) -> dict[str, FitKeys]:
    """Cache keys of each model's fit.

    What it learnt from is one key, whom it scores another: patients of a new cohort are scored by
    the very model that was locked.
    """
    context, store = task.context, task.store
    learnt_from, scored_on = content_of(work.learn), content_of(work.score)
    found = {}
    for model in task.models:
        kept = keeps_model(model.spec, context)
        learnt = digest(
            model.id,
            model.settings.content(),
            task.seed,
            list(context.learn),
            task.outcome.tolist(),
            *learnt_from,
            kept,
            store.code,
        )
        scored = digest(learnt, list(context.score), *scored_on)
        found[model.id] = FitKeys(learnt, scored, kept)
    return found


def _work(model: ConfiguredModel, work: LearnAndScore) -> float | None:
    """What the time of a fit grows with; None of one that is no network."""
    settings, images = model.settings, work.learn.images
    if not isinstance(settings, NetworkSettings) or images is None:
        return None
    patients, slices, _, pixels, _ = images.shape
    return settings.work(patients, slices, pixels)


def _epochs_done(model: ConfiguredModel, history: Sequence[Any]) -> float | None:
    """Share of a network's epochs that were run; None where early stopping leaves none out."""
    settings = model.settings
    if not isinstance(settings, NetworkSettings) or not settings.early_stopping or not history:
        return None
    return len(history) / (settings.epochs * settings.members)


def _watches(task: FitTask, keys: Mapping[str, FitKeys]) -> dict[str, Any]:
    """Watches of the networks, which show their epochs and keep their state."""
    networks = [model.id for model in task.models if isinstance(model.settings, NetworkSettings)]
    if not networks:
        return {}
    # PyTorch loads where there is a network.
    from models.deep import Watch

    store = task.store
    kept_in = store.folder.parent / "training"
    return {
        name: Watch(
            log_path(store.logs, name, task.context.name),
            kept_in / f"{keys[name].learnt}.pt",
            CHECKPOINT_SECONDS,
        )
        for name in networks
    }


def fit_models(
    models: Sequence[Any],
    learn: Inputs,
    outcome: pd.Series,
    watches: Sequence[Any] | None = None,
) -> list[Any]:
    """Fit models that share their path: classifiers together, any other by itself.

    watches: of each, None for one that has none.
    """
    if all(isinstance(model, RadiomicsModel) for model in models):
        return list(fit_together(models, learn, outcome))
    found = []
    for model, watch in zip(models, watches or [None] * len(models), strict=True):
        more = {} if watch is None else {"watch": watch}
        found.append(model.fit(learn, outcome, **more))
    return found


class _Group:
    """The models of a task, fitted when the first of them is asked for that is not stored."""

    def __init__(self, task: FitTask):
        self.task = task
        self.work = LearnAndScore.of(task)
        self.keys = _keys(task, self.work)
        self.watches = _watches(task, self.keys)
        self.made: dict[str, Any] = {}

    def fitted(self, model: ConfiguredModel) -> Any:
        """The fitted model; all others that are not stored are fitted with it."""
        if model.id not in self.made:
            folder = self.task.store.folder
            absent = [
                other
                for other in self.task.models
                if other.id == model.id or not self.keys[other.id].is_there(folder)
            ]
            found = fit_models(
                [other.build(self.task.seed) for other in absent],
                self.work.learn,
                self.task.outcome,
                [self.watches.get(other.id) for other in absent],
            )
            self.made.update(zip([other.id for other in absent], found, strict=True))
        return self.made[model.id]

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Context in which an error names the models and the context."""
        try:
            yield
        except Exception as error:
            names = ", ".join(model.id for model in self.task.models)
            outcome = self.task.outcome
            raise RuntimeError(
                f"{names} could not be fitted in {self.task.context.name}"
                f" ({counted(len(outcome), 'patient')}, {counted(int(outcome.sum()), 'event')}):"
                f" {error}"
            ) from error

    def _learn(self, model: ConfiguredModel) -> Any:
        with self._naming():
            return self.fitted(model)

    def _score(self, model: ConfiguredModel, fitted: Any) -> Fit:
        with self._naming():
            return _fit_of(model, self.task.context, fitted, self.work)

    def _learn_and_score(self, model: ConfiguredModel) -> Fit:
        return self._score(model, self._learn(model))

    def fit(self, model: ConfiguredModel) -> Fit | None:
        """The fit of one model, stored or made; None while planning, where it is not stored."""
        key, folder = self.keys[model.id], self.task.store.folder
        what, work = f"{model.id} in {self.task.context.name}", _work(model, self.work)
        if not key.kept:
            return cached(
                folder,
                key.scored,
                partial(self._learn_and_score, model),
                what,
                work=work,
                done=lambda fit: _epochs_done(model, fit.history),
            )
        kept = cached(
            folder,
            key.learnt,
            partial(self._learn, model),
            what,
            work=work,
            done=lambda fitted: _epochs_done(model, getattr(fitted, "history_", ())),
        )
        scores = folder.parent / "scores"
        found = cached(scores, key.scored, partial(self._score, model, kept), what)
        return None if found is None else replace(found, model=kept)


def fit_group(task: FitTask) -> list[Fit | None]:
    """Fit models that share their path on the context's learning patients and score its others.

    Errors name the models and the context.

    Each fit is stored by itself, under a key that knows nothing of its siblings; only those that
    are not there are fitted. None stands for a fit that is not there, while planning alone.
    """
    group = _Group(task)
    fits = [group.fit(model) for model in task.models]
    for watch in group.watches.values():
        watch.finish()
    return fits


def fit_one(task: FitTask) -> Fit | None:
    """The fit of a group of one; None while planning, where it is not stored."""
    return fit_group(task)[0]
