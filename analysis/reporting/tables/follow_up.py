"""Analyses that use each patient's follow-up, the unknown labels included."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.cells import estimate_cell, p_cell
from analysis.reporting.tables.grid import grid
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys

COLUMNS = {
    "AUC at the horizon": keys.auc_horizon,
    "Brier score at the horizon": keys.brier_horizon,
    "C-index": keys.concordance,
    "AUC, deaths as events": keys.auc_death_as_event,
}
HAZARDS = {
    "any_event": "Recurrence or death",
    "cause_specific": "Recurrence, deaths censored",
    "cause_specific_death": "Death, recurrences censored",
    "subdistribution": "Recurrence, subdistribution (Fine-Gray)",
}
DIFFERENCES = {
    "C-index": keys.concordance_difference,
    "Brier score at the horizon": keys.brier_horizon_difference,
}


@table
def horizon_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Censoring-weighted AUC and Brier score, C-index, and the AUC that counts deaths as events."""
    hows = ["out_of_fold", "validation", *results.study.split.external]
    known = [
        how
        for how in hows
        if any(keys.concordance(model, how) in results.records for model in models)
    ]
    return grid(results, models, known or hows, COLUMNS)


@table
def hazards_markdown(results: Results) -> Markdown:
    """Hazard ratios of risk groups by cohort and event, with the test of proportional hazards."""
    rows = []
    for cohort, how in (("training", "out_of_fold"), ("validation", "validation")):
        for kind, words in HAZARDS.items():
            record, check = (
                results.records.get(quantity(kind, cohort))
                for quantity in (keys.hazard_ratio, keys.proportional_hazards)
            )
            if record is not None:
                rows.append(
                    [
                        results.text(keys.label(how)),
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


@table
def followed_differences_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of the contrasts' model minus each other one.

    It has the C-index, and the Brier score at the horizon, with their intervals.
    """
    model = results.plain(keys.contrasts_model())
    rows = []
    for other in models:
        found = [quantity(model, other, "validation") for quantity in DIFFERENCES.values()]
        if any(key in results.records for key in found):
            rows.append(
                [
                    results.text(keys.label(other)),
                    *[estimate_cell(results, key, together=True) for key in found],
                ]
            )
    return pipe_table([f"{results.text(keys.label(model))} minus", *DIFFERENCES], rows)
