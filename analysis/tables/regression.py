"""Odds ratios of the clinical-radiological variables."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.manuscript import Results, format_number, format_p
from analysis.tables.markdown import pipe_table


def regression_markdown(results: Results) -> Markdown:
    """Univariable odds ratio of every term, multivariable one of those kept."""
    def cells(kind: str, term: str) -> list[str]:
        record = results.records.get(f"odds_ratio.{kind}.{term}")
        if record is None:
            return ["", ""]
        interval = " to ".join(format_number(each) for each in (record.ci_low, record.ci_high))
        return [f"{format_number(record.value)} ({interval})", format_p(record.p)]
    prefix = "odds_ratio.univariable."
    terms = [key.removeprefix(prefix) for key in results.records if key.startswith(prefix)]
    terms.sort(key=lambda term: (results.record(prefix + term).p is None, results.record(prefix + term).p))
    level = results.text("settings.confidence_level", "level")
    rows = [[results.text(f"label.term.{term}"), *cells("univariable", term), *cells("multivariable", term)] for term in terms]
    return pipe_table(["Variable", f"Univariable OR ({level} CI)", "p", f"Multivariable OR ({level} CI)", "p"], rows)
