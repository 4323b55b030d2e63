"""Net benefit over the study's range of threshold probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.tables.grid import grid


def thresholds(results: Results) -> list[str]:
    """Threshold probabilities in percent that the results have, as the keys end."""
    found = {
        key.removeprefix("net_benefit.treat_all.validation.")
        for key in results.records
        if key.startswith("net_benefit.treat_all.validation.")
    }
    return sorted(found, key=float)


def net_benefit_markdown(
    results: Results, models: Sequence[str], kind: str = "net_benefit", how: str = "validation"
) -> Markdown:
    """Models, and treating all, by threshold; kind: net_benefit, net_benefit_competing,
    net_benefit_target, standardized_net_benefit or interventions_avoided."""
    columns = {
        f"{format_number(float(percent))}%": f"{kind}.{{model}}.{{how}}.{percent}"
        for percent in thresholds(results)
    }
    return grid(
        results,
        [
            *models,
            *(
                ["treat_all"]
                if f"{kind}.treat_all.{how}.{thresholds(results)[0]}" in results.records
                else []
            ),
        ],
        [how],
        columns,
    )
