"""Net reclassification and integrated discrimination, for the supplement.

They are computed only where the study file asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.results import keys
from analysis.results.comparisons import paired
from analysis.results.performance import both_classes, evaluable
from analysis.results.record import Records
from analysis.results.refitting import linear, refitted
from analysis.statistics import (
    Contrast,
    integrated_discrimination,
    net_reclassification,
    reclassification_table,
)
from analysis.study import Statistics

NO_TABLE = pd.DataFrame(columns=["outcome", "old", "new", "n"])


def _recalibrated(predictions: pd.DataFrame, model: str, probability: pd.Series) -> np.ndarray:
    """Recalibrated validation probabilities of a model.

    They lie on the line that recalibrates the model's out-of-fold training probabilities.
    """
    learning = evaluable(predictions, model, "out_of_fold", "probability")
    return refitted(
        linear(learning["probability"]).to_frame("logit"),
        learning["label"],
        linear(probability).to_frame("logit"),
    )


def add_reclassification(
    records: Records, predictions: pd.DataFrame, settings: Statistics, seed: int
) -> pd.DataFrame:
    """Add the net reclassification and integrated discrimination improvement.

    NRI and IDI of the contrasts' model over its primary comparator in validation, by asymptotics
    and by bootstrap; returns the reclassification table (outcome, old, new, n), empty without
    cut-offs.

    Both are recalibrated on out-of-fold training probabilities first, as these indexes reward
    miscalibration. No p-value: the difference in net benefit is the answer that they stand beside.
    """
    primary = settings.contrasts.primary
    if (
        settings.reclassification is None
        or primary is None
        or keys.contrast_role(primary) not in records
    ):
        return NO_TABLE
    model = records.value(keys.contrasts_model())
    rows = paired(predictions, model, primary, "probability")
    if not both_classes(rows) or not all(
        both_classes(evaluable(predictions, each, "out_of_fold", "probability"))
        for each in (model, primary)
    ):
        return NO_TABLE
    label, new, old = (
        rows["label"].to_numpy(),
        _recalibrated(predictions, model, rows["a"]),
        _recalibrated(predictions, primary, rows["b"]),
    )

    def add(key: keys.Key, contrast: Contrast, source: Callable[..., Any]) -> None:
        records.add(
            key,
            contrast.value,
            ci_low=contrast.ci_low,
            ci_high=contrast.ci_high,
            n=contrast.n,
            unit="index",
            method=f"{contrast.method}; both models recalibrated in training",
            source=source,
        )

    for method in ("asymptotic", "bootstrap"):
        options: dict[str, Any] = {
            "level": settings.confidence_level,
            "method": method,
            "resamples": settings.bootstrap_resamples,
            "seed": seed,
        }
        for kind, cutoffs in (
            ("continuous", None),
            *([("categorical", settings.reclassification)] if settings.reclassification else []),
        ):
            nri = net_reclassification(label, old, new, cutoffs, **options)
            for part in ("total", "events", "non_events"):
                key = keys.named(f"nri_{kind}")(part, model, primary, method)
                add(key, getattr(nri, part), net_reclassification)
        found = integrated_discrimination(label, old, new, **options)
        add(keys.idi(model, primary, method), found, integrated_discrimination)
    return (
        reclassification_table(label, old, new, settings.reclassification)
        if settings.reclassification
        else NO_TABLE
    )
