"""What tuning chose, of which values, and how often the choice lay at an end of them."""

from __future__ import annotations

import pandas as pd

from analysis.results import keys
from analysis.results.record import Records
from analysis.study.flatten import setting_text
from analysis.training import TrainedStudy
from models.classifiers import CLASSIFIERS
from models.radiomics.classifiers import classifier
from models.radiomics_and_networks import radiomics_model
from models.settings import RadiomicsSettings


def tuning_table(training: TrainedStudy) -> pd.DataFrame:
    """Parameters that tuning chose for each classifier, in the outer folds and the final fit.

    The columns are model, context, parameter, value and grid: the values that were tried, with
    commas; empty where they are not known.

    Fits of inner folds are not kept. A model that tells nothing of its tuning (no `tuned_`) has no
    rows.
    """
    rows = []
    for (model, context), fit in training.fitted.scores.fits.items():
        settings = training.fitted.models[model].settings
        folds = settings.tuning_folds if isinstance(settings, RadiomicsSettings) else 0
        grid = _grid(model, len(fit.saw), folds)
        tuned = getattr(fit.model, "tuned_", None)
        for name, value in tuned.items() if isinstance(tuned, dict) else ():
            parameter = name.removeprefix("classify__").removeprefix("estimator__")
            tried = ", ".join(setting_text(each) for each in grid.get(parameter, ()))
            rows.append((model, context, parameter, setting_text(value), tried))
    return pd.DataFrame(rows, columns=["model", "context", "parameter", "value", "grid"])


def _grid(model: str, patients: int, folds: int) -> dict[str, list]:
    """Grid that a classifier was tuned over in a fit to so many patients; empty of other models."""
    names = [each.id for each in CLASSIFIERS.values() if radiomics_model(each).id == model]
    if not names or not folds:
        return {}
    return classifier(names[0], 0, int(patients * (folds - 1) / folds))[1]


def at_edge(tuning: pd.DataFrame) -> pd.Series:
    """Whether each chosen value is at an end of its grid; only of grids with a middle."""
    tried = tuning["grid"].str.split(", ")
    inside = tried.str.len() > 2
    chosen = tuning.loc[inside, "value"]
    ends = pd.DataFrame({"low": tried[inside].str[0], "high": tried[inside].str[-1]})
    return ends.eq(chosen, axis=0).any(axis=1)


def add_tuning(records: Records, tuning: pd.DataFrame) -> None:
    """`tuning.contexts.n` and `tuning.edge.n`; nothing where nothing was tuned."""
    if not len(tuning):
        return
    records.add(
        keys.tuning_contexts_n(),
        int(tuning["context"].nunique()),
        unit="folds",
        method="outer folds and the final fit",
        source=tuning_table,
    )
    edge = at_edge(tuning)
    if len(edge):
        records.add(
            keys.tuning_edge_n(),
            int(edge.sum()),
            n=len(edge),
            unit="values",
            method="of all classifiers, in the outer folds and the final fit",
            source=at_edge,
        )
