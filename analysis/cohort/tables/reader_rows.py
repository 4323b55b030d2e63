"""Rows of a feature table that has a row for each patient and delineation."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.tables.cohort_table import layout_in
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.study import FeatureTable, Study


def _readers(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame[column].astype("string").str.strip()


def other_readers(study: Study, settings: FeatureTable, problems: Problems) -> list[str]:
    """Delineations of the table beside the first, sorted; those of a table without readers: none.

    Nothing is told of a column that is not there: reading the first delineation has told it.
    """
    if settings.readers is None:
        return []
    frame = read_spreadsheet(
        study.cohort_folder / settings.file,
        Problems(),
        layout_in(study, settings),
        text=(settings.patient_id or study.cohort.patient_id, settings.readers.column),
    )
    if frame is None or settings.readers.column not in frame:
        return []
    found = _readers(frame, settings.readers.column)
    others = sorted(set(found.dropna()) - {settings.readers.first, ""})
    if not others:
        problems.error(
            f"every row is of the delineation '{settings.readers.first}'; there is nothing to judge"
            " repeatability from",
            f"{settings.file}, column '{settings.readers.column}'",
            "add rows of another delineation, or leave readers out",
        )
    return others


def rows_of_reader(
    frame: pd.DataFrame,
    settings: FeatureTable,
    reader: str | None,
    file: str,
    problems: Problems,
) -> pd.DataFrame | None:
    """Rows of one delineation, without its column; reader: None for the first.

    None where there are none, or no such column. A row that names no delineation is an error.
    """
    assert settings.readers is not None
    column, wanted = settings.readers.column, reader or settings.readers.first
    if column not in frame:
        problems.error(
            f"the table has no column '{column}' of readers",
            file,
            f"correct readers.column{close_to(column, frame.columns)}",
        )
        return None
    names, lines = _readers(frame, column), frame.attrs.get("lines", range(2, len(frame) + 2))
    if reader is None:
        for line, name in zip(lines, names.fillna(""), strict=True):
            if name == "":
                problems.error(
                    f"the row names no delineation at line {line}",
                    f"{file}, column '{column}'",
                    "name it, or take the row out",
                )
    mine = (names == wanted).fillna(False).to_numpy(dtype=bool)
    if not mine.any():
        problems.error(
            f"no row is of the delineation '{wanted}'",
            f"{file}, column '{column}'",
            f"correct readers.first; there are {listed(sorted(set(names.dropna())))}",
        )
        return None
    found = frame[mine].drop(columns=[column])
    found.attrs = {"lines": [line for line, kept in zip(lines, mine, strict=True) if kept]}
    return found
