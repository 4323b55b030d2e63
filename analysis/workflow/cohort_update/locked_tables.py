"""Tables of summaries that a lock holds whole, as their cells are no results with a key.

Table 1, say, is a median with its quartiles in one cell. Without them, two locks could not say what
changed there.
"""

from __future__ import annotations

from pathlib import Path

# Those of groups of patients; a table of patients one by one stays out of a lock, which is
# committed, and so do those of thousands of features and of what guards found, with their examples.
SUMMARIES = (
    "baseline",
    "baseline_by_outcome",
    "clinical_frequency",
    "fairness",
    "feature_dictionary_summary",
    "feature_icc_by_class",
    "habitats",
    "importance",
    "quality_by_phase",
    "reclassification",
    "region_quality_by_phase",
    "score_agreement",
    "score_levels",
    "scores",
    "standard_scale",
    "subgroups",
    "tuning",
    "updating",
    "variables",
)


def tables_of(folder: Path) -> dict[str, list[str]]:
    """Name of each table of summaries in a folder of results, and its lines."""
    found = {}
    for name in SUMMARIES:
        path = folder / "tables" / f"{name}.csv"
        if path.is_file():
            found[name] = path.read_text(encoding="utf-8").split("\n")
    return found


def write_tables(tables: dict[str, list[str]], folder: Path) -> None:
    """Write them as the analysis did."""
    (folder / "tables").mkdir(exist_ok=True)
    for name, lines in tables.items():
        path = folder / "tables" / f"{name}.csv"
        path.write_text("\n".join(lines), encoding="utf-8", newline="")
