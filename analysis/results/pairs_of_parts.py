"""Comparisons of the models that the best one is made of, whichever is the best.

What radiomics adds to the clinical model, and networks against radiomics.
"""

from __future__ import annotations

import pandas as pd

from analysis.results import keys
from analysis.results.comparisons import EXPLORATORY_METHOD, paired
from analysis.results.performance import both_classes
from analysis.results.record import Records
from analysis.statistics import compare_auc
from analysis.statistics.auc_difference import METHOD_WORDS, auc_difference
from models.declared import PAIRS_OF_PARTS


def add_pairs_of_parts(records: Records, predictions: pd.DataFrame, level: float) -> None:
    """`delong.…` of the pairs that are not there yet, without P: they are exploratory."""
    models = set(predictions["model"])
    for first, second in PAIRS_OF_PARTS:
        key = keys.delong(first, second, "validation")
        if not {first, second} <= models or key in records:
            continue
        rows = paired(predictions, first, second)
        if not both_classes(rows):
            continue
        outcome, first_score, second_score = (rows[name].to_numpy() for name in ("label", "a", "b"))
        test = compare_auc(outcome, first_score, second_score, how="validation", level=level)
        records.add(
            key,
            test.difference,
            ci_low=test.ci_low,
            ci_high=test.ci_high,
            n=len(rows),
            unit="AUC difference",
            method=f"{METHOD_WORDS}; locked models, patients scored by both; {EXPLORATORY_METHOD}",
            source=auc_difference,
        )
