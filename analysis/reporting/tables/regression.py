"""Odds ratios of the clinical-radiological variables."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell, p_cell, printed_units
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys


@table
def regression_markdown(results: Results) -> Markdown:
    """Table of univariable and multivariable odds ratios.

    It has the univariable odds ratio of every term, smallest p first, and the multivariable one of
    those kept.
    """

    def cells(kind: str, term: str) -> list[str]:
        record = results.records.get(keys.odds_ratio(kind, term))
        return (
            ["", ""]
            if record is None
            else [estimate_cell(results, record.key), p_cell(results, record)]
        )

    found = {
        parts["term"]: record
        for parts, record in keys.odds_ratio.of(results.records)
        if parts["regression"] == "univariable"
    }
    terms = sorted(found, key=lambda term: (found[term].p is None, found[term].p or 0.0, term))
    level = results.plain(keys.settings_confidence_level(), "level")
    rows = [
        [
            printed_units(results.text(keys.label_term(term))),
            *cells("univariable", term),
            *cells("multivariable", term),
        ]
        for term in terms
    ]
    return pipe_table(
        [
            "Variable",
            f"Univariable‖OR ({level} CI)",
            f"Univariable‖{p_heading()}",
            f"Multivariable‖OR ({level} CI)",
            f"Multivariable‖{p_heading()}",
        ],
        rows,
    )
