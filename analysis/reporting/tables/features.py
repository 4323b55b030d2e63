"""The radiomics features that the chosen classifier uses."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.feature_names import spelled_out
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.tables.selection import share
from analysis.results import keys

LEVELS = {"outer": "Outer folds", "inner": "Inner folds"}


@table
def features_markdown(results: Results) -> Markdown:
    """Table of the selected features, one a row, in the order of selection.

    Each row has the share of the folds that chose the feature where the results have it.
    """
    names = [
        str(record.value)
        for _, record in sorted(
            keys.features_selected.of(results.records), key=lambda found: found[0]["number"]
        )
    ]
    shares = {}
    if (results.folder / "tables" / "selection_frequency.csv").is_file():
        shares = results.frame("tables/selection_frequency").set_index("feature")[[*LEVELS]].T
    columns = list(LEVELS.values()) if len(shares) else []
    return pipe_table(
        ["Phase", "Image", "Class", "Feature", *columns],
        [
            [
                *(literal(part) for part in spelled_out(results, name)),
                *(share(shares[name][level]) for level in LEVELS if columns),
            ]
            for name in names
        ],
        left=4,
    )
