"""Table 1: the patients of each cohort."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.manuscript import Results, format_p
from analysis.tables.markdown import pipe_table


def baseline_markdown(results: Results) -> Markdown:
    """Variables by cohort; a variable's levels are indented under it, and its test is named beside its p."""
    rows = []
    for row in results.frame("tables/baseline").itertuples():
        variable, level = (value if isinstance(value, str) else "" for value in (row.variable, row.level))
        level = level.replace("_", " ")
        name = f"{variable}: {level}" if variable and level else variable or f"\u2003{level}"
        first = bool(variable)
        rows.append([name, row.statistic, row.training, row.validation, format_p(row.p) if first and pd.notna(row.p) else "", row.test if first else "",
                     f"{row.smd:.2f}" if first and pd.notna(row.smd) else "", f"{int(row.missing)}" if first and pd.notna(row.missing) and row.missing else ""])
    counts = [f"{results.text(f'label.{name}') if name == 'validation' else 'Training'} (n = {results.text(f'cohort.{name}.n')})" for name in ("training", "validation")]
    return pipe_table(["Variable", "Statistic", *counts, "p", "Test", "SMD", "Missing"], rows)
