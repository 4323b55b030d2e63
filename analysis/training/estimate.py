"""Estimated time of a protocol's fits, before hours are spent.

The time is estimated from a pilot on the study's own inputs.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.core.durations import duration
from analysis.core.early_stopping import stopping_words
from analysis.core.word_lists import counted
from analysis.training.contexts import Context, outer_folds
from analysis.training.fits import contexts_for, fit_models, groups_of
from analysis.training.settings import ConfiguredModel
from models.inputs import Inputs
from models.settings import NetworkSettings


def _seconds(
    group: Sequence[ConfiguredModel], context: Context, inputs: Inputs, label: pd.Series
) -> float:
    """Seconds that one fit of a group takes."""
    learn = group[0].inputs(inputs.of_fit(context.upper).subset(context.learn))
    outcome = label.loc[list(context.learn)]
    models, start = [model.build(0) for model in group], time.perf_counter()
    fit_models(models, learn, outcome)
    return time.perf_counter() - start


def _pilot(group: Sequence[ConfiguredModel]) -> tuple[list[ConfiguredModel], int]:
    """The group as it is timed, and how many times a whole fit takes as long.

    A network is timed for one epoch of one member.
    """
    settings = group[0].settings
    if not isinstance(settings, NetworkSettings):
        return list(group), 1
    return [replace(group[0], settings=settings.pilot)], settings.epochs * settings.members


def estimated_seconds(
    models: Mapping[str, ConfiguredModel],
    contexts: Sequence[Context],
    inputs: Inputs,
    label: pd.Series,
    share: float | None = None,
) -> dict[str, float]:
    """Model, or `radiomics` for the classifiers together → seconds of one process for all its fits.

    A network is timed for one epoch of one member on the final fit's patients, anything else for
    one whole fit in an outer fold; the time grows with patients × epochs × members × fits. share:
    of its epochs that a network runs; None for all. Controls and resamples come on top.
    """
    final = next(context for context in contexts if context.name == "final")
    outer = outer_folds(contexts)[0]
    found: dict[str, float] = {}
    for name, group in groups_of(models).items():
        timed, times = _pilot(group)
        context = final if isinstance(group[0].settings, NetworkSettings) else outer
        patients = sum(len(each.learn) for each in contexts_for(group, contexts))
        once = _seconds(timed, context, inputs, label)
        if times > 1:  # the first epoch of a process waits for libraries and memory
            once = min(once, _seconds(timed, context, inputs, label))
            once *= share or 1.0
        found[name] = once * times * patients / len(context.learn)
    return found


def estimate_text(
    seconds: Mapping[str, float],
    contexts: int,
    processes: int,
    stops: bool = False,
    share: float | None = None,
) -> str:
    """One line, for a terminal.

    stops: whether networks may stop early; share: of their epochs that they were taken to run.
    """
    parts = ", ".join(f"{name} {duration(value)}" for name, value in seconds.items())
    whole = duration(sum(seconds.values()) / processes)
    early = f" and {stopping_words(share).removeprefix('if ')}" if stops else ""
    return (
        f"{counted(contexts, 'fit')} of each model: about {whole}"
        f" on {counted(processes, 'process', 'processes')} if nothing is cached{early}"
        f" ({parts}, each on one process); controls and resamples come on top"
    )
