"""How the locked model should be updated for later cohorts."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_number, format_p
from analysis.reporting.number_style import p_heading
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.wordings.result_ids import UPDATE_LIMITS, UPDATES, in_words
from analysis.results import keys


@table
def updating_markdown(results: Results) -> Markdown:
    """Table of the methods of updating the model for each cohort.

    Cohort, method, coefficients estimated, likelihood-ratio test against the fullest method, and
    which was chosen.
    """
    rows = []
    frame = results.frame("tables/updating").rename(columns={"method": "update"})
    for row in frame.itertuples():
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
                UPDATES[row.update],
                str(int(row.parameters)),
                *test,
                "chosen" if row.update == row.chosen else "",
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
        chosen = keys.updating_chosen(cohort)
        record = results.record(chosen)
        label, limit = results.text(keys.label(cohort)), keys.updating_limit(cohort)
        basis = in_words(UPDATE_LIMITS, results.plain(limit))
        if record.value is None:
            sentences.append(f"{label}: {basis}.")
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
            f"{label} ({results.plural(f'{chosen}:n', 'patient')} of known outcome):"
            f" {UPDATES[str(record.value)].lower()} ({basis}).{changed}"
        )
    return " ".join(sentences)
