"""Sentence on the models that a fusion is made of, compared with each other."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results
from analysis.results import keys
from models.declared import PAIRS_OF_PARTS


def pairs_of_parts(results: Results) -> str:
    """Differences between the models that a fusion is made of; empty where there are none."""
    best = results.plain(keys.best_model())
    found = []
    for first, second in PAIRS_OF_PARTS:
        key = keys.delong(first, second, "validation")
        if key in results.records and best not in (first, second):
            labels = [results.text(keys.label(name)) for name in (first, second)]
            found.append(f"{{{key}:ci}} between {labels[0]} and {labels[1]}")
    return (
        f"The difference in AUC in the validation cohort was {listed(found)} (exploratory)."
        if found
        else ""
    )
