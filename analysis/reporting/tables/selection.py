"""How often variables and features are chosen when the selection is made again."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.core.word_lists import counted
from analysis.reporting.compared_masks import reproducible_in
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH
from analysis.reporting.tables.feature_names import in_one
from analysis.reporting.tables.markdown import pipe_table, table

MOST_FEATURES = 20
STEP_NAMES = {
    "extracted": "Extracted",
    "variance": "Not near-constant",
    "univariable": "Univariable ranking",
    "anova": "Analysis of variance",
    "correlation": "Not correlated",
    "mrmr": "Minimum redundancy, maximum relevance",
    "lasso": "LASSO",
    "elastic_net": "Elastic net",
}
LEVELS = {"outer": "Outer folds", "inner": "Inner folds", "resamples": "Bootstrap resamples"}


def step_words(results: Results, step: str) -> str:
    """A step of the selection, in words."""
    if step != "reproducible":
        return STEP_NAMES[step]
    return f"Reproducible {reproducible_in(results, 'between delineations')}"


def share(value: float) -> str:
    """A share of the folds as a percentage; a dash where there is none."""
    return DASH if pd.isna(value) else f"{100 * value:.0f}%"


@table
def clinical_frequency_markdown(results: Results) -> Markdown:
    """Table of every candidate of the CR model.

    It has whether the final model has it, and how often folds and resamples chose it.
    """
    frame = results.printed("tables/clinical_frequency")
    levels = [level for level in LEVELS if frame[level].notna().any()]
    rows = [
        [
            row.label,
            "yes" if row.final else "no",
            *[share(getattr(row, level)) for level in levels],
        ]
        for row in frame.itertuples()
    ]
    return pipe_table(
        ["Variable", "Final model", *[LEVELS[level] for level in levels]], rows, left=2
    )


@table
def radiomics_frequency_markdown(results: Results) -> Markdown:
    """The features chosen most often; the last row counts the others that were ever chosen."""
    frame = results.frame("tables/selection_frequency")
    ever = frame[(frame["outer"] > 0) | (frame["inner"] > 0) | (frame["final"] > 0)]
    rows = [
        [
            literal(in_one(results, row.feature)),
            "yes" if row.final else "no",
            share(row.outer),
            share(row.inner),
        ]
        for row in ever.head(MOST_FEATURES).itertuples()
    ]
    if len(ever) > MOST_FEATURES:
        rows.append(
            [
                f"{counted(len(ever) - MOST_FEATURES, 'other')}, each at most",
                "",
                share(ever["outer"].iloc[MOST_FEATURES:].max()),
                share(ever["inner"].iloc[MOST_FEATURES:].max()),
            ]
        )
    return pipe_table(["Feature", "Final model", LEVELS["outer"], LEVELS["inner"]], rows, left=2)


def _range(counts: pd.Series) -> str:
    """From the least to the largest; a dash where no path of these fits has the step."""
    if not len(counts):
        return DASH
    low, high = int(counts.min()), int(counts.max())
    return f"{low}" if low == high else f"{low} to {high}"


@table
def selection_path_markdown(results: Results) -> Markdown:
    """Features left after each step, in the final fit and over the outer folds."""
    frame = results.frame("curves/selection")
    rows = []
    for step, part in frame.groupby("step", sort=False):
        final = part.loc[part["context"] == "final", "features"]
        outer = part.loc[part["context"] != "final", "features"]
        rows.append([step_words(results, str(step)), _range(final), _range(outer)])
    return pipe_table(["Step", "Final fit", "Outer folds"], rows)
