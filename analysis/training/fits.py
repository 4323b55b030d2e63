"""One fit of one model in one context; cached by what it learnt from, so that an interrupted run goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

import models
from analysis.cache import cached, digest, source_digest, versions
from analysis.training.contexts import Context
from models.additional import load_model_class, reads_of
from models.catalogue import NETWORKS
from models.clinical import ClinicalModel
from models.inputs import Inputs
from models.radiomics import RadiomicsModel

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "xgboost", "statsmodels", "torch", "monai")


@dataclass(frozen=True)
class Fit:
    """scores: probability of the event for the context's patients; selected: variables or features that the model uses;
    saw: patients that it was given to learn from; model: the fitted model itself where it is needed later, else None."""

    model_name: str
    context: str
    scores: pd.Series
    selected: tuple[str, ...]
    saw: tuple[str, ...]
    model: Any = None


def code_digest() -> str:
    """Code and libraries that a fit depends on."""
    folder = Path(models.__file__).parent
    sources = [folder / f"{name}.py" for name in ("clinical", "radiomics", "deep", "fusion", "inputs")]
    return digest(source_digest(*sources), source_digest(Path(__file__)), versions(LIBRARIES))


def seed_for(seed: int, *names: str) -> int:
    """A seed of its own for each model and context, the same on every run and whatever the order of work."""
    return int.from_bytes(hashlib.sha256(repr((seed, *names)).encode()).digest()[:4], "big") >> 1


def build(name: str, settings: dict[str, Any], seed: int):
    """The unfitted model of a name in the predictions, from its constructor arguments."""
    if "model" in settings:
        return load_model_class(settings["model"], Path(settings["root"]))(seed=seed, **settings["settings"])
    if name == "cr":
        return ClinicalModel(**settings)
    if name in NETWORKS:
        from models.deep import DeepModel
        return DeepModel(name, **settings, seed=seed)
    return RadiomicsModel(name.removeprefix("radiomics_"), **settings, seed=seed)


def inputs_for(name: str, settings: dict[str, Any], inputs: Inputs) -> Inputs:
    """Only what the model reads, so that a change of the others leaves its key alone."""
    if "model" in settings:
        keep = {kind: getattr(inputs, kind) for kind in reads_of(load_model_class(settings["model"], Path(settings["root"])))}
    elif name == "cr":
        keep = {"clinical": inputs.clinical[settings["candidates"]]}
    elif name in NETWORKS:
        keep = {"images": inputs.images}
    else:
        keep = {"radiomics": inputs.radiomics[settings["features"]]}
    absent = [kind for kind, content in keep.items() if content is None]
    if absent:
        raise ValueError(f"{name} reads {' and '.join(absent)}, which this study does not have")
    return Inputs(inputs.patients, **keep)


def _content(inputs: Inputs) -> list[bytes]:
    tables = [pd.util.hash_pandas_object(table).to_numpy().tobytes() + repr(list(table.columns)).encode()
              for table in (inputs.clinical, inputs.radiomics) if table is not None]
    return tables + ([inputs.images.tobytes()] if inputs.images is not None else [])


@dataclass(frozen=True)
class FitKeys:
    """learnt: of the fitted model, empty where none is kept; scored: of the fit with its scores."""

    learnt: str
    scored: str


def keeps_model(name: str, settings: dict[str, Any], context: Context) -> bool:
    """Models of final fits are kept, which are locked, and, but for networks, of outer folds, which explain them.

    A class from a file of the user can't be stored: another process would not know it.
    """
    return "model" not in settings and (context.name == "final" or not (context.inner or name in NETWORKS))


def fit_keys(name: str, settings: dict[str, Any], context: Context, inputs: Inputs, label: pd.Series, seed: int, code: str) -> FitKeys:
    """Keys of a fit in the cache. What a model learnt from is one, whom it scores another: patients of a new cohort are
    scored by the very model that was locked, and none is fitted again."""
    learn, score = (inputs_for(name, settings, inputs.subset(part)) for part in (context.learn, context.score))
    keep = keeps_model(name, settings, context)
    # Where the study lies is no part of what is computed.
    plain = {each: value for each, value in settings.items() if each != "root"}
    learnt = digest(name, plain, seed_for(seed, name, context.name), list(context.learn), label.loc[list(context.learn)].tolist(), *_content(learn), keep, code)
    return FitKeys(learnt if keep else "", digest(learnt, list(context.score), *_content(score)))


def fit_one(name: str, settings: dict[str, Any], context: Context, inputs: Inputs, label: pd.Series, seed: int, folder: Path, code: str) -> Fit:
    """Fit `name` on the context's learning patients and score its others. Errors name the model and the context."""
    learn, score = (inputs_for(name, settings, inputs.subset(part)) for part in (context.learn, context.score))
    outcome = label.loc[list(context.learn)]
    keys = fit_keys(name, settings, context, inputs, label, seed, code)
    what = f"{name} in {context.name}"

    def named(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Exception as error:
            raise RuntimeError(f"{name} could not be fitted in {context.name} ({len(context.learn)} patients, {int(outcome.sum())} events): {error}") from error

    def fitted() -> Any:
        return named(lambda: build(name, settings, seed_for(seed, name, context.name)).fit(learn, outcome))

    def scored(model: Any) -> Fit:
        return named(lambda: Fit(name, context.name, model.predict(score), tuple(getattr(model, "selected_", ())), tuple(learn.patients)))

    if not keys.learnt:
        return cached(folder, keys.scored, lambda: scored(fitted()), what)
    model = cached(folder, keys.learnt, fitted, what)
    return replace(cached(folder.parent / "scores", keys.scored, lambda: scored(model), what), model=model)
