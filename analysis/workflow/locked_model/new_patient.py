"""New patient's folder, read as the study's patients were.

It holds images, masks, and a table of clinical values with their units.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.tables.canonical_units import to_canonical
from analysis.cohort.tables.lesions import one_row_a_patient
from analysis.core.problems import Problems
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted
from analysis.study.dictionary import Dictionary, Variable
from analysis.study.supplied_tables import LesionRows
from analysis.units.unit_errors import UnitError
from analysis.workflow.locked_model.new_deltas import near_zero_warnings, with_compared
from analysis.workflow.locked_model.own_units import other_unit
from analysis.workflow.locked_model.patient_files import (
    CLINICAL,
    COLUMNS,
    FEATURES,
    NewPatient,
    block_file,
    missing_files,
    patient_files,
    refused,
)
from models.inputs import Inputs
from models.locked import LockedModel, LockedModelError


def _declared(name: str, variable: Variable, unit: Any) -> Variable:
    """The variable as the patient's table has it: in the table's unit."""
    if variable.type != "continuous":
        return variable.model_copy(update={"column": None})
    return variable.model_copy(update={"column": None, "unit": unit, "unit_column": None})


def read_clinical(
    description: Mapping[str, Any], folder: Path, faults: list[str], warnings: list[str]
) -> pd.DataFrame | None:
    """One row: the model's clinical variables in their canonical units.

    Unknown ones stay empty, with a warning; faults are collected.
    """
    known = {name: Variable(**values) for name, values in description["dictionary"].items()}
    if not known:
        return None
    path = folder / CLINICAL
    table = pd.read_csv(
        path, dtype="string", keep_default_na=False, na_values=[""], skipinitialspace=True
    )
    if list(table.columns.str.strip()) != list(COLUMNS):
        faults.append(
            f"{path}: its columns must be {', '.join(COLUMNS)}; they are {', '.join(table.columns)}"
        )
        return None
    rows = {str(row.variable).strip(): row for row in table.itertuples()}
    warnings += [
        f"{name} is no variable of the model{close_to(name, set(known) - set(rows))} and was not"
        " read"
        for name in rows
        if name not in known and close_to(name, set(known) - set(rows))
    ]
    variables, values = {}, {}
    for name, variable in known.items():
        row = rows.get(name)
        if row is None or pd.isna(row.value):
            warnings.append(
                f"{variable.label} is not given: it was imputed as in the training cohort"
            )
            continue
        unit = None if pd.isna(row.unit) else str(row.unit).strip()
        if variable.type == "continuous" and unit is None:
            faults.append(
                f"{path}: {name} {row.value} has no unit; the model was trained in {variable.unit}"
            )
            continue
        if words := other_unit(name, unit, variable):
            faults.append(f"{path}: {words}")
            continue
        variables[name], values[name] = _declared(name, variable, unit), row.value
    try:
        converted = to_canonical(
            pd.DataFrame(values, index=pd.Index([folder.name], name="patient_id")),
            Dictionary(variables=variables),
        )
    except UnitError as error:
        faults.append(f"{path}: {error}")
        return None
    return converted.reindex(columns=list(known)).astype(
        {name: float for name, variable in known.items() if variable.type == "continuous"}
    )


def read_feature_row(
    table: Mapping[str, Any], folder: Path, faults: list[str], file: str = FEATURES
) -> pd.DataFrame | None:
    """Features of the model as one row, from the patient's features.csv or another file.

    Its columns are named as in the study's feature table.

    table: columns (feature → column) and lesions (the study's rule for several rows, or None).
    Faults are collected.
    """
    path, columns = folder / file, dict(table["columns"])
    rows = pd.read_csv(path)
    absent = [column for column in columns.values() if column not in rows]
    if absent:
        faults.append(
            f"{path}: {len(absent)} of the model's"
            f" {counted(len(columns), 'feature is', 'features are')} not there: {', '.join(absent)}"
        )
        return None
    rows.index = pd.Index([folder.name] * len(rows), name="patient_id")
    values = rows[list(columns.values())].apply(pd.to_numeric, errors="coerce")
    wrong = [str(column) for column in values if not np.isfinite(values[column]).all()]
    if wrong:
        faults.append(f"{path}: {', '.join(wrong)} must be a number")
        return None
    lesions = LesionRows(**table["lesions"]) if table["lesions"] is not None else None
    if lesions is not None:
        problems = Problems()
        values = one_row_a_patient(
            pd.concat([rows.drop(columns=list(columns.values())), values], axis=1),
            list(columns.values()),
            rule=lesions,
            file=path.name,
            problems=problems,
        )
        found = problems.of("error")
        faults += [f"{path}: {problem.what}" for problem in found]
        if found:
            return None
    if len(values) != 1:
        faults.append(f"{path} must hold one row, it holds {len(values)}")
        return None
    return values.rename(columns={column: feature for feature, column in columns.items()})[
        list(columns)
    ].astype(float)


def read_patient(
    description: Mapping[str, Any], model: LockedModel, patient: NewPatient
) -> tuple[Inputs, list[str]]:
    """Inputs of one patient, and what is unusual about them.

    Raises LockedModelError with all that is missing, unreadable or far outside of what the model
    was trained on.
    """
    if absent := missing_files(description, patient):
        raise _refusal(patient, absent)
    faults: list[str] = []
    warnings: list[str] = []
    row, folder = patient.row, patient.folder
    if row is not None:
        clinical = row.clinical_of(description, warnings)
    else:
        assert folder is not None
        clinical = read_clinical(description, folder, faults, warnings)
    table, radiomics, images, voxels = description.get("feature_table"), None, None, None
    if table is not None and row is not None and row.features is not None:
        radiomics = row.features
    elif table is not None:
        assert folder is not None
        radiomics = read_feature_row(table, folder, faults)
    if radiomics is not None:
        radiomics = with_compared(description, radiomics)
    of_blocks = _block_rows(description, patient, faults)
    if description["phases"]:
        # Imported here: a model without images needs none of their libraries.
        from analysis.workflow.locked_model import new_images

        assert folder is not None
        files = patient_files(description, folder)
        new_images.look_at_images(
            description, files, name=patient.name, faults=faults, warnings=warnings
        )
        if not faults:
            extracted, images = new_images.image_inputs(description, model, files, patient.name)
            radiomics = extracted if extracted is not None else radiomics
            voxels = new_images.voxel_input(description, model, files, patient.name, faults=faults)
    if faults:
        raise _refusal(patient, faults)
    name = patient.name
    rows = [each for each in (radiomics, *of_blocks) if each is not None]
    if of_blocks:
        radiomics = pd.concat([each.set_axis([name]) for each in rows], axis=1)
    inputs = Inputs(
        pd.Index([name]),
        clinical,
        radiomics=radiomics,
        images=images,
        centre=pd.Series([patient.centre], index=[name]),
        voxels=voxels,
    )
    return inputs, warnings + near_zero_warnings(model, inputs)


def _block_rows(
    description: Mapping[str, Any], patient: NewPatient, faults: list[str]
) -> list[pd.DataFrame]:
    """Features of each block that the model reads, a row each; faults are collected."""
    found = []
    for name, block in description.get("blocks", {}).items():
        if patient.row is not None and name in patient.row.blocks:
            found.append(patient.row.blocks[name])
            continue
        assert patient.folder is not None
        row = read_feature_row(block, patient.folder, faults, block_file(name))
        if row is not None:
            found.append(row)
    return found


def _refusal(patient: NewPatient, faults: list[str]) -> LockedModelError:
    return LockedModelError(refused(patient, faults))
