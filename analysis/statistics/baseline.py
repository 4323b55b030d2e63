"""Table 1: each variable by group, the test named beside its p."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

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


def _largest_pair(parts: list, difference: Any) -> float:
    """Standardized difference of two groups; the largest over all pairs of more."""
    values = [
        difference(one, two)
        for place, one in enumerate(parts)
        for two in parts[place + 1 :]
        if len(one) > 1 and len(two) > 1
    ]
    return max(values, default=np.nan)


def _continuous(
    values: pd.Series, group: pd.Series, names: list, ranks: bool
) -> tuple[list[dict], SignificanceTest, float]:
    parts = [pd.to_numeric(values[group == name]).dropna().to_numpy(dtype=float) for name in names]
    if ranks:
        shown = [
            (
                f"{np.median(part):.3g} [{np.quantile(part, 0.25):.3g},"
                f" {np.quantile(part, 0.75):.3g}]"
                if len(part)
                else ""
            )
            for part in parts
        ]
    else:
        shown = [
            f"{part.mean():.3g} ± {part.std(ddof=1):.3g}" if len(part) > 1 else "" for part in parts
        ]
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
    values: pd.Series, group: pd.Series, names: list, levels: list
) -> tuple[list[dict], SignificanceTest, float]:
    known = values.notna()
    text = values[known].astype(str)
    counts = pd.crosstab(text, group[known]).reindex(
        index=[str(level) for level in levels], columns=names, fill_value=0
    )
    counts = counts[counts.sum(axis=1) > 0]
    percent = 100 * counts / counts.sum().where(counts.sum() > 0)
    rows = [
        {
            "level": level,
            "statistic": "n (%)",
            **{
                name: f"{counts.loc[level, name]} ({percent.loc[level, name]:.1f})"
                for name in names
            },
        }
        for level in counts.index
    ]
    if (counts.sum() > 0).sum() < 2:
        return rows, SignificanceTest(np.nan, np.nan, np.nan, "known in one group only"), np.nan
    if len(counts) < 2:
        return rows, SignificanceTest(np.nan, np.nan, np.nan, "one level only"), 0.0
    return (
        rows,
        category_test(counts),
        _largest_pair(
            [text[group[known] == name].to_numpy() for name in names],
            standardized_category_difference,
        ),
    )


def baseline_table(table: pd.DataFrame, group: Any, dictionary: Any) -> pd.DataFrame:
    """Variables × groups: variable, level, statistic, one text column a group, p, test, smd,
    missing.

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
        raise ValueError(f"group: {len(group)} values for {len(table)} patients in the table")
    group = group if isinstance(group, pd.Series) else pd.Series(group, index=table.index)
    names = sorted(group.dropna().unique())
    if len(names) < 2:
        raise ValueError(f"group: expected two or more groups, got {names}")
    rows: list[dict] = []
    for name in table:
        variable = dictionary.variables[name]
        label = (
            f"{variable.label}, {variable.unit}"
            if variable.type == "continuous" and variable.unit not in (None, "1", "count")
            else variable.label
        )
        if variable.type == "continuous":
            part, test, difference = _continuous(
                table[name], group, names, variable.summary == "median"
            )
        elif variable.type == "binary":
            part, test, difference = _categorical(
                table[name].map({0: "no", 1: "yes"}), group, names, ["no", "yes"]
            )
            part = [row for row in part if row["level"] == "yes"] or part
        else:
            part, test, difference = _categorical(
                table[name], group, names, level_order(table[name].dropna(), variable.levels)
            )
        summary = {
            "p": test.p,
            "test": test.name,
            "smd": difference,
            "missing": int(table[name].isna().sum()),
        }
        blank = {"p": np.nan, "test": "", "smd": np.nan, "missing": ""}
        rows += [
            {
                "variable": label if position == 0 else "",
                **row,
                **(summary if position == 0 else blank),
            }
            for position, row in enumerate(part)
        ]
    return pd.DataFrame(
        rows, columns=["variable", "level", "statistic", *names, "p", "test", "smd", "missing"]
    )
