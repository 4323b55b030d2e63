"""A table of results: one row a model and way of judging it, one column a kind of number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import estimate_cell, p_cell
from analysis.reporting.tables.markdown import pipe_table
from analysis.results import keys


def grid(
    results: Results,
    models: Sequence[str],
    hows: Sequence[str],
    columns: Mapping[str, Callable[[str, str], keys.Key]],
    p_values: Collection[str] = (),
) -> Markdown:
    """Table of models by way of judging.

    columns: header → what gives the key of a model and a way of judging it, as a quantity does;
    p_values: headers of columns that show the record's p-value.

    A key that the study does not have is a dash. The way of judging has a column where there are
    several.
    """

    def cell(header: str, model: str, how: str) -> str:
        key = columns[header](model, how)
        if header not in p_values:
            return estimate_cell(results, key, together=True)
        return p_cell(results, results.records.get(key))

    def name(model: str) -> str:
        return (
            results.text(keys.label(model))
            if keys.label(model) in results.records
            else literal(model.replace("_", " ").capitalize())
        )

    several = len(hows) > 1
    rows = [
        [
            name(model),
            *([results.text(keys.label(how))] if several else []),
            *[cell(header, model, how) for header in columns],
        ]
        for how in hows
        for model in models
    ]
    return pipe_table(
        ["Model", *(["Judged on"] if several else []), *columns], rows, left=2 if several else 1
    )
