"""The best model against staging systems and indexes, on the patients whom both score."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell, p_with_role, size_cell
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys


@table
def comparators_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """AUC of each in validation, the best model's minus it, its p, the difference in net benefit.

    n (events): validation patients whom the model can score and whose outcome is known.
    """
    best = results.plain(keys.best_model())
    rows = []
    for model in models:
        key = keys.delong(best, model, "validation")
        rows.append(
            [
                results.text(keys.label(model)),
                size_cell(results, model, "validation")
                or results.text(keys.n_evaluable(model, "validation")),
                estimate_cell(results, keys.auc(model, "validation"), together=True),
                estimate_cell(results, key, together=True),
                p_with_role(results, model, results.records.get(key)),
                estimate_cell(
                    results, keys.net_benefit_difference(best, model, "validation"), together=True
                ),
            ]
        )
    level = results.plain(keys.settings_confidence_level(), "level")
    return pipe_table(
        [
            "Model",
            "n (events)",
            f"AUC ({level} CI)",
            f"Difference in AUC ({level} CI)",
            p_heading(),
            f"Difference in net benefit ({level} CI)",
        ],
        rows,
    )
