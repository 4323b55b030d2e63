"""The best model against staging systems and indexes, on the patients whom both score."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.manuscript import Results, format_number, format_p
from analysis.tables.markdown import pipe_table


def comparators_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """AUC of each in validation, difference of the best model's, DeLong p, difference in net benefit."""
    best = results.text("best.model")
    rows = []
    for model in models:
        area = results.records.get(f"auc.{model}.validation")
        test = results.records.get(f"delong.{best}_vs_{model}.validation")
        gain = results.records.get(f"net_benefit_difference.{best}_vs_{model}.validation")
        cells = [results.text(f"label.{model}"), results.text(f"n_evaluable.{model}.validation")]
        for record in (area, test, gain):
            if record is None or record.value is None:
                cells.append("–")
            else:
                cells.append(f"{format_number(record.value, record.unit)} ({format_number(record.ci_low, record.unit)} to {format_number(record.ci_high, record.unit)})")
        cells.insert(4, format_p(test.p) if test is not None else "–")
        rows.append(cells)
    label = results.text("best.model.label")
    return pipe_table(["Comparator", "n", "AUC", f"AUC of {label} minus its", "p (DeLong)", "Net benefit difference"], rows)
