"""The radiomics features that the chosen classifier uses."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.manuscript import Results
from analysis.radiomics.definitions import feature_parts
from analysis.rendering.literal import literal
from analysis.tables.markdown import pipe_table
from analysis.tabular.features import feature_phases


def features_markdown(results: Results) -> Markdown:
    """One row a selected feature, in the order of selection."""
    names = [
        str(record.value)
        for key, record in sorted(results.records.items())
        if key.startswith("features.selected.") and key != "features.selected.n"
    ]
    return pipe_table(
        ["Phase", "Image", "Class", "Feature"],
        [
            [literal(part) for part in feature_parts(name, feature_phases(results.study))]
            for name in names
        ],
        left=4,
    )
