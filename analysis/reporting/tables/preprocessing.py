"""What preprocessing of images does to the repeatability of features."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results.preprocessing_names import ALL, TABLE
from analysis.study.phase_label import in_spaces


@table
def preprocessing_markdown(results: Results) -> Markdown:
    """One row a perturbation, and one of all: share of features that reach the threshold."""
    frame = results.frame(TABLE)
    return pipe_table(
        ["Perturbation", "Patients", "Features", "With preprocessing", "Without"],
        [
            [
                literal("All together" if row.perturbation == ALL else in_spaces(row.perturbation)),
                str(row.patients),
                str(row.features),
                f"{100 * row.with_it:.0f}%",
                f"{100 * row.without:.0f}%",
            ]
            for row in frame.itertuples()
        ],
        left=1,
    )
