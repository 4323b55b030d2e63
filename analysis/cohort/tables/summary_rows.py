"""Rows below the patients that are none: means, totals and notes left under a table."""

from __future__ import annotations

import re

import pandas as pd

from analysis.core.problems import Problems

# What such a row is called, in the languages of the tables that were seen.
SUMMARIES = frozenset(
    (
        "mean",
        "means",
        "average",
        "avg",
        "median",
        "total",
        "totals",
        "sum",
        "subtotal",
        "grand total",
        "count",
        "n",
        "min",
        "minimum",
        "max",
        "maximum",
        "range",
        "sd",
        "std",
        "stdev",
        "standard deviation",
        "se",
        "sem",
        "iqr",
        "variance",
        "mean sd",
        "percent",
        "mittelwert",
        "durchschnitt",
        "summe",
        "gesamt",
        "anzahl",
        "standardabweichung",
        "moyenne",
        "médiane",
        "somme",
        "total général",
        "écart type",
        "media",
        "mediana",
        "promedio",
        "totale",
        "somma",
        "desviación estándar",
        "平均",
        "平均值",
        "均值",
        "合计",
        "总计",
        "总和",
        "中位数",
        "标准差",
        "最大值",
        "最小值",
        "計",
        "合計",
        "平均値",
        "평균",
        "합계",
    )
)
# Tests and counts that tables of results have below their columns.
SUMMARIES |= {
    "p",
    "p value",
    "std dev",
    "standard error",
    "n %",
    "no %",
    "missing",
    "n missing",
    "95 ci",
    "q1",
    "q3",
    "fehlend",
    "缺失",
}
SIGNS = re.compile(r"[\s:=±()\[\]/._,;%+-]+")
# A statistic's name that what it is of may follow: `Mean age`, `Total n=80`, `Median (IQR)`. None
# begins a person's name.
LEADING = frozenset(
    (
        "mean",
        "average",
        "median",
        "total",
        "totals",
        "subtotal",
        "minimum",
        "maximum",
        "stdev",
        "iqr",
        "range",
        "mittelwert",
        "durchschnitt",
        "summe",
        "gesamt",
        "standardabweichung",
        "moyenne",
        "médiane",
        "promedio",
        "mediana",
    )
)
PERCENT = re.compile(r"^(n|no)\s*\(?\s*%")


def is_summary(name: str) -> bool:
    """True if a patient's name is that of a statistic.

    Such names are `Mean`, `TOTAL:`, `Median (IQR)`, `n (%)` and `平均`.
    """
    folded = name.strip().casefold()
    words = SIGNS.sub(" ", folded).strip()
    first, _, rest = words.partition(" ")
    return (
        words in SUMMARIES
        or PERCENT.match(folded) is not None
        or (first in LEADING and not rest.isdigit())
    )


def without_summaries(
    table: pd.DataFrame, lines: dict[str, list[int]], file: str, problems: Problems
) -> pd.DataFrame:
    """Table without its summary rows, each of which is an error.

    The error is of no patient, so that the row isn't counted as one who was left out.

    table: indexed by patient; lines: of each patient in the file. A row with nothing but a name is
    a warning.
    """
    empty = table.isna().all(axis=1) if table.shape[1] > 1 else pd.Series(False, index=table.index)
    void = set(empty.index) - set(empty.index[~empty.to_numpy()])
    for name in dict.fromkeys(table.index):
        where = f"{file}, line {', '.join(map(str, lines.get(name, [])))}"
        if is_summary(str(name)):
            problems.error(
                f"the row '{name}' is a summary of the columns, as it seems, and no patient",
                where,
                "take it out of the table, or rename the patient",
            )
        elif name in void:
            problems.warning(
                f"the row of '{name}' has nothing but this name: is it a note below the table?",
                where,
                "take it out, or fill it",
                name,
            )
    return table[[not is_summary(str(name)) for name in table.index]]
