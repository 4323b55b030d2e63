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
from analysis.training.networks import log_path
from models.additional import load_model_class, reads_of
from models.catalogue import NETWORKS
from models.clinical import ClinicalModel
from models.inputs import Inputs
from models.radiomics import RadiomicsModel

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "xgboost", "statsmodels", "torch", "monai")

# How old a network's kept state may be before the next epoch's is written: what a killed run loses at most.
CHECKPOINT_SECONDS = 60.0


@dataclass(frozen=True)
class Fit:
    """scores: probability of the event for the context's patients; selected: variables or features that the model uses;
    saw: patients that it was given to learn from; model: the fitted model itself where it is needed later, else None;
    history: a network's epochs."""

    model_name: str
    context: str
    scores: pd.Series
    selected: tuple[str, ...]
    saw: tuple[str, ...]
    model: Any = None
    history: tuple[dict[str, Any], ...] = ()


def code_digest() -> str:
    """Code and libraries that a fit depends on."""
    folder = Path(models.__file__).parent
    # What looks at a fitted network afterwards is no part of its fit.
    sources = [*(path for path in (folder / "deep").glob("*.py") if path.stem != "saliency"), *(folder / f"{name}.py" for name in ("clinical", "radiomics", "fusion", "inputs"))]
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


def _watch(name: str, context: Context, checkpoint: Path, logs: Path | None) -> Any:
    from models.deep import Watch
    return Watch(log_path(logs, name, context.name), checkpoint, CHECKPOINT_SECONDS)


def fit_one(name: str, settings: dict[str, Any], context: Context, inputs: Inputs, label: pd.Series, seed: int, folder: Path, code: str, logs: Path | None = None) -> Fit:
    """Fit `name` on the context's learning patients and score its others. Errors name the model and the context.

    The fitted model is kept from final fits, which are locked, and, but for networks, from outer folds, which explain it.
    logs: folder in which a network shows its epochs; killed, it goes on at an epoch that it kept beside `folder`.
    """
    learn, score = (inputs_for(name, settings, inputs.subset(part)) for part in (context.learn, context.score))
    outcome = label.loc[list(context.learn)]
    seed = seed_for(seed, name, context.name)
    # A class from a file of the user can't be stored: another process would not know it.
    keep = "model" not in settings and (context.name == "final" or not (context.inner or name in NETWORKS))

    def compute() -> Fit:
        try:
            model = build(name, settings, seed).fit(learn, outcome, **({} if watch is None else {"watch": watch}))
            return Fit(name, context.name, model.predict(score), tuple(getattr(model, "selected_", ())), tuple(learn.patients), model if keep else None, tuple(getattr(model, "history_", ())))
        except Exception as error:
            raise RuntimeError(f"{name} could not be fitted in {context.name} ({len(context.learn)} patients, {int(outcome.sum())} events): {error}") from error

    # Where the study lies is no part of what is computed.
    key = digest(name, {each: value for each, value in settings.items() if each != "root"}, seed, list(context.learn), list(context.score),
                 outcome.tolist(), *_content(learn), *_content(score), keep, code)
    watch = _watch(name, context, folder.parent / "training" / f"{key}.pt", logs) if name in NETWORKS else None
    fit = cached(folder, key, compute)
    if watch is not None:
        watch.finish()
    return fit
