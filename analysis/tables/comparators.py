"""The best model against staging systems and indexes, on the patients whom both score."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.manuscript import Results, format_p
from analysis.results.record import Record
from analysis.tables.cells import DASH, estimate_cell, estimate_text
from analysis.tables.markdown import pipe_table


def _p_cell(results: Results, model: str, test: Record | None) -> str:
    """The p-value with its role; a comparison that the study file does not name has none."""
    if test is None or test.p is None:
        return DASH
    role = results.records.get(f"contrast_role.{model}")
    return f"{format_p(test.p)} ({'primary' if role is not None and str(role.value).startswith('primary') else 'Holm'})"


def comparators_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """AUC of each in validation, the best model's minus it, its DeLong p, the difference in net benefit.

    n is the number of validation patients whom the model can score and whose outcome is known.
    """
    best = results.text("best.model")
    rows = []
    for model in models:
        test = results.records.get(f"delong.{best}_vs_{model}.validation")
        rows.append([
            results.text(f"label.{model}"), results.text(f"n_evaluable.{model}.validation"),
            estimate_cell(results, f"auc.{model}.validation", together=True), estimate_text(test, together=True), _p_cell(results, model, test),
            estimate_cell(results, f"net_benefit_difference.{best}_vs_{model}.validation", together=True),
        ])
    label = results.text("best.model.label")
    return pipe_table(["Comparator", "n", "AUC", f"AUC of {label} minus its AUC", "p (DeLong)", f"Net benefit of {label} minus its"], rows)
