"""The radiomics features that the chosen classifier uses."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.feature_names import spelled_out
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys


@table
def features_markdown(results: Results) -> Markdown:
    """One row a selected feature, in the order of selection."""
    names = [
        str(record.value)
        for _, record in sorted(
            keys.features_selected.of(results.records), key=lambda found: found[0]["number"]
        )
    ]
    return pipe_table(
        ["Phase", "Image", "Class", "Feature"],
        [[literal(part) for part in spelled_out(results, name)] for name in names],
        left=4,
    )
