"""One fit of one model in one context; cached by what it learnt from, so that an interrupted run
goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import models
from analysis import statistics
from analysis.arithmetic import description
from analysis.cache import cached, digest, is_stored, source_digest, versions
from analysis.training.contexts import Context
from analysis.training.networks import log_path
from models.additional import load_model_class, reads_of
from models.catalogue import CLASSIFIERS, NETWORKS
from models.clinical import ClinicalModel
from models.inputs import Inputs
from models.radiomics import RadiomicsModel, fit_together

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "xgboost",
    "statsmodels",
    "firthmodels",
    "torch",
    "monai",
)
# What the models compute with, of the project's own.
STATISTICS = ("mrmr", "regression", "rubin", "separation", "splines")

# How old a network's kept state may be before the next epoch's is written: what a killed run loses
# at most.
CHECKPOINT_SECONDS = 60.0


@dataclass(frozen=True)
class Fit:
    """scores: probability of the event for the context's patients; selected: variables or features
    that the model uses;
    saw: patients that it was given to learn from; model: the fitted model itself where it is needed
    later, else None;
    remaining: step of the selection → features left after it, where the model has such steps;
    history: a network's epochs.
    """

    model_name: str
    context: str
    scores: pd.Series
    selected: tuple[str, ...]
    saw: tuple[str, ...]
    model: Any = None
    remaining: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    history: tuple[dict[str, Any], ...] = ()


def code_digest() -> str:
    """Code and libraries that a fit depends on."""
    folder = Path(models.__file__).parent
    # Scores that learn nothing, what is done with a fitted model, and what only looks into it are
    # no part of a fit.
    others = (folder / "staging", folder / "locked", folder / "deep" / "saliency.py")
    sources = [
        path
        for path in sorted(folder.rglob("*.py"))
        if not any(path.is_relative_to(other) for other in others)
    ]
    sources += [Path(statistics.__file__).with_name(f"{name}.py") for name in STATISTICS]
    return digest(
        source_digest(*sources), source_digest(Path(__file__)), versions(LIBRARIES), description()
    )


def seed_for(seed: int, *names: str) -> int:
    """A seed of its own for each model and context, the same on every run and whatever the order of
    work."""
    return int.from_bytes(hashlib.sha256(repr((seed, *names)).encode()).digest()[:4], "big") >> 1


def path_of(name: str) -> str:
    """What a model shares its path with: the radiomics classifiers one selection, every other model
    none."""
    return (
        "radiomics" if name in {f"radiomics_{classifier}" for classifier in CLASSIFIERS} else name
    )


def build(name: str, settings: dict[str, Any], seed: int) -> Any:
    """The unfitted model of a name in the predictions, from its constructor arguments."""
    if "model" in settings:
        return load_model_class(settings["model"], Path(settings["root"]))(
            seed=seed, **settings["settings"]
        )
    if name == "cr":
        return ClinicalModel(**settings, seed=seed)
    if name in NETWORKS:
        from models.deep import DeepModel

        return DeepModel(name, **settings, seed=seed)
    return RadiomicsModel(name.removeprefix("radiomics_"), **settings, seed=seed)


def inputs_for(name: str, settings: dict[str, Any], inputs: Inputs) -> Inputs:
    """Only what the model reads, so that a change of the others leaves its key alone."""
    if "model" in settings:
        keep: dict[str, Any] = {
            kind: getattr(inputs, kind)
            for kind in reads_of(load_model_class(settings["model"], Path(settings["root"])))
        }
    elif name == "cr":
        assert inputs.clinical is not None
        keep = {"clinical": inputs.clinical[settings["candidates"]]}
    elif name in NETWORKS:
        keep = {"images": inputs.images}
    else:
        assert inputs.radiomics is not None
        keep = {"radiomics": inputs.radiomics[settings["features"]]} | (
            {"centre": inputs.centre} if settings.get("harmonisation") is not None else {}
        )
    absent = [kind for kind, content in keep.items() if content is None]
    if absent:
        raise ValueError(f"{name} reads {' and '.join(absent)}, which this study does not have")
    return Inputs(inputs.patients, **keep)


def table_content(table: pd.DataFrame) -> bytes:
    """The table's values, columns and rows, for keys; numbers by their bytes, as hashing thousands
    of columns one by one takes longer than a fit."""
    numeric = all(isinstance(dtype, np.dtype) and dtype.kind in "fiub" for dtype in table.dtypes)
    values = (
        np.ascontiguousarray(table.to_numpy(dtype=float)).tobytes()
        if numeric
        else pd.util.hash_pandas_object(table).to_numpy().tobytes()
    )
    return values + repr((list(table.columns), list(table.index))).encode()


def content_of(inputs: Inputs) -> list[bytes]:
    """Everything in the inputs, for keys."""
    tables = [
        table_content(table) for table in (inputs.clinical, inputs.radiomics) if table is not None
    ]
    centre = [repr(inputs.centre.tolist()).encode()] if inputs.centre is not None else []
    return tables + centre + ([inputs.images.tobytes()] if inputs.images is not None else [])


def _fit_of(name: str, context: Context, model: Any, learn: Inputs, score: Inputs) -> Fit:
    remaining = {step: tuple(left) for step, left in getattr(model, "remaining_", {}).items()}
    return Fit(
        name,
        context.name,
        model.predict(score),
        tuple(getattr(model, "selected_", ())),
        tuple(learn.patients),
        None,
        remaining,
        tuple(getattr(model, "history_", ())),
    )


def _watch(name: str, context: Context, checkpoint: Path, logs: Path | None) -> Any:
    from models.deep import Watch

    return Watch(log_path(logs, name, context.name), checkpoint, CHECKPOINT_SECONDS)


def keeps_model(name: str, settings: dict[str, Any], context: Context) -> bool:
    """Models of final fits are kept, which are locked, and, but for networks, of outer folds, which
    explain them.

    A class from a file of the user can't be stored: another process would not know it.
    """
    return "model" not in settings and (
        context.name == "final" or not (context.inner or name in NETWORKS)
    )


@dataclass(frozen=True)
class FitKeys:
    """learnt: of the fitted model. scored: of the fit with its scores. kept: whether the model is
    stored by itself."""

    learnt: str
    scored: str
    kept: bool

    def is_there(self, folder: Path) -> bool:
        """Whether nothing needs to be fitted."""
        return is_stored(folder, self.learnt if self.kept else self.scored)


def fit_group(
    names: Sequence[str],
    settings: Sequence[dict[str, Any]],
    context: Context,
    inputs: Inputs,
    label: pd.Series,
    seed: int,
    folder: Path,
    code: str,
    logs: Path | None = None,
) -> list[Fit]:
    """Fit models that share their path on the context's learning patients and score its others; a
    model without siblings is a group of one. Errors name the models and the context.

    Each fit is stored by itself, under a key that knows nothing of its siblings; only those that
    are not there are fitted. What a model learnt from is one key, whom it scores another: patients
    of a new cohort are scored by the very model that was locked.
    logs: folder in which a network shows its epochs; killed, it goes on at an epoch that it kept
    beside `folder`.
    """
    learn, score = (
        inputs_for(names[0], settings[0], inputs.subset(part))
        for part in (context.learn, context.score)
    )
    outcome = label.loc[list(context.learn)]
    seed = seed_for(seed, path_of(names[0]), context.name)
    learnt_from, scored_on = content_of(learn), content_of(score)
    keys = {}
    for name, each in zip(names, settings, strict=True):
        kept = keeps_model(name, each, context)
        # Where the study lies is no part of what is computed.
        plain = {part: value for part, value in each.items() if part != "root"}
        learnt = digest(
            name, plain, seed, list(context.learn), outcome.tolist(), *learnt_from, kept, code
        )
        keys[name] = FitKeys(learnt, digest(learnt, list(context.score), *scored_on), kept)
    watches = {
        name: _watch(name, context, folder.parent / "training" / f"{key.learnt}.pt", logs)
        for name, key in keys.items()
        if name in NETWORKS
    }
    made: dict[str, Any] = {}

    def named(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Exception as error:
            raise RuntimeError(
                f"{', '.join(names)} could not be fitted in {context.name} ({len(context.learn)}"
                f" patients, {int(outcome.sum())} events): {error}"
            ) from error

    def fitted(name: str) -> Any:
        if name not in made:
            absent = [
                other for other, key in keys.items() if other == name or not key.is_there(folder)
            ]
            models = [
                build(other, each, seed)
                for other, each in zip(names, settings, strict=True)
                if other in absent
            ]
            together = all(isinstance(model, RadiomicsModel) for model in models)
            found = (
                fit_together(models, learn, outcome)
                if together
                else [
                    model.fit(
                        learn, outcome, **({"watch": watches[other]} if other in watches else {})
                    )
                    for other, model in zip(absent, models, strict=True)
                ]
            )
            made.update(zip(absent, found, strict=True))
        return made[name]

    fits = []
    for name, key in keys.items():
        what = f"{name} in {context.name}"
        if not key.kept:
            fits.append(
                cached(
                    folder,
                    key.scored,
                    lambda name=name: named(
                        lambda: _fit_of(name, context, fitted(name), learn, score)
                    ),
                    what,
                )
            )
            continue
        model = cached(folder, key.learnt, lambda name=name: named(lambda: fitted(name)), what)
        fit = cached(
            folder.parent / "scores",
            key.scored,
            lambda name=name, model=model: named(
                lambda: _fit_of(name, context, model, learn, score)
            ),
            what,
        )
        # While planning, what is not there is None.
        fits.append(None if fit is None else replace(fit, model=model))
    for watch in watches.values():
        watch.finish()
    return fits


def fit_one(
    name: str,
    settings: dict[str, Any],
    context: Context,
    inputs: Inputs,
    label: pd.Series,
    seed: int,
    folder: Path,
    code: str,
    logs: Path | None = None,
) -> Fit:
    """The fit of one model in one context, as in `fit_group`."""
    return fit_group([name], [settings], context, inputs, label, seed, folder, code, logs)[0]
