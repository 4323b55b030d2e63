"""Variables by their labels in the data dictionary, where a text would else print their names."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.reporting.results_by_key import ResultsByKey


def variable_labels(results: ResultsByKey, names: Iterable[str]) -> list[str]:
    """Labels of variables in the same order.

    They are those of the data dictionary as the analysis wrote it to `tables/variables.csv`. A
    variable that is not there, or all of them before an analysis, has its name with spaces.
    """
    known: dict[str, str] = {}
    if (results.folder / "tables" / "variables.csv").is_file():
        table = results.frame("tables/variables")
        known = dict(zip(table["variable"], table["label"], strict=True))
    return [known.get(name, name.replace("_", " ")) for name in names]
