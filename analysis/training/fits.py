"""One fit of one model in one context; cached by what it learnt from, so that an interrupted run goes on where it was."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import models
from analysis.cache import cached, digest, source_digest, versions
from analysis.training.contexts import Context
from models.catalogue import NETWORKS
from models.clinical import ClinicalModel
from models.inputs import Inputs
from models.radiomics import RadiomicsModel

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "xgboost", "statsmodels", "torch", "monai")


@dataclass(frozen=True)
class Fit:
    """scores: probability of the event for the context's patients; selected: variables or features that the model uses."""

    model: str
    context: str
    scores: pd.Series
    selected: tuple[str, ...]


def code_digest() -> str:
    """Code and libraries that a fit depends on."""
    folder = Path(models.__file__).parent
    sources = [folder / f"{name}.py" for name in ("clinical", "radiomics", "deep", "fusion", "inputs")]
    return digest(source_digest(*sources), source_digest(Path(__file__)), versions(LIBRARIES))


def seed_for(seed: int, *names: str) -> int:
    """A seed of its own for each model and context, the same on every run and whatever the order of work."""
    return int.from_bytes(hashlib.sha256(repr((seed, *names)).encode()).digest()[:4], "big") >> 1


def _build(name: str, settings: dict[str, Any], seed: int):
    if name == "cr":
        return ClinicalModel(**settings)
    if name in NETWORKS:
        from models.deep import DeepModel
        return DeepModel(name, **settings, seed=seed)
    return RadiomicsModel(name.removeprefix("radiomics_"), **settings, seed=seed)


def _inputs_for(name: str, inputs: Inputs) -> Inputs:
    """Only what the model reads, so that a change of the others leaves its key alone."""
    keep = "clinical" if name == "cr" else "images" if name in NETWORKS else "radiomics"
    return Inputs(inputs.patients, **{keep: getattr(inputs, keep)})


def _content(inputs: Inputs) -> list[bytes]:
    tables = [pd.util.hash_pandas_object(table).to_numpy().tobytes() + repr(list(table.columns)).encode()
              for table in (inputs.clinical, inputs.radiomics) if table is not None]
    return tables + ([inputs.images.tobytes()] if inputs.images is not None else [])


def fit_one(name: str, settings: dict[str, Any], context: Context, inputs: Inputs, label: pd.Series, seed: int, folder: Path, code: str) -> Fit:
    """Fit `name` on the context's learning patients and score its others. Errors name the model and the context."""
    learn, score = inputs.subset(context.learn), inputs.subset(context.score)
    learn, score = _inputs_for(name, learn), _inputs_for(name, score)
    outcome = label.loc[list(context.learn)]
    seed = seed_for(seed, name, context.name)
    if name == "cr":
        used = settings["candidates"]
        learn, score = (Inputs(part.patients, clinical=part.clinical[used]) for part in (learn, score))
    elif name.startswith("radiomics_"):
        used = settings["features"]
        learn, score = (Inputs(part.patients, radiomics=part.radiomics[used]) for part in (learn, score))

    def compute() -> Fit:
        try:
            model = _build(name, settings, seed).fit(learn, outcome)
            return Fit(name, context.name, model.predict(score), tuple(getattr(model, "selected_", ())))
        except Exception as error:
            raise RuntimeError(f"{name} could not be fitted in {context.name} ({len(context.learn)} patients, {int(outcome.sum())} events): {error}") from error

    key = digest(name, settings, seed, list(context.learn), list(context.score), outcome.tolist(), *_content(learn), *_content(score), code)
    return cached(folder, key, compute)
