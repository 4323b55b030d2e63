"""Description of every score of the study.

It tells how many patients each score grades, how they spread over its levels, and how systems
agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.comparisons import EXPLORATORY_METHOD, paired
from analysis.results.horizon import followed
from analysis.results.performance import both_classes, evaluable
from analysis.results.record import Records
from analysis.statistics import auc_interval, compare_auc, log_rank_trend, weighted_kappa
from analysis.statistics.auc_difference import METHOD_WORDS as DIFFERENCE_WORDS
from analysis.statistics.auc_difference import auc_difference
from analysis.statistics.auc_interval import METHOD_WORDS
from analysis.study.load import load_study
from analysis.training.comparators import published, refit_inputs
from models.registry import score_of
from models.staging import Refit

# A score of more points than this is no staging system of few levels.
MOST_POINTS = 8


def _ranks(cohort: Cohort, name: str) -> pd.Series | None:
    """Rank of each patient's level in an ordered staging system.

    The best is 0. The staging system has few ordered levels or points; else None.
    """
    score = score_of(cohort.study, name)
    if (
        isinstance(score, Refit)
        or not score.ordered
        or (score.levels is None and score.family != "staging")
    ):
        return None
    value = published(cohort, score)["value"]
    known = value.dropna()
    if score.levels is None:
        return (
            value
            if len(known) and (known == known.round()).all() and known.max() <= MOST_POINTS
            else None
        )
    return (
        value - score.first_rank
        if score.higher_is_worse
        else score.first_rank + len(score.levels) - 1 - value
    )


def _level_names(cohort: Cohort, name: str) -> tuple[str, ...] | None:
    """Levels of a staging system, from best to worst; None for points."""
    score = score_of(cohort.study, name)
    return None if isinstance(score, Refit) else score.levels


def _missing(missing: pd.Series) -> str:
    """Inputs with the number of patients who lack each, the most first."""
    counts = pd.Series(
        [name for text in missing[missing != ""] for name in text.split(", ")], dtype=object
    ).value_counts()
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


def _distribution(result: pd.DataFrame, levels: tuple[str, ...] | None) -> str:
    """Each level with its patients; without levels the median with the quartiles."""
    known = result[result["value"].notna()]
    if not len(known):
        return ""
    if levels is not None:
        counts = known["level"].value_counts()
        return ", ".join(f"{level} {counts[level]}" for level in levels if level in counts.index)
    low, middle, high = known["value"].quantile([0.25, 0.5, 0.75])
    return f"median {middle:.3g} [{low:.3g}, {high:.3g}]"


def describe_comparators(cohort: Cohort, names: list[str]) -> pd.DataFrame:
    """Table that describes the comparators.

    Scores: id, label, family, inputs, direction, levels, status, source, doi, note, n_evaluable,
    distribution, missing.
    """
    rows = []
    for name in names:
        score = score_of(cohort.study, name)
        row: dict[str, Any] = {
            "id": name,
            "label": score.label,
            "inputs": ", ".join(score.inputs),
        }
        if isinstance(score, Refit):
            inputs = refit_inputs(cohort, score)
            row |= {
                "family": "refit",
                "worse": "higher",
                "levels": "continuous",
                "status": "refitted",
                "source": score.source,
                "doi": "",
                "note": "",
                "n_evaluable": int(inputs.notna().all(axis=1).sum()),
                "distribution": "",
                "missing": ", ".join(
                    f"{each} ({count})"
                    for each, count in (
                        inputs.isna().sum().sort_values(ascending=False, kind="stable").items()
                    )
                    if count
                ),
            }
        else:
            result = published(cohort, score)
            row |= {
                "family": score.family,
                "worse": "higher" if score.higher_is_worse else "lower",
                "levels": " < ".join(score.levels) if score.levels else "continuous",
                "status": score.status,
                "source": score.source,
                "doi": score.doi or "",
                "note": score.note,
                "n_evaluable": int(result["value"].notna().sum()),
                "distribution": _distribution(result, score.levels),
                "missing": _missing(result["missing"]),
            }
        rows.append(row)
    return pd.DataFrame(rows)


def agreement(cohort: Cohort, names: list[str]) -> pd.DataFrame:
    """Pairs of staging systems: first, second, n, kappa, ci_low, ci_high.

    Quadratic-weighted kappa of the levels' ranks, the best level of each being 0; systems of
    unequal length can't agree perfectly, so the table tells how far their ranks go together, not
    which is right.
    """
    ranks = {name: rank for name in names if (rank := _ranks(cohort, name)) is not None}
    rows = []
    for place, first in enumerate(ranks):
        for second in list(ranks)[place + 1 :]:
            both = pd.DataFrame({"a": ranks[first], "b": ranks[second]}).dropna().astype(int)
            try:
                kappa = weighted_kappa(
                    both["a"].to_numpy(),
                    both["b"].to_numpy(),
                    "quadratic",
                    range(int(both.to_numpy().max()) + 1) if len(both) else None,
                )
                rows.append(
                    {
                        "first": first,
                        "second": second,
                        "n": len(both),
                        "kappa": kappa.value,
                        "ci_low": kappa.ci_low,
                        "ci_high": kappa.ci_high,
                    }
                )
            except ValueError:  # nobody graded by both, or one level only
                rows.append(
                    {
                        "first": first,
                        "second": second,
                        "n": len(both),
                        "kappa": np.nan,
                        "ci_low": np.nan,
                        "ci_high": np.nan,
                    }
                )
    return pd.DataFrame(rows, columns=["first", "second", "n", "kappa", "ci_low", "ci_high"])


def _levels(rank: pd.Series, words: tuple[str, ...] | None) -> pd.Series:
    """Each patient's level by its rank, as an ordered categorical from the best to the worst.

    Levels are points where the system has no words for them.
    """
    names = {
        value: words[int(value)] if words else f"{value:g}"
        for value in sorted(rank.dropna().unique())
    }
    return rank.map(names).astype(pd.CategoricalDtype(list(names.values()), ordered=True))


def staged(cohort: Cohort, name: str) -> pd.Series:
    """Each patient's level in a staging system, an ordered categorical from the best to the worst.

    It is empty for a score that is no staging system.
    """
    rank = _ranks(cohort, name)
    return (
        pd.Series(dtype="category") if rank is None else _levels(rank, _level_names(cohort, name))
    )


def add_trends(records: Records, cohort: Cohort, names: list[str]) -> pd.DataFrame:
    """Add the log-rank test for trend along the levels of each staging system.

    `log_rank_trend.<system>`: event-free survival along the levels, all patients followed. Returns
    each patient's levels, ordered categoricals from the best to the worst.

    The systems learn nothing, so no cohort is set apart: it is no comparison of models. Recurrence
    or death is the event.
    """
    outcome, levels = followed(cohort), {}
    for name in names:
        rank = _ranks(cohort, name)
        if rank is None:
            continue
        rank = rank.reindex(outcome.index)
        known = rank.index[rank.notna()]
        if rank[known].nunique() < 2:
            continue
        test = log_rank_trend(
            outcome.loc[known, "time_months"],
            (outcome.loc[known, "event"] > 0).astype(int),
            rank[known],
        )
        records.add(
            keys.log_rank_trend(name),
            test.statistic,
            p=test.p,
            n=len(known),
            unit="chi-square",
            method=f"{test.name}, recurrence or death, all patients",
            source=log_rank_trend,
        )
        levels[name] = _levels(rank, _level_names(cohort, name))
    return pd.DataFrame(levels, index=outcome.index)


def add_supplement_scores(
    records: Records, predictions: pd.DataFrame, names: list[str], model: str, level: float
) -> None:
    """Add the AUC of the supplement's scores in validation, and the model's minus it.

    Both are exploratory, without p-values.
    """
    records.add(keys.models_supplement(), names, source=load_study)
    for name in names:
        rows = evaluable(predictions, name, "validation")
        records.add(
            keys.n_evaluable(name, "validation"), len(rows), unit="patients", source=evaluable
        )
        if both_classes(rows):
            interval = auc_interval(rows["label"].to_numpy(), rows["score"].to_numpy(), level=level)
            records.add(
                keys.auc(name, "validation"),
                interval.auc,
                estimate=interval,
                unit="AUC",
                method=f"{METHOD_WORDS}; score as published, validation patients",
                source=auc_interval,
            )
            records.add(
                keys.events(name, "validation"),
                interval.events,
                n=interval.n,
                unit="patients",
                source=evaluable,
            )
        rows = paired(predictions, model, name)
        if both_classes(rows):
            test = compare_auc(
                rows["label"].to_numpy(),
                rows["a"].to_numpy(),
                rows["b"].to_numpy(),
                how="validation",
                level=level,
            )
            records.add(
                keys.delong(model, name, "validation"),
                test.difference,
                ci_low=test.ci_low,
                ci_high=test.ci_high,
                n=len(rows),
                unit="AUC difference",
                method=f"{DIFFERENCE_WORDS}; patients scored by both; {EXPLORATORY_METHOD}",
                source=auc_difference,
            )
