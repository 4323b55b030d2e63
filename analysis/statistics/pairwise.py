"""Pairwise comparisons of a measure between the levels of a category, by pingouin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_category, as_vector


def pairwise_levels(values: Any, group: Any, levels: list[str] | None = None) -> pd.DataFrame:
    """Pairs of levels: first, second, n_first, n_second, superiority, p_holm.

    superiority: probability that a patient of the second level has the higher value, ties half (an
    effect size of any distribution; the AUC between the two levels). p_holm: Mann-Whitney test, by
    Holm's method over the pairs; always this test, whatever the values look like. levels: their
    order, sorted by name unless given; those with fewer than 2 values are left out, and fewer than
    two that remain are an empty table. Missing values are a ValueError. By pingouin. Source: Mann &
    Whitney 1947; Holm 1979; McGraw & Wong 1992.

    >>> pairwise_levels([1, 2, 3, 4, 5, 6], list("aaabbb"))["superiority"].tolist()
    [1.0]
    """
    import pingouin  # takes seconds to load

    numbers, names = as_vector(values, "values"), as_category(group, "group").astype(str)
    if len(numbers) != len(names):
        raise ValueError(f"group: {counted(len(names), 'value')} for {len(numbers)} in values")
    order = [str(level) for level in (levels if levels is not None else sorted(set(names)))]
    counts = {level: int((names == level).sum()) for level in order}
    kept = [level for level in order if counts[level] > 1]
    columns = ["first", "second", "n_first", "n_second", "superiority", "p_holm"]
    if len(kept) < 2:
        return pd.DataFrame(columns=columns)
    inside = np.isin(names, kept)
    table = pd.DataFrame({"value": numbers[inside], "level": names[inside]})
    # Names that sort as the order is, so that the first of a pair is the earlier level.
    table["level"] = table["level"].map({level: f"{at:04d}" for at, level in enumerate(kept)})
    found = pingouin.pairwise_tests(
        table, dv="value", between="level", parametric=False, padjust="holm", effsize="CLES"
    )
    first, second = (found[side].astype(int).map(dict(enumerate(kept))) for side in "AB")
    # Of two levels pingouin adjusts nothing.
    adjusted = found["p_corr"] if "p_corr" in found else found["p_unc"]
    return pd.DataFrame(
        {
            "first": first,
            "second": second,
            "n_first": first.map(counts),
            "n_second": second.map(counts),
            "superiority": 1 - found["CLES"],
            "p_holm": adjusted,
        }
    )[columns]
