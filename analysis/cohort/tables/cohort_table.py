"""The clinical table of a study: one row a patient, whatever the file holds besides."""

from __future__ import annotations

import pandas as pd

from analysis.cohort.tables.patient_column import with_patients
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.study import FeatureTable, GivenPredictions, Study
from analysis.study.dictionary import Dictionary
from analysis.study.layout import TableLayout
from analysis.units.quantities import UNITS, accepted_unit, folded_unit


def examination_dates(study: Study) -> dict[str, str | None]:
    """Column by whose date a phase's examination is chosen -> how its dates are written."""
    rules = [
        phase.series.examination for phase in study.phases.values() if phase.series is not None
    ]
    return {rule.date: rule.date_format for rule in rules if rule.date is not None}


def needed_columns(study: Study) -> list[str]:
    """Columns that the study file names itself, beside the patients' and the dictionary's."""
    endpoint, split = study.endpoint, study.split
    names = [
        endpoint.label,
        endpoint.time,
        endpoint.start,
        endpoint.end,
        endpoint.event_type,
        split.column,
        split.date,
        study.cohort.centre,
        *(each.variable for each in study.subgroups),
        *examination_dates(study),
    ]
    return list(dict.fromkeys(name for name in names if name is not None))


def layout_in(study: Study, table: FeatureTable | GivenPredictions) -> TableLayout:
    """Layout of this table in its file.

    It lies as the clinical one does, where it is the same file and names no layout of its own.
    """
    own = any(getattr(table, name) is not None for name in TableLayout.model_fields)
    return study.cohort if table.file == study.cohort.table and not own else table


def _rows_hold(study: Study) -> str | None:
    """Content of rows, lesions or predictions, where a patient may have several; else None."""
    table, given = study.radiomics.table if study.radiomics else None, study.predictions
    if table is not None and table.lesions is not None and table.file == study.cohort.table:
        return "lesions"
    if given is not None and not given.wide and given.file == study.cohort.table:
        return "predictions"
    return None


def read_cohort_table(
    study: Study, problems: Problems, dictionary: Dictionary | None = None
) -> pd.DataFrame | None:
    """Clinical table indexed by patient_id and sorted; None where it can't be read.

    dictionary: whose units a row of units must agree with.

    Where rows are lesions or predictions, a patient's row has the values that all of them share; a
    column that the study needs and that differs within a patient is an error, any other is left out
    and said so.
    """
    path, key = study.cohort_folder / study.cohort.table, study.cohort.patient_id
    centre = (study.cohort.centre,) if study.cohort.centre else ()
    frame = read_spreadsheet(path, problems, study.cohort, text=(key, *centre))
    if frame is None:
        return None
    if dictionary is not None:
        _check_units_row(path.name, dictionary, frame.attrs["units"], problems)
    sources = (
        [variable.column or name for name, variable in dictionary.variables.items()]
        if dictionary
        else []
    )
    rows = _rows_hold(study)
    table = with_patients(frame, key, path.name, problems, several_rows=rows is not None)
    if table is None or rows is None:
        return table
    wanted = {*needed_columns(study), *sources}
    own = (
        set()
        if rows == "lesions" or study.predictions is None
        else {
            study.predictions.model,
            study.predictions.score,
            study.predictions.probability,
            study.predictions.how,
        }
    )
    differs = table.groupby(level=0).nunique(dropna=False) > 1
    varying = [name for name in table if differs[name].any()]
    for name in varying:
        if name in wanted:
            patients = list(differs.index[differs[name]])
            problems.error(
                f"'{name}' differs between the rows of {listed(patients, 5)}",
                f"{path.name}, column '{name}'",
                f"rows are {rows}, so it must be the same in all rows of a patient",
            )
    left_out = [name for name in varying if name not in wanted and name not in own]
    if left_out and rows == "predictions":
        problems.note(
            "these columns differ within a patient and are left out of the clinical table:"
            f" {listed(left_out)}",
            path.name,
        )
    return table[~table.index.duplicated()].drop(
        columns=[name for name in varying if name not in wanted]
    )


def _check_units_row(
    file: str, dictionary: Dictionary, units: dict[str, str], problems: Problems
) -> None:
    """A unit that the table's own row of units contradicts is a wrong one."""
    for name, variable in dictionary.variables.items():
        written = units.get(variable.column or name, "").strip("()[] ")
        if (
            variable.type != "continuous"
            or not variable.unit
            or not written
            or variable.unit in ("1", "count")
        ):
            continue
        quantity = UNITS.get(name)
        known = (
            [accepted_unit(quantity, unit) for unit in (written, variable.unit)]
            if quantity
            else [folded_unit(unit) for unit in (written, variable.unit)]
        )
        if known[0] is None or known[0] != known[1]:
            problems.error(
                f"{name}: the table's row of units has '{written}', the dictionary"
                f" '{variable.unit}'",
                f"{file}, column '{variable.column or name}'",
                "correct the unit in the dictionary, or the row of units",
            )
