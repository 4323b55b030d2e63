"""Tables as CSV that no spreadsheet executes."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

# A cell that begins so is a formula to Excel and LibreOffice; a negative number is none.
FORMULA = re.compile(r"^([=@\t\r]|[+\-](?!$)(?![\d.,]+(e[+-]?\d+)?$))", re.IGNORECASE)


def _escaped(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def without_escape(value: Any) -> Any:
    """Text of a cell as it was before `csv_text` put an apostrophe before it."""
    if isinstance(value, str) and value[:1] == "'" and FORMULA.match(value[1:]):
        return value[1:]
    return value


def csv_text(frame: pd.DataFrame, **options: Any) -> str:
    """CSV text that is safe from formula injection in spreadsheets.

    It is `frame.to_csv` with an apostrophe before every text that a spreadsheet would take for a
    formula, in cells, index and header.
    """
    safe = frame.rename(columns=_escaped)
    for place in range(safe.shape[1]):
        if not pd.api.types.is_numeric_dtype(safe.dtypes.iloc[place]):
            safe.isetitem(place, safe.iloc[:, place].map(_escaped, na_action="ignore"))
    if not isinstance(safe.index, pd.MultiIndex) and not pd.api.types.is_numeric_dtype(safe.index):
        safe = safe.set_axis(safe.index.map(_escaped), axis=0).rename_axis(frame.index.name)
    text: str = safe.to_csv(lineterminator="\n", **options)
    return text
