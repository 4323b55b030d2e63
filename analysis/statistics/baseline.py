"""Table 1: each variable by group, the test named beside its p."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.contingency import category_test
from analysis.statistics.estimate import SignificanceTest
from analysis.statistics.level_order import level_order
from analysis.statistics.standardized_difference import (
    standardized_category_difference,
    standardized_mean_difference,
)
from analysis.statistics.two_samples import (
    analysis_of_variance,
    kruskal_wallis_test,
    mann_whitney_test,
    t_test,
)

NO_TEST = SignificanceTest(np.nan, np.nan, np.nan, "")


def _largest_pair(parts: list[NDArray[Any]], difference: Any) -> float:
    """Standardized difference of two groups; the largest over all pairs of more."""
    values = [
        difference(one, two)
        for place, one in enumerate(parts)
        for two in parts[place + 1 :]
        if len(one) > 1 and len(two) > 1
    ]
    return max(values, default=np.nan)


def _median_and_quartiles(part: NDArray[np.float64]) -> str:
    if not len(part):
        return ""
    low, high = np.quantile(part, 0.25), np.quantile(part, 0.75)
    return f"{np.median(part):.3g} [{low:.3g}, {high:.3g}]"


def _mean_and_deviation(part: NDArray[np.float64]) -> str:
    return f"{part.mean():.3g} ± {part.std(ddof=1):.3g}" if len(part) > 1 else ""


def _continuous(
    values: pd.Series, group: pd.Series, names: list[Any], ranks: bool
) -> tuple[list[dict[str, Any]], SignificanceTest, float]:
    parts = [pd.to_numeric(values[group == name]).dropna().to_numpy(dtype=float) for name in names]
    if ranks:
        shown = [_median_and_quartiles(part) for part in parts]
    else:
        shown = [_mean_and_deviation(part) for part in parts]
    if min(len(part) for part in parts) < 2:
        test = NO_TEST
    elif ranks:
        test = mann_whitney_test(*parts) if len(parts) == 2 else kruskal_wallis_test(parts)
    else:
        test = t_test(*parts) if len(parts) == 2 else analysis_of_variance(parts)
    row = {
        "level": "",
        "statistic": "median [IQR]" if ranks else "mean ± SD",
        **dict(zip(names, shown, strict=True)),
    }
    return [row], test, _largest_pair(parts, standardized_mean_difference)


def _categorical(
    values: pd.Series, group: pd.Series, names: list[Any], levels: list[str]
) -> tuple[list[dict[str, Any]], SignificanceTest, float]:
    known = values.notna()
    text = values[known].astype(str)
    counts = pd.crosstab(text, group[known]).reindex(
        index=[str(level) for level in levels], columns=names, fill_value=0
    )
    counts = counts[counts.sum(axis=1) > 0]
    percent = 100 * counts / counts.sum().where(counts.sum() > 0)

    def row(level: str) -> dict[str, Any]:
        of_groups = {
            name: f"{counts.loc[level, name]} ({percent.loc[level, name]:.1f})" for name in names
        }
        return {"level": level, "statistic": "n (%)", **of_groups}

    rows = [row(level) for level in counts.index]
    if (counts.sum() > 0).sum() < 2:
        return rows, SignificanceTest(np.nan, np.nan, np.nan, "known in one group only"), np.nan
    if len(counts) < 2:
        return rows, SignificanceTest(np.nan, np.nan, np.nan, "one level only"), 0.0
    parts = [text[group[known] == name].to_numpy() for name in names]
    return rows, category_test(counts), _largest_pair(parts, standardized_category_difference)


def _described(
    values: pd.Series, variable: Any, group: pd.Series, names: list[Any]
) -> tuple[list[dict[str, Any]], SignificanceTest, float]:
    """Rows, test and standardised difference of one variable, by its type.

    A binary variable has the row of `yes` alone where anybody has it.
    """
    if variable.type == "continuous":
        return _continuous(values, group, names, variable.summary == "median")
    if variable.type == "binary":
        words = values.map({0: "no", 1: "yes"})
        rows, test, difference = _categorical(words, group, names, ["no", "yes"])
        return [row for row in rows if row["level"] == "yes"] or rows, test, difference
    levels = level_order(values.dropna(), variable.levels)
    return _categorical(values, group, names, levels)


def _variable_rows(
    values: pd.Series, variable: Any, group: pd.Series, names: list[Any]
) -> list[dict[str, Any]]:
    """Rows of one variable; its name, test, difference and missing values stand in the first."""
    has_unit = variable.type == "continuous" and variable.unit not in (None, "1", "count")
    label = f"{variable.label}, {variable.unit}" if has_unit else variable.label
    rows, test, difference = _described(values, variable, group, names)
    missing = int(values.isna().sum())
    summary = {"p": test.p, "test": test.name, "smd": difference, "missing": missing}
    blank = {"p": np.nan, "test": "", "smd": np.nan, "missing": ""}
    if not rows:
        return []
    first, *others = rows
    return [
        {"variable": label, **first, **summary},
        *({"variable": "", **row, **blank} for row in others),
    ]


def baseline_table(table: pd.DataFrame, group: Any, dictionary: Any) -> pd.DataFrame:
    """Baseline table: variables × groups.

    Columns: variable, level, statistic, one text column a group, p, test, smd, missing.

    table: patients × variables. group: two or more names, one a patient. dictionary: its
    `variables` give label, unit, type, levels and summary of each variable. Continuous variables
    are median [IQR] with Mann-Whitney (Kruskal-Wallis); those whose summary is "mean" are mean ± SD
    with Welch's t (ANOVA). The dictionary decides, never a look at the values: a test chosen by
    another one on the same patients has neither's error. Categories as n (%) with chi-square, or
    Fisher's exact test where over a fifth of the expected counts is below 5. Of more than two
    groups smd is the largest of the pairs. Missing values are counted and left out of that
    variable; p, test, smd and missing stand in a variable's first row. Source of the differences:
    Austin 2009, Yang & Dalton 2012.

    >>> from types import SimpleNamespace as Some
    >>> age = Some(label="Age", unit="years", type="continuous", levels=None, summary="mean")
    >>> patients = pd.DataFrame({"age": [50, 60, 70, 80, 55, 65, 75, 85]})
    >>> table = baseline_table(patients, list("aaaabbbb"), Some(variables={"age": age}))
    >>> table["a"].tolist()
    ['65 ± 12.9']
    """
    group = group if isinstance(group, pd.Series) else list(group)
    if len(group) != len(table):
        raise ValueError(
            f"group: {counted(len(group), 'value')} for"
            f" {counted(len(table), 'patient')} in the table"
        )
    group = group if isinstance(group, pd.Series) else pd.Series(group, index=table.index)
    names = sorted(group.dropna().unique())
    if len(names) < 2:
        raise ValueError(f"group: expected two or more groups, got {names}")
    rows: list[dict[str, Any]] = []
    for name in table:
        rows += _variable_rows(table[name], dictionary.variables[name], group, names)
    return pd.DataFrame(
        rows, columns=["variable", "level", "statistic", *names, "p", "test", "smd", "missing"]
    )
