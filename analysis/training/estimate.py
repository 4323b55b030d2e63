"""How long the fits of a protocol will take, before hours are spent: from a pilot on the study's
own inputs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.progress import duration
from analysis.training.contexts import Context
from analysis.training.fits import build, inputs_for, path_of
from models.catalogue import NETWORKS
from models.inputs import Inputs
from models.radiomics import RadiomicsModel, fit_together


def _seconds(
    names: Sequence[str],
    settings: Sequence[dict[str, Any]],
    context: Context,
    inputs: Inputs,
    label: pd.Series,
) -> float:
    learn, outcome = (
        inputs_for(names[0], settings[0], inputs.subset(context.learn)),
        label.loc[list(context.learn)],
    )
    models, start = (
        [build(name, each, 0) for name, each in zip(names, settings, strict=True)],
        time.perf_counter(),
    )
    if all(isinstance(model, RadiomicsModel) for model in models):
        fit_together(models, learn, outcome)
    else:
        models[0].fit(learn, outcome)
    return time.perf_counter() - start


def estimated_seconds(
    settings: Mapping[str, dict[str, Any]],
    contexts: Sequence[Context],
    inputs: Inputs,
    label: pd.Series,
    additional: Sequence[str] = (),
) -> dict[str, float]:
    """Model, or `radiomics` for the classifiers together → seconds of one process for all its fits.

    A network is timed for one epoch of one member on the final fit's patients, anything else for
    one whole fit in an outer fold; the time grows with patients × epochs × members × fits. Early
    stopping can make it shorter; controls and resamples come on top.
    """
    final = next(context for context in contexts if context.name == "final")
    outer = next(context for context in contexts if context.name != "final" and not context.inner)
    groups: dict[str, list[str]] = {}
    for name in settings:
        groups.setdefault(path_of(name), []).append(name)
    found: dict[str, float] = {}
    for path, names in groups.items():
        used = [context for context in contexts if not (context.inner and path in additional)]
        pilot, own, epochs = outer, [settings[name] for name in names], 1
        if path in NETWORKS:
            pilot, epochs = final, own[0]["epochs"] * own[0].get("members", 1)
            own = [own[0] | {"epochs": 1, "members": 1, "early_stopping": None, "warmup_epochs": 0}]
        found[path] = (
            _seconds(names, own, pilot, inputs, label)
            * epochs
            * sum(len(context.learn) for context in used)
            / len(pilot.learn)
        )
    return found


def estimate_text(seconds: Mapping[str, float], contexts: int, processes: int) -> str:
    """One line, for a terminal."""
    parts = ", ".join(f"{name} {duration(value)}" for name, value in seconds.items())
    return (
        f"{contexts} fits a model: about {duration(sum(seconds.values()) / processes)} on"
        f" {processes} process(es) where none is in the cache ({parts}, each on one process);"
        " controls and resamples come on top"
    )
