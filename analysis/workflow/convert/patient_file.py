"""ids.csv as the user wrote it, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from analysis.cohort.tables.text_file import text_rows
from analysis.core.patient_spelling import spelling
from analysis.core.problems import Problems
from analysis.imaging.convert.patient_list import SAME_PERSON, PatientRow
from analysis.study.layout import TableLayout

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def _shared_name(old: str, new: str, rows: Mapping[str, PatientRow], own: PatientRow) -> bool:
    """Whether a name that an earlier PatientID has may be given again.

    It may be given to another spelling of that PatientID, or where the user says so.
    """
    others = [(identifier, row) for identifier, row in rows.items() if row.name == new]
    return all(
        spelling(identifier) == spelling(old) or (row.same_person and own.same_person)
        for identifier, row in others
    )


def read_ids(path: Path) -> dict[str, PatientRow]:
    """New names of patients, from a CSV with a header.

    Its first column is PatientID, the second the new name, others as the rules name them.

    Two PatientIDs have one name where they are two spellings of one, or where their column
    `same_person` says yes. Raises ValueError that lists every fault.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no such file"
        raise ValueError(
            f"{path}: {what}; it names the patients: PatientID,name and a row a patient"
        )
    problems = Problems()
    written = [
        row
        for row in text_rows(path, TableLayout(), problems) or []
        if any(str(cell).strip() for cell in row.cells)
    ]
    columns = [str(name).strip() for name in written[0].cells] if written else []
    if columns and any(sign.isdigit() for sign in columns[0]):
        raise ValueError(
            f"{path}: its first line is a patient, as it seems ('{columns[0]}'), and would be taken"
            " for names of columns; begin the file with PatientID,name"
        )
    folded = [re.sub(r"[\W_]", "", name).casefold() for name in columns]
    if "patientid" in folded[1:] and folded[0] != "patientid":
        raise ValueError(
            f"{path}: PatientID is column {folded.index('patientid') + 1}, and the first is taken"
            f" for it ('{columns[0]}'); put PatientID first and the new name second"
        )
    # An encoding that can't be told has settings in a study file, and none here.
    faults = [
        f"{each.where.rpartition(', ')[2]}: {each.what}; {each.mend}"
        if "quotation" in each.what + each.mend
        else f"{each.what}; save it as CSV UTF-8"
        for each in problems.of("error")
    ]
    found: dict[str, PatientRow] = {}
    for number, row in ((each.line, [str(cell) for cell in each.cells]) for each in written[1:]):
        if any("\n" in cell for cell in row):
            faults.append(f"line {number}: a quotation mark is open at the end of an earlier line")
            continue
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            faults.append(f"line {number}: needs a PatientID and a new name")
            continue
        old, new = row[0].strip(), row[1].strip()
        own = PatientRow(new, dict(zip(columns, map(str.strip, row), strict=False)))
        if not SAFE.fullmatch(new):
            faults.append(
                f"line {number}: '{new}' can't be a folder's name; use letters, digits, _ . -"
            )
        if old in found:
            faults.append(f"line {number}: the PatientID of an earlier row")
        elif not _shared_name(old, new, found, own):
            faults.append(
                f"line {number}: '{new}' names another patient already; if both are one person,"
                f" write yes in a column {SAME_PERSON} in both rows"
            )
        found[old] = own
    if faults or not found:
        raise ValueError(f"{path}: " + ("; ".join(faults) or "no patient in it"))
    return found
