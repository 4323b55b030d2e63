"""Table 1: each variable by cohort, the test named beside its p."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats


def _standardised_difference(first: pd.DataFrame, second: pd.DataFrame) -> float:
    """Multivariate standardised mean difference over indicator columns (Yang & Dalton 2012); |difference| / pooled SD for one column."""
    difference = (first.mean() - second.mean()).to_numpy()
    pooled = np.atleast_2d((np.cov(first.T, ddof=1) + np.cov(second.T, ddof=1)) / 2)
    value = difference @ np.linalg.pinv(pooled) @ difference
    return float(np.sqrt(value)) if value > 0 else 0.0


def _continuous(values: pd.Series, group: pd.Series, names: list) -> tuple[list[dict], dict]:
    parts = [pd.to_numeric(values[group == name]).dropna() for name in names]
    everyone = pd.concat(parts)
    skewed = abs(stats.skew(everyone)) > 1 if len(everyone) > 7 else True
    if skewed:
        shown = [f"{part.median():.3g} [{part.quantile(.25):.3g}, {part.quantile(.75):.3g}]" for part in parts]
        p, test, statistic = stats.mannwhitneyu(*parts).pvalue, "Mann-Whitney", "median [IQR]"
    else:
        shown = [f"{part.mean():.3g} ± {part.std():.3g}" for part in parts]
        p, test, statistic = stats.ttest_ind(*parts, equal_var=False).pvalue, "Welch t", "mean ± SD"
    difference = _standardised_difference(parts[0].to_frame(), parts[1].to_frame())
    return [{"level": "", "statistic": statistic, **dict(zip(names, shown, strict=True))}], {"p": float(p), "test": test, "smd": difference}


def _categorical(values: pd.Series, group: pd.Series, names: list, levels: list) -> tuple[list[dict], dict]:
    known = values.notna()
    counts = pd.crosstab(values[known].astype(str), group[known]).reindex(index=[str(level) for level in levels], columns=names, fill_value=0)
    counts = counts[counts.sum(axis=1) > 0]
    percent = 100 * counts / counts.sum()
    rows = [{"level": level, "statistic": "n (%)", **{name: f"{counts.loc[level, name]} ({percent.loc[level, name]:.1f})" for name in names}} for level in counts.index]
    if len(counts) < 2:
        return rows, {"p": np.nan, "test": "one level only", "smd": 0.0}
    expected = stats.contingency.expected_freq(counts)
    if (expected < 5).mean() > 0.2:
        if counts.shape == (2, 2):
            p, test = stats.fisher_exact(counts).pvalue, "Fisher exact"
        else:
            # Exact over all r × c tables is out of scipy's reach; its permutation p is seeded, so it is the same each call.
            p = stats.chi2_contingency(counts, correction=False, method=stats.PermutationMethod(n_resamples=9999, rng=np.random.default_rng(0))).pvalue
            test = "chi-square, permutation"
    else:
        p, test = stats.chi2_contingency(counts, correction=False).pvalue, "chi-square"
    indicators = pd.get_dummies(values[known].astype(str)).reindex(columns=counts.index[1:], fill_value=False).astype(float)
    difference = _standardised_difference(indicators[group[known] == names[0]], indicators[group[known] == names[1]])
    return rows, {"p": float(p), "test": test, "smd": difference}


def baseline_table(table: pd.DataFrame, group: pd.Series, dictionary) -> pd.DataFrame:
    """Variables × two groups: variable, level, statistic, one text column a group, p, test, smd, missing.

    table: patients × variables. group: two names. dictionary: gives label, unit, type and levels of a variable.
    Skewed continuous variables (|skewness| > 1) as median [IQR] with Mann-Whitney, others as mean ± SD with Welch's t;
    categories as n (%) with chi-square, or Fisher's exact test where over a fifth of expected counts is below 5.
    Missing values are counted and left out of that variable. p, test, smd and missing stand in a variable's first row.
    """
    names = sorted(group.dropna().unique())
    if len(names) != 2:
        raise ValueError(f"group: expected two groups, got {names}")
    rows: list[dict] = []
    for name in table:
        variable = dictionary.variables[name]
        label = f"{variable.label}, {variable.unit}" if variable.type == "continuous" and variable.unit not in (None, "1", "count") else variable.label
        if variable.type == "continuous":
            part, test = _continuous(table[name], group, names)
        elif variable.type == "binary":
            part, test = _categorical(table[name].map({0: "no", 1: "yes", 0.0: "no", 1.0: "yes"}), group, names, ["no", "yes"])
            part = [row for row in part if row["level"] == "yes"] or part
        else:
            part, test = _categorical(table[name], group, names, list(variable.levels or sorted(table[name].dropna().unique())))
        blank = {"p": np.nan, "test": "", "smd": np.nan, "missing": ""}
        rows += [{"variable": label if position == 0 else "", **row, **({**test, "missing": int(table[name].isna().sum())} if position == 0 else blank)} for position, row in enumerate(part)]
    return pd.DataFrame(rows, columns=["variable", "level", "statistic", *names, "p", "test", "smd", "missing"])
