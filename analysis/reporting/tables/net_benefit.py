"""Net benefit over the study's range of threshold probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.tables.grid import grid
from analysis.reporting.tables.markdown import table
from analysis.results import keys


def thresholds(results: Results) -> list[str]:
    """Threshold probabilities in percent that the results have for treating all."""
    found = {
        parts["percent"]
        for parts, _ in keys.net_benefit.of(results.records)
        if (parts["model"], parts["evaluation"]) == (keys.TREAT_ALL, "validation")
    }
    return sorted(found, key=float)


@table
def net_benefit_markdown(
    results: Results, models: Sequence[str], kind: str = "net_benefit", how: str = "validation"
) -> Markdown:
    """Table of models, and treating all, by threshold.

    kind: net_benefit, net_benefit_competing, net_benefit_target, standardized_net_benefit or
    interventions_avoided.
    """
    quantity, reported = keys.named(kind), thresholds(results)
    columns = {
        f"{format_number(float(percent))}%": partial(quantity, percent=percent)
        for percent in reported
    }
    treated = quantity(keys.TREAT_ALL, how, reported[0]) in results.records
    everybody = [keys.TREAT_ALL] if treated else []
    return grid(results, [*models, *everybody], [how], columns)
