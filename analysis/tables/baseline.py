"""Table 1: the patients of each cohort."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.manuscript import Results, format_p
from analysis.tables.cells import printed_units
from analysis.tables.markdown import pipe_table


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if pd.isna(value) else f"{value:g}"


def baseline_markdown(results: Results) -> Markdown:
    """Variables by cohort; a variable's levels are indented under it, and its test is named beside its p."""
    rows = []
    for row in results.frame("tables/baseline").itertuples():
        variable, level = printed_units(_text(row.variable)), _text(row.level).replace("_", " ")
        first = bool(variable)
        name = f"{variable}: {level}" if variable and level else variable or f"\u2003{level}"
        rows.append([name, _text(row.statistic), _text(row.training), _text(row.validation), format_p(row.p) if first and pd.notna(row.p) else "", _text(row.test) if first else "",
                     f"{row.smd:.2f}" if first and pd.notna(row.smd) else "", f"{int(row.missing)}" if first and pd.notna(row.missing) and row.missing else ""])
    counts = [f"{name.capitalize()} (n\u00a0=\u00a0{results.text(f'cohort.{name}.n')})" for name in ("training", "validation")]
    return pipe_table(["Variable", "Statistic", *counts, "p", "Test", "SMD", "Missing"], rows)
