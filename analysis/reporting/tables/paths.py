"""Paths from features to a classifier, as tuning judged them."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import DASH, format_number
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys


def _area(value: float) -> str:
    return format_number(value, "AUC") if value == value else DASH


@table
def paths_markdown(results: Results) -> Markdown:
    """Table of one row a classifier and path.

    It has the mean AUC of the tuning folds of the final fit, its range over the outer folds, and
    how many of these chose the path.
    """
    frame = results.frame("tables/paths")
    rows = []
    for (model, path), part in frame.groupby(["model", "path"], sort=False):
        final = part[part["context"] == "final"]
        outer = part[part["context"] != "final"]
        folds = frame.loc[frame["model"] == model, "context"].nunique() - 1
        label = results.text(keys.label(str(model))).removeprefix("Radiomics, ")
        least, most = _area(outer["auc"].min()), _area(outer["auc"].max())
        rows.append(
            [
                label[:1].upper() + label[1:],
                literal(str(path)),
                _area(final["auc"].iloc[0]) if len(final) else DASH,
                "yes" if final["chosen"].sum() else "no",
                least if least == most else f"{least} to {most}",
                f"{int(outer['chosen'].sum())} of {folds}",
            ]
        )
    return pipe_table(
        ["Classifier", "Path", "AUC, final fit", "Chosen", "AUC, outer folds", "Folds chosen"],
        rows,
        left=2,
    )
