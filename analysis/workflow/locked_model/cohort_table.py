"""A cohort table for `predict`: clinical values of many patients, in its dictionary's units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.spelling_hints import close_to
from models.locked import LockedModelError

if TYPE_CHECKING:
    from analysis.core.problem import Problem
    from analysis.study.dictionary import Dictionary, Variable

# What to do where a study would say in its study file how a table lies.
PLAIN_TABLE = (
    "save a copy with one row of column names and one row a patient, on the first sheet of a"
    " workbook or as CSV in UTF-8"
)


@dataclass(frozen=True, eq=False)
class TableRow:
    """A patient's row of a cohort table.

    clinical: its variables in canonical units, one row. features: what the model reads of a feature
    table, one row under the model's names; None where the cohort table does not have them. centre:
    where the patient was examined, if a column says. blocks: block of other people's features that
    the cohort table has → the same.
    """

    clinical: pd.DataFrame
    features: pd.DataFrame | None = None
    centre: str | None = None
    blocks: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def clinical_of(
        self, description: Mapping[str, Any], warnings: list[str]
    ) -> pd.DataFrame | None:
        """Clinical variables of a model; None where it reads none.

        What is not known stays empty, with a warning.
        """
        known = description["dictionary"]
        if not known:
            return None
        row = self.clinical.reindex(columns=list(known))
        warnings += [
            f"{variable['label']} is not given: it was imputed as in the training cohort"
            for name, variable in known.items()
            if row[name].isna().all()
        ]
        return row.astype(
            {name: float for name, each in known.items() if each["type"] == "continuous"}
        )


def _said(problem: Problem) -> str:
    """A problem of a table that no study file names.

    A remedy in the study file is none here, where a table is read as it lies.
    """
    by_study = "study file" in problem.mend
    return str(replace(problem, mend=PLAIN_TABLE) if by_study else problem)


def _read(table: Path, keys: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The table indexed by its patients, and these in the file's order. Raises its errors.

    keys: columns that may name the patients; the first that is there does.
    """
    # Imported here: `predict` of a folder starts without the readers of tables.
    from analysis.cohort.tables.patient_column import patient_key, with_patients
    from analysis.cohort.tables.spreadsheet import read_spreadsheet

    problems = Problems()
    sheet = read_spreadsheet(table, problems, text=tuple(keys))
    key = None if sheet is None else patient_key(sheet, keys, table)
    found = None if key is None else with_patients(sheet, key, table.name, problems)
    if sheet is None or key is None or found is None or problems.of("error"):
        raise LockedModelError(
            "\n  ".join(
                [f"{table} can't be read:", *[_said(each) for each in problems.of("error")]]
            )
        )
    return found, list(sheet[key].astype("string").str.strip())


def _features(description: Mapping[str, Any], table: pd.DataFrame) -> pd.DataFrame | None:
    """Features of the model, where the table has a column for each of them."""
    wanted = description.get("feature_table")
    return None if wanted is None else _named(dict(wanted["columns"]), table)


def _blocks(description: Mapping[str, Any], table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Block → its features, of the blocks that the table has a column for each feature of.

    A column is called as in the study's table of the block, `{block}.{column}` where two tables
    have one of that name.
    """
    blocks = description.get("blocks", {})
    own = (description.get("feature_table") or {}).get("columns", {})
    times = Counter(
        [*own.values(), *(c for each in blocks.values() for c in each["columns"].values())]
    )
    found = {}
    for name, each in blocks.items():
        columns = {
            feature: full if (full := f"{name}.{column}") in table or times[column] > 1 else column
            for feature, column in each["columns"].items()
        }
        features = _named(columns, table)
        if features is not None:
            found[name] = features
    return found


def _named(columns: dict[str, str], table: pd.DataFrame) -> pd.DataFrame | None:
    """Features from these columns (feature → column); None where one is not there."""
    if not set(columns.values()) <= set(table):
        return None
    values = table[list(columns.values())].apply(pd.to_numeric, errors="coerce").astype(float)
    return values.rename(columns={column: feature for feature, column in columns.items()})[
        list(columns)
    ]


def _of_variables(table: pd.DataFrame, known: Mapping[str, Variable]) -> pd.DataFrame:
    """The table without measurements that the model does not read, whose units nobody needs."""
    # Imported here: as below.
    from analysis.units.quantities import UNITS

    kept = {each.column or name for name, each in known.items()}
    return table.drop(columns=[name for name in table if name in UNITS and name not in kept])


def _nothing_known(
    wanted: Collection[str],
    units: Dictionary,
    found: pd.DataFrame,
    *,
    table: Path,
    dictionary: Path,
) -> str:
    """Message on a table without any of the model's variables: what of each is not there."""
    lines = []
    for name in sorted(wanted):
        if name not in units.variables:
            lines.append(f"{name}: not in {dictionary}{close_to(name, units.variables)}")
        else:
            column = units.variables[name].column or name
            lines.append(
                f"{name}: {table} has no column '{column}'{close_to(column, found.columns)}"
            )
    return "\n  ".join([f"{dictionary} and {table} have none of the model's variables:", *lines])


def read_cohort_table(
    description: Mapping[str, Any],
    table: Path,
    dictionary: Path | None,
    patient_id: str | None = None,
    centre_column: str | None = None,
) -> dict[str, TableRow]:
    """Row of each patient of a table, in its order.

    dictionary: the data dictionary that says the units of the table; patient_id: the column that
    names the patients, by default the dictionary's identifier, else `patient_id`; centre_column:
    names where each patient was examined. Raises LockedModelError for a table without units or
    without one of these columns, and what is wrong with its values.
    """
    # Imported here: as above.
    from analysis.cohort.tables.canonical_units import to_canonical
    from analysis.cohort.tables.patient_column import patient_columns
    from analysis.study.dictionary import Variable, load_dictionary
    from analysis.workflow.locked_model.own_units import other_unit

    units = None if dictionary is None else load_dictionary(dictionary)
    found, order = _read(table, [patient_id] if patient_id else patient_columns(units))
    if centre_column is not None and centre_column not in found:
        raise LockedModelError(
            f"{table} has no column '{centre_column}' of centres"
            f"{close_to(centre_column, found.columns)}"
        )
    wanted = set(description["dictionary"])
    if wanted and units is None:
        raise LockedModelError(
            f"a value without a unit is no value: name the data dictionary of {table.name} with"
            " --dictionary (the study's dictionary.yml, if the columns are in its units)"
        )
    clinical = pd.DataFrame(index=found.index)
    if wanted and units is not None and dictionary is not None:
        there = {" ".join(str(column).split()) for column in found}
        known = {
            name: each
            for name, each in units.variables.items()
            if name in wanted and (each.column or name) in there
        }
        unlike = [
            words
            for name, each in known.items()
            if (words := other_unit(name, each.unit, Variable(**description["dictionary"][name])))
        ]
        if unlike:
            raise LockedModelError(
                "\n  ".join([f"{dictionary}: the model can't be applied:", *unlike])
            )
        if not known:
            raise LockedModelError(
                _nothing_known(wanted, units, found, table=table, dictionary=dictionary)
            )
        clinical = to_canonical(
            _of_variables(found, known), units.model_copy(update={"variables": known})
        )
    features, blocks = _features(description, found), _blocks(description, found)
    centres = None if centre_column is None else found[centre_column].astype("string").str.strip()
    return {
        name: TableRow(
            clinical.loc[[name]],
            None if features is None or features.loc[name].isna().any() else features.loc[[name]],
            None if centres is None or pd.isna(centres[name]) else str(centres[name]),
            blocks={
                block: each.loc[[name]]
                for block, each in blocks.items()
                if not each.loc[name].isna().any()
            },
        )
        for name in order
    }
