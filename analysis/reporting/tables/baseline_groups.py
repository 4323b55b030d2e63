"""Headings of the baseline table: the groups that the data dictionary names."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.manuscript import Results


def _groups(results: Results) -> dict[str, str]:
    """Label of each variable → its heading; empty where the dictionary names none."""
    if not (results.folder / "tables" / "variables.csv").is_file():
        return {}
    frame = results.frame("tables/variables")
    if "group" not in frame:
        return {}
    named = frame[frame["group"].notna()]
    return dict(zip(named["label"].astype(str), named["group"].astype(str), strict=True))


def in_groups(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with `group`, those without one first, and the groups together in their order.

    The order is that of the table of variables.

    frame: `of` names the variable of each row, with its unit after a comma.
    """
    groups = _groups(results)
    found = []
    for name in frame["of"].astype(str):
        known = [label for label in groups if name == label or name.startswith(f"{label}, ")]
        found.append(groups[max(known, key=len)] if known else "")
    order = ["", *dict.fromkeys(groups.values())]
    place = pd.Series(found, index=frame.index).map(order.index)
    return frame.assign(group=found).loc[place.sort_values(kind="stable").index]


def with_headings(rows: list[list[str]], groups: list[str]) -> list[list[str]]:
    """Rows of a table with the heading of each group above its first row.

    groups: of each row; "" has no heading.
    """
    found, last = [], ""
    for row, group in zip(rows, groups, strict=True):
        if group != last and group:
            found.append([f"**{group}**", *[""] * (len(row) - 1)])
        last = group
        found.append(row)
    return found
