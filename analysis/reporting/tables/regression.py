"""Odds ratios of the clinical-radiological variables."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell, p_cell, printed_units
from analysis.reporting.tables.markdown import pipe_table


def regression_markdown(results: Results) -> Markdown:
    """Univariable odds ratio of every term, smallest p first, and the multivariable one of those
    kept."""

    def cells(kind: str, term: str) -> list[str]:
        record = results.records.get(f"odds_ratio.{kind}.{term}")
        return (
            ["", ""]
            if record is None
            else [estimate_cell(results, record.key), p_cell(results, record)]
        )

    prefix = "odds_ratio.univariable."
    terms = [key.removeprefix(prefix) for key in results.records if key.startswith(prefix)]
    terms.sort(
        key=lambda term: (
            results.record(prefix + term).p is None,
            results.record(prefix + term).p or 0.0,
            term,
        )
    )
    level = results.plain("settings.confidence_level", "level")
    rows = [
        [
            printed_units(results.text(f"label.term.{term}")),
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
