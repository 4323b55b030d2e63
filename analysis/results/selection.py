"""Selection frequency of a variable or feature when selected again on other patients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.radiomics import RadiomicsTable
from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import selection_stability
from analysis.training import TrainedStudy
from analysis.training.fits import Fit
from models.declared import CR, RADIOMICS
from models.settings import RadiomicsSettings

CLINICAL = ["variable", "label", "final", "outer", "inner", "resamples"]
PATH = ["context", "order", "step", "features"]


def _fits(training: TrainedStudy, model: str) -> dict[str, list[Fit]]:
    """final, outer and inner → the fits of a model there."""
    found: dict[str, list[Fit]] = {"final": [], "outer": [], "inner": []}
    for context in training.fitted.scores.contexts.values():
        fit = training.fitted.scores.fits.get((model, context.name))
        if fit is None:
            continue
        if context.name == "final":
            found["final"].append(fit)
        else:
            found["inner" if context.inner else "outer"].append(fit)
    return found


def _shares(chosen: Sequence[Sequence[str]], names: Sequence[str]) -> pd.Series:
    """Share of the selections that hold each name; NaN without selections."""
    counts = Counter(name for each in chosen for name in set(each))
    return pd.Series(
        [counts[name] / len(chosen) if chosen else np.nan for name in names], index=list(names)
    )


def clinical_frequency(
    records: Records, cohort: Cohort, training: TrainedStudy, resampled: Sequence[Sequence[str]]
) -> pd.DataFrame:
    """Selection frequency of the clinical variables.

    variable, label, final (0 or 1), and the shares of outer folds, inner folds and bootstrap
    resamples that choose it, most often first.

    resampled: the variables that each resample of the optimism correction chose.
    `chosen.cr.<variable>`: the share of the resamples, or of the outer folds where there are none.
    """
    assert cohort.study.clinical is not None
    assert cohort.dictionary is not None
    names = list(cohort.study.clinical.candidates)
    table = pd.DataFrame(
        {
            level: _shares([fit.selected for fit in fits], names)
            for level, fits in _fits(training, CR.id).items()
        }
    )
    table["resamples"] = _shares(resampled, names)
    main, basis = ("resamples", "bootstrap") if len(resampled) else ("outer", "outer_folds")
    for name in names:
        records.add(
            keys.chosen_cr(name),
            float(table.loc[name, main]),
            n=len(resampled) or len(_fits(training, CR.id)["outer"]),
            unit="proportion",
            source=clinical_frequency,
        )
    records.add(keys.chosen_cr_basis(), basis, source=clinical_frequency)
    table["label"] = [cohort.dictionary.variables[name].label for name in names]
    table = table.rename_axis("variable").reset_index()
    return table.sort_values([main, "outer", "inner"], ascending=False, kind="stable")[
        CLINICAL
    ].reset_index(drop=True)


def _stability(
    records: Records, model: str, level: str, fits: Sequence[Fit], names: Sequence[str]
) -> None:
    """Add the stability index of the selection, without an interval.

    There is no interval because the index's error is that of independent samples and of many
    selections, and folds are few and share patients; of three disjoint selections it is zero.
    """
    if len(fits) < 2:
        return
    place = {name: number for number, name in enumerate(names)}
    chosen = np.zeros((len(fits), len(names)))
    for row, fit in enumerate(fits):
        chosen[row, [place[name] for name in fit.selected]] = 1
    found = selection_stability(chosen)
    if np.isfinite(found.value):
        kind = "features" if model == RADIOMICS.id else "variables"
        records.add(
            keys.stability(model, level),
            found.value,
            n=found.n,
            unit="index",
            method=f"Nogueira's index over {len(names)} {kind}; the folds share patients",
            source=selection_stability,
        )


def add_clinical_stability(records: Records, cohort: Cohort, training: TrainedStudy) -> None:
    """`stability.cr.outer` and `.inner`: agreement of the folds on the CR model's variables."""
    assert cohort.study.clinical is not None
    for level in ("outer", "inner"):
        _stability(
            records,
            CR.id,
            level=level,
            fits=_fits(training, CR.id)[level],
            names=list(cohort.study.clinical.candidates),
        )


def radiomics_frequency(
    records: Records, cohort: Cohort, training: TrainedStudy, table: RadiomicsTable
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Selection frequency of each feature of the table, and the number left after each step.

    First: feature, reproducible, and for final, outer and inner fits the share that chooses it,
    then for each step of the selection the share of outer fits in which it is left after it, of
    those whose path has the step; all features, most often chosen first. Second (`selection`):
    context, order, step, features; `extracted` and `reproducible` come before the steps, and the
    latter sees no outcome. All classifiers of a fit share its selection, unless the study has
    several paths: then it is that of the classifier that was chosen in the end, in every fit.
    Features of habitats, made in each fit, come after those of the table; none is held against
    other delineations, and a fit that made another number of habitats does not have them.
    `stability.radiomics.<outer|inner>`: Nogueira's index over all features.
    """
    classifier = training.fitted.chosen["final"][RADIOMICS.id]
    fits, extracted = _fits(training, classifier), list(table.features.columns)
    every = chain.from_iterable(fits.values())
    made = dict.fromkeys(name for fit in every for name in fit.habitats)
    names = [*extracted, *made]
    settings = training.fitted.models[classifier].settings
    assert isinstance(settings, RadiomicsSettings)
    reproducible = {*settings.features, *made}
    frequency = pd.DataFrame(
        {"reproducible": [int(name in reproducible) for name in names]}, index=names
    )
    for level, each in fits.items():
        frequency[level] = _shares([fit.selected for fit in each], names)
        if level != "final":
            _stability(records, RADIOMICS.id, level=level, fits=each, names=names)
    steps = dict.fromkeys(
        step for fit in [*fits["final"], *fits["outer"]] for step in fit.remaining
    )
    for step in steps:
        left = [fit.remaining[step] for fit in fits["outer"] if step in fit.remaining]
        frequency[f"after_{step}"] = _shares(left, names)
    rows = []
    for fit in [*fits["final"], *fits["outer"]]:
        own = len(fit.habitats)
        counts = {
            "extracted": len(extracted) + own,
            "reproducible": len(settings.features) + own,
        } | {step: len(left) for step, left in fit.remaining.items()}
        rows += [
            (fit.context, order, step, count) for order, (step, count) in enumerate(counts.items())
        ]
    for level in ("outer", "inner"):
        records.add(
            keys.chosen_radiomics_ever(level),
            int((frequency[level] > 0).sum()),
            n=len(fits[level]),
            unit="features",
            method=f"chosen in at least one of the {level} fits",
            source=radiomics_frequency,
        )
        records.add(
            keys.chosen_radiomics_always(level),
            int((frequency[level] == 1).sum()),
            n=len(fits[level]),
            unit="features",
            method=f"chosen in all {level} fits",
            source=radiomics_frequency,
        )
    frequency = (
        frequency.rename_axis("feature")
        .reset_index()
        .sort_values(["outer", "inner", "final"], ascending=False, kind="stable")
        .reset_index(drop=True)
    )
    return frequency, pd.DataFrame(rows, columns=PATH)
