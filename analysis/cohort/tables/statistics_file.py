"""Tables of Stata and SPSS, with the labels of their codes in the place of the codes."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.tables.header_rows import Rows
from analysis.cohort.tables.workbook import plain_cell
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted

STATISTICS_FILES = {".dta": "Stata", ".sav": "SPSS", ".zsav": "SPSS"}


def statistics_rows(path: Path, problems: Problems) -> Rows | None:
    """Table of a .dta file (by pandas) or a .sav file (by pyreadstat).

    It is None where it can't be read, and `problems` says why.

    A code that has a label becomes the label, and other values stay: of a number with one labelled
    code, 9 for "not measured", the label is a text that the dictionary can declare as missing.
    Values that SPSS or Stata hold for missing are empty. Dates are YYYY-MM-DD.
    """
    kind = STATISTICS_FILES[path.suffix.lower()]
    if kind == "SPSS" and importlib.util.find_spec("pyreadstat") is None:
        problems.error(
            "reading SPSS needs pyreadstat, which is not installed",
            path.name,
            'pip install "hcc-early-recurrence[spss]", or save the table as CSV with value labels',
        )
        return None
    try:
        frame, labels = _stata(path) if kind == "Stata" else _spss(path)
    except Exception as error:  # a damaged file raises whatever its reader meets
        problems.error(
            f"it can't be read as a {kind} file: {error}",
            path.name,
            f"open it in {kind} and save it again, or save it as CSV with value labels",
        )
        return None
    _told(path, labels, frame, problems)
    columns = {
        name: [_cell(value, labels.get(name, {})) for value in frame[name].astype(object)]
        for name in frame
    }
    body = [list(row) for row in zip(*columns.values(), strict=True)] if columns else []
    return Rows([str(name).strip() for name in columns], body, list(range(1, len(body) + 1)))


def _stata(path: Path) -> tuple[pd.DataFrame, dict[str, dict[Any, str]]]:
    """Codes of a Stata file, and the labels that pandas puts in their place.

    Otherwise pandas does not tell which label belongs to which code.
    """
    codes, words = (
        pd.read_stata(path, convert_categoricals=labelled) for labelled in (False, True)
    )
    labels: dict[str, dict[Any, str]] = {}
    for name in words.select_dtypes("category"):
        pairs = zip(codes[name], words[name].astype(object), strict=True)
        labels[name] = {code: word for code, word in pairs if isinstance(word, str)}
    return codes, labels


def _spss(path: Path) -> tuple[pd.DataFrame, Mapping[str, Mapping[Any, str]]]:
    import pyreadstat  # an extra: most studies have no such file

    frame, about = pyreadstat.read_sav(str(path))
    return frame, about.variable_value_labels


def _cell(value: Any, labels: Mapping[Any, str]) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return plain_cell(value.to_pydatetime())
    if value in labels:
        return str(labels[value]).strip()
    # SPSS keeps every number as a decimal one.
    return (
        int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        else plain_cell(value)
    )


def _told(
    path: Path, labels: Mapping[str, Mapping[Any, str]], frame: pd.DataFrame, problems: Problems
) -> None:
    used = [name for name in labels if name in frame and frame[name].isin(list(labels[name])).any()]
    if used:
        problems.note(
            f"the codes of {counted(len(used), 'column was', 'columns were')} replaced by their"
            f" labels: {listed(used)}",
            path.name,
            "the dictionary's levels, and event_codes of the study file, are these labels",
        )
    for name in used:
        rest = frame[name].dropna()
        rest = rest[~rest.isin(list(labels[name]))]
        if len(rest) and pd.api.types.is_numeric_dtype(frame[name]):
            words = sorted(
                {
                    str(labels[name][value])
                    for value in frame[name].dropna()
                    if value in labels[name]
                }
            )
            problems.warning(
                "some of its numbers have a label and others have none; labelled:"
                f" {listed(words, 6)}",
                f"{path.name}, column '{name}'",
                "if the label stands for a missing value, name it under `missing:` in the"
                " dictionary",
            )
