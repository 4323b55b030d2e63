"""Paired comparisons, on validation patients with locked models only: elsewhere a p-value would not mean what it says."""

from __future__ import annotations

import pandas as pd

from analysis.results.performance import both_classes, evaluable
from analysis.results.record import Records
from analysis.statistics import delong_test, net_benefit_difference
from analysis.study import Statistics


def paired(predictions: pd.DataFrame, first: str, second: str, column: str = "score") -> pd.DataFrame:
    """Validation patients whom both models score: label, a, b."""
    left, right = (evaluable(predictions, model, "validation", column) for model in (first, second))
    return left[["label", column]].rename(columns={column: "a"}).join(right[column].rename("b"), how="inner")


def add_comparisons(records: Records, predictions: pd.DataFrame, reference: str, settings: Statistics, seed: int) -> None:
    """`delong.<reference>_vs_<model>.validation` and the difference in net benefit, for every other model."""
    for model in predictions["model"].unique():
        if model == reference:
            continue
        rows = paired(predictions, reference, model)
        if not both_classes(rows):
            continue
        test = delong_test(rows["label"].to_numpy(), rows["a"].to_numpy(), rows["b"].to_numpy(), level=settings.confidence_level)
        records.add(f"delong.{reference}_vs_{model}.validation", test.difference, ci_low=test.ci_low, ci_high=test.ci_high, p=test.p, n=len(rows),
                    unit="AUC difference", method="paired DeLong test, locked models, patients whom both score", source="delong_test")
        rows = paired(predictions, reference, model, "probability")
        if both_classes(rows):
            difference = net_benefit_difference(rows["label"].to_numpy(), rows["a"].to_numpy(), rows["b"].to_numpy(), settings.reported_threshold,
                                                resamples=settings.bootstrap_resamples, seed=seed)
            records.add(f"net_benefit_difference.{reference}_vs_{model}.validation", difference.value, ci_low=difference.ci_low, ci_high=difference.ci_high,
                        n=len(rows), unit="net benefit difference", method=f"bootstrap of patients, threshold probability {settings.reported_threshold:g}", source="net_benefit_difference")
