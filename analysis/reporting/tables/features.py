"""The radiomics features that the chosen classifier uses."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.cohort.tables.feature_table import feature_phases
from analysis.inputs.radiomics.definitions import feature_parts
from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
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
        [
            [literal(part) for part in feature_parts(name, feature_phases(results.study))]
            for name in names
        ],
        left=4,
    )
