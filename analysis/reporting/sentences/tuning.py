"""Sentences on what tuning tried, and how often it chose the end of what was tried."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.results import keys

TABLE = "tables/tuning"
# Parameters as scikit-learn and XGBoost name them.
WORDS = {
    "C": "inverse penalty",
    "n_neighbors": "number of neighbours",
    "max_depth": "depth of trees",
    "alpha": "weight decay",
    "min_samples_leaf": "fewest patients of a leaf",
    "max_leaf_nodes": "most leaves of a tree",
    "l1_ratio": "LASSO's share of the penalty",
}


def grids_tried(results: Results) -> str:
    """Values that the final fit's tuning chose among; empty where they are not known."""
    if keys.tuning_edge_n() not in results.records:
        return ""
    frame = results.frame(TABLE)
    final = frame[(frame["context"] == "final") & frame["grid"].notna()]
    parts = []
    for row in final.itertuples():
        name = results.plain(keys.label(row.model)).removeprefix("Radiomics, ")
        name = name if name[:2].isupper() or name == "XGBoost" else name[:1].lower() + name[1:]
        values = results.stated(str(row.grid), f"{TABLE}.csv")
        parts.append(f"{WORDS.get(row.parameter, row.parameter)} {values} ({name})")
    return f"The values tried were: {'; '.join(parts)}." if parts else ""


def chosen_at_edge(results: Results) -> str:
    """How many chosen values lay at an end of their grid; empty where it is not known."""
    key = keys.tuning_edge_n()
    if key not in results.records:
        return ""
    return (
        f"Of {results.plural(f'{key}:n', 'value')} chosen in the outer folds and the final fits,"
        f" {results.text(key)} lay at an end of the grid (@tbl-tuning)."
    )
