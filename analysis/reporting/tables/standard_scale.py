"""The standard scale that histograms were matched to."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.study.phase_label import phase_label, phase_labels

TABLE = "tables/standard_scale"


@table
def standard_scale_markdown(results: Results) -> Markdown:
    """One row a phase and percentile: the scale of the final fit, and its range over folds."""
    labels = phase_labels(results.study)
    return pipe_table(
        ["Phase", "Percentile", "Standard scale, final fit", "Lowest in a fold", "Highest"],
        [
            [
                literal(phase_label(str(row.phase), labels)),
                f"{row.percentile:g}",
                *(f"{value:.1f}" for value in (row.standard, row.lowest, row.highest)),
            ]
            for row in results.frame(TABLE).itertuples()
        ],
        left=1,
    )
