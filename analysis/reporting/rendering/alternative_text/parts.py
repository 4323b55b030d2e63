"""What the texts of several figures need: labels, points of curves, ways of judging."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.results_by_key import ResultsByKey
from analysis.results import keys


def label_of(results: ResultsByKey, name: str) -> str:
    """Name of a model or a way of judging in words."""
    return (
        results.plain(keys.label(name))
        if keys.label(name) in results.records
        else name.replace("_", " ")
    )


def curve_of(results: ResultsByKey, name: str) -> pd.DataFrame:
    """Points that a figure was drawn from."""
    return results.frame(f"curves/{name}")


def ways_of_judging(results: ResultsByKey, apparent: bool = False) -> list[str]:
    """Ways in which the study's models may have been judged, apparent first where wanted."""
    return [
        *(["apparent"] if apparent else []),
        "out_of_fold",
        "validation",
        *results.study.split.external,
    ]
