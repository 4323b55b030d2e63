"""A table of results: one row a model and way of judging it, one column a kind of number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import estimate_cell, p_cell
from analysis.reporting.tables.markdown import pipe_table


def grid(
    results: Results, models: Sequence[str], hows: Sequence[str], columns: Mapping[str, str]
) -> Markdown:
    """columns: header → key with the places {model} and {how}; one that ends in ` p` shows the
    record's p-value.

    A key that the study does not have is a dash. The way of judging has a column where there are
    several.
    """

    def cell(template: str, model: str, how: str) -> str:
        key, wants_p, _ = template.partition(" p")
        key = key.format(model=model, how=how)
        if not wants_p:
            return estimate_cell(results, key, together=True)
        return p_cell(results, results.records.get(key))

    def name(model: str) -> str:
        return (
            results.text(f"label.{model}")
            if f"label.{model}" in results.records
            else literal(model.replace("_", " ").capitalize())
        )

    several = len(hows) > 1
    rows = [
        [
            name(model),
            *([results.text(f"label.{how}")] if several else []),
            *[cell(template, model, how) for template in columns.values()],
        ]
        for how in hows
        for model in models
    ]
    return pipe_table(
        ["Model", *(["Judged on"] if several else []), *columns], rows, left=2 if several else 1
    )
