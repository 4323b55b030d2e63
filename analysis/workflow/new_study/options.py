"""How a table lies in its file, as options of `early-recurrence new`.

The command has no study file yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from analysis.study.layout import TableLayout
from analysis.study.validation_messages import faults_in_words, place_words

OPTIONS = re.compile(r"`?\b(header_row|units_row)\b:?`?|`?\b(encoding|sheet|decimal|thousands):`?")


def layout_of_options(given: Mapping[str, Any]) -> TableLayout:
    """Raises ValueError in the options' names."""
    rows = given.get("header_row")
    if rows and len(rows) > 2:
        raise ValueError(
            "--header-row: give one row, or two where groups of columns are named above their"
            " columns"
        )
    content = {**given, "header_row": rows[0] if rows and len(rows) == 1 else rows}
    try:
        return TableLayout(**{name: value for name, value in content.items() if value is not None})
    except ValidationError as error:
        raise ValueError(
            "; ".join(
                f"--{place_words(place).replace('_', '-')}: {words}" if place else as_options(words)
                for place, words in faults_in_words(error, TableLayout).items()
            )
        ) from None


def as_options(text: str) -> str:
    """What to write into a study file, as what to give to the command.

    Thus `set encoding: gb18030` -> `give --encoding gb18030`.
    """
    text = text.replace(" in the study file, beside the table's name", "").replace(
        ", or correct its name in the study file", ", or correct its name"
    )
    text = text.replace(" in the study file", "").replace(
        ", which the study file names as its encoding", ""
    )
    text = re.sub(
        r"\bset (?=`?(?:encoding|sheet|header_row|units_row|decimal|thousands)\b)", "give ", text
    )
    named = OPTIONS.sub(lambda match: "--" + (match[1] or match[2]).replace("_", "-"), text)
    return re.sub(r"--header-row \[(\d+), (\d+)\]", r"--header-row \1 \2", named)
