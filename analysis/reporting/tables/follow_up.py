"""Analyses that use each patient's follow-up, the unknown labels included."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell, p_cell
from analysis.reporting.tables.grid import grid
from analysis.reporting.tables.markdown import pipe_table

COLUMNS = {
    "AUC at the horizon": "auc_horizon.{model}.{how}",
    "Brier score at the horizon": "brier_horizon.{model}.{how}",
    "C-index": "concordance.{model}.{how}",
    "AUC, deaths as events": "auc_death_as_event.{model}.{how}",
}
HAZARDS = {
    "any_event": "Recurrence or death",
    "cause_specific": "Recurrence, deaths censored",
    "cause_specific_death": "Death, recurrences censored",
    "subdistribution": "Recurrence, subdistribution (Fine-Gray)",
}
DIFFERENCES = {
    "C-index": "concordance_difference.{pair}.validation",
    "Brier score at the horizon": "brier_horizon_difference.{pair}.validation",
}


def horizon_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Censoring-weighted AUC and Brier score, C-index, and the AUC that counts deaths as events."""
    hows = ["out_of_fold", "validation", *results.study.split.external]
    known = [
        how
        for how in hows
        if any(f"concordance.{model}.{how}" in results.records for model in models)
    ]
    return grid(results, models, known or hows, COLUMNS)


def hazards_markdown(results: Results) -> Markdown:
    """Hazard ratios of the risk groups by cohort and event, with the test of proportional
    hazards."""
    rows = []
    for cohort, how in (("training", "out_of_fold"), ("validation", "validation")):
        for kind, words in HAZARDS.items():
            record, check = (
                results.records.get(f"{name}.{kind}.{cohort}")
                for name in ("hazard_ratio", "proportional_hazards")
            )
            if record is not None:
                rows.append(
                    [
                        results.text(f"label.{how}"),
                        words,
                        estimate_cell(results, record.key, together=True),
                        p_cell(results, record),
                        p_cell(results, check),
                    ]
                )
    return pipe_table(
        [
            "Cohort",
            "Event",
            "Hazard ratio, high against low risk",
            p_heading(),
            p_heading("proportional hazards"),
        ],
        rows,
        left=2,
    )


def followed_differences_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """The contrasts' model minus each other one: C-index, and Brier score at the horizon, with
    their intervals."""
    model = results.plain("contrasts.model")
    rows = []
    for other in models:
        keys = [key.format(pair=f"{model}_vs_{other}") for key in DIFFERENCES.values()]
        if any(key in results.records for key in keys):
            rows.append(
                [
                    results.text(f"label.{other}"),
                    *[estimate_cell(results, key, together=True) for key in keys],
                ]
            )
    return pipe_table([f"{results.text('label.' + model)} minus", *DIFFERENCES], rows)
