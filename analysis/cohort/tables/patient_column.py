"""The column that names the patients, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.cohort.tables.identifiers import alike, difference
from analysis.cohort.tables.summary_rows import without_summaries
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to

if TYPE_CHECKING:
    from analysis.study.dictionary import Dictionary


def patient_columns(dictionary: Dictionary | None) -> list[str]:
    """Columns that may name the patients of a table beside no study file, the likeliest first."""
    named = [] if dictionary is None else [dictionary.patient_column]
    return list(dict.fromkeys([*named, "patient_id"]))


def patient_key(table: pd.DataFrame, keys: Sequence[str], file: Path) -> str:
    """The first of these columns that is there. Raises ValueError where none is."""
    for key in keys:
        if key in table:
            return key
    raise ValueError(
        f"{file} has no column {' or '.join(repr(key) for key in keys)}; name the one that"
        f" identifies patients with --patient-id{close_to(keys[0], table.columns)}; its columns are"
        f" {listed(table.columns)}"
    )


def with_patients(
    table: pd.DataFrame, key: str, file: str, problems: Problems, several_rows: bool = False
) -> pd.DataFrame | None:
    """Table indexed by `patient_id`, from its column `key`; None where that is not there.

    Rows without a name, names given twice (unless a patient may have several rows) and names that a
    spreadsheet would execute are errors; such rows are left out of what is returned, so that the
    rest can be examined.
    """
    if key not in table:
        problems.error(
            f"the table has no column '{key}'",
            file,
            "name the patients' column as patient_id in the study"
            f" file{close_to(key, table.columns)}; its columns are {listed(table.columns)}",
        )
        return None
    identifiers = table[key].astype("string").str.strip()
    lines = table.attrs.get("lines", range(2, len(table) + 2))
    for position in [
        place for place, missing in enumerate(identifiers.isna() | (identifiers == "")) if missing
    ]:
        problems.error(
            f"the row is without {key} at line {lines[position]}",
            file,
            "name the patient, or take the row out",
        )
    for name in identifiers[
        identifiers.str.startswith(("=", "@", "+", "\t")).fillna(False)
    ].unique():
        problems.error(
            "the name begins as a formula, which a spreadsheet would execute",
            f"{file}, column '{key}'",
            "rename the patient",
            patient=name,
        )
    for name in identifiers[
        identifiers.str.contains(r"[/\\\x00-\x1f]|^\.\.?$", regex=True).fillna(False)
    ].unique():
        problems.error(
            "the name can't be part of a file's name",
            f"{file}, column '{key}'",
            "leave slashes and control characters out of it",
            patient=name,
        )
    known = identifiers.notna() & (identifiers != "")
    result = (
        table[known]
        .assign(**{key: identifiers[known].astype(str)})
        .set_index(key)
        .rename_axis("patient_id")
    )
    result.attrs = {}  # pandas copies them with every column that is taken out
    named: dict[str, list[int]] = {}
    for line, name in zip(lines, identifiers.fillna(""), strict=True):
        named.setdefault(name, []).append(line)
    result = without_summaries(result, named, file, problems)
    if not several_rows:
        for name in sorted(result.index[result.index.duplicated()].unique()):
            where = [str(line) for line in named[name]]
            problems.error(
                f"the patient is there more than once, at lines {', '.join(where)}",
                file,
                "keep one row a patient, or say in the study file that rows of a table of features"
                " are lesions (lesions) or delineations of several readers (readers)",
                patient=name,
            )
        result = result[~result.index.duplicated()]
        for names in alike(result.index):
            problems.warning(
                f"these names differ in {difference(*names[:2])} only: {', '.join(names)}",
                f"{file}, column '{key}'",
                "make sure that they are different patients",
            )
    return result.sort_index(kind="stable")
