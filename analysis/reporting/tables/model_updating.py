"""How the locked model should be updated for later cohorts."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.core.word_lists import counted
from analysis.reporting.manuscript import Results, format_number, format_p
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys

METHODS = {
    "original": "As it is",
    "in_the_large": "Recalibrated in the large",
    "recalibration": "Recalibrated, intercept and slope",
    "revision": "All coefficients refitted",
}


@table
def updating_markdown(results: Results) -> Markdown:
    """Table of the methods of updating the model for each cohort.

    Cohort, method, coefficients estimated, likelihood-ratio test against the fullest method, and
    which was chosen.
    """
    rows = []
    for row in results.frame("tables/updating").itertuples():
        test = (
            ["–", "–"]
            if pd.isna(row.p)
            else [
                f"{format_number(row.statistic, 'chi-square')} ({int(row.degrees_of_freedom)})",
                format_p(row.p),
            ]
        )
        rows.append(
            [
                results.text(keys.label(row.cohort)),
                METHODS[row.method],
                str(int(row.parameters)),
                *test,
                "chosen" if row.method == row.chosen else "",
            ]
        )
    return pipe_table(
        ["Cohort", "Model", "Coefficients estimated", "Likelihood ratio (df)", p_heading(), ""],
        rows,
        left=2,
    )


def updating_words(results: Results) -> str:
    """Sentences on the updating of a model, one a cohort.

    They say what was chosen and what it did to the Brier score, or why nothing could be chosen.
    """
    sentences = []
    for cohort in results.study.split.external:
        record = results.record(keys.updating_chosen(cohort))
        label = results.text(keys.label(cohort))
        if record.value is None:
            sentences.append(f"{label}: {record.method}.")
            continue
        changed = (
            ""
            if record.value == "original"
            else (
                f" Its Brier score went from {results.text(keys.updating_brier_before(cohort))} to"
                f" {results.text(keys.updating_brier_after(cohort))}, the second on the patients"
                " that the update was learnt from."
            )
        )
        sentences.append(
            f"{label} ({counted(record.n, 'patient')} of known outcome):"
            f" {METHODS[str(record.value)].lower()} ({record.method}).{changed}"
        )
    return " ".join(sentences)
