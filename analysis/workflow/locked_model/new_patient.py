"""New patient's folder, read as the study's patients were.

It holds images, masks, and a table of clinical values with their units.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import SimpleITK as sitk

from analysis.cohort.tables.canonical_units import to_canonical
from analysis.cohort.tables.lesions import one_row_a_patient
from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.imaging.reading import PhaseFiles, read_image, read_mask
from analysis.imaging.reading.headers import Remark
from analysis.inputs.crops import crop_sources, tumour_crop
from analysis.inputs.radiomics.extraction import extract_features
from analysis.inputs.radiomics.own_features import naming
from analysis.study import DeepLearning, Extraction, ExtractionWithCode, LesionRows, Phase
from analysis.study.dictionary import Dictionary, Variable
from analysis.study.images import Lesions, Masks
from analysis.units.unit_errors import UnitError
from analysis.workflow.locked_model.training_ranges import image_traits, strange_traits
from models.inputs import Inputs
from models.locked import LockedModel, LockedModelError

CLINICAL = "clinical.csv"
FEATURES = "features.csv"
COLUMNS = ("variable", "value", "unit")


def _inside(pattern: str, folder: Path) -> Path:
    """Where a pattern of the study points for the patient of `folder`.

    What comes before the patient's name in the pattern is left out.
    """
    parts = PurePosixPath(pattern).parts
    own = next((place for place, part in enumerate(parts) if "{patient_id}" in part), 0)
    rest = [part.format(patient_id=folder.name) for part in parts[own:]]
    return (folder.parent if len(rest) > 1 else folder).joinpath(*rest)


def patient_files(description: Mapping[str, Any], folder: Path) -> PhaseFiles:
    """Patient's images and masks by phase, under the names that the study's patterns give them."""
    phases = {name: Phase(**values) for name, values in description["phases"].items()}
    return PhaseFiles(
        lambda _, pattern: _inside(pattern, folder),
        phases,
        Lesions(**description["lesions"]),
        masks=Masks(**description.get("masks", {})),
    )


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
    if not path.is_file():
        faults.append(
            f"{path} is missing; it must have the columns {', '.join(COLUMNS)}, and rows for"
            f" {', '.join(known)}"
        )
        return None
    table = pd.read_csv(
        path, dtype="string", keep_default_na=False, na_values=[""], skipinitialspace=True
    )
    if list(table.columns.str.strip()) != list(COLUMNS):
        faults.append(
            f"{path}: its columns must be {', '.join(COLUMNS)}; they are {', '.join(table.columns)}"
        )
        return None
    rows = {str(row.variable).strip(): row for row in table.itertuples()}
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
    table: Mapping[str, Any], folder: Path, faults: list[str]
) -> pd.DataFrame | None:
    """Features of the model as one row, from the patient's features.csv.

    Its columns are named as in the study's feature table.

    table: columns (feature → column) and lesions (the study's rule for several rows, or None).
    Faults are collected.
    """
    path, columns = folder / FEATURES, dict(table["columns"])
    if not path.is_file():
        faults.append(
            f"{path} is missing; the model reads a row of features, in columns named as in the"
            f" study's table: {', '.join(columns.values())}"
        )
        return None
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
            lesions,
            path.name,
            problems,
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


def _missing_images(files: PhaseFiles, folder: Path) -> list[str]:
    """The phases' images and masks that are not there, in words."""
    return [
        f"{phase.replace('_', ' ')} phase: {path} is missing"
        for phase in files.phases
        for path in (files.image(folder.name, phase), files.mask(folder.name, phase))
        if not path.exists()
    ]


def missing_files(description: Mapping[str, Any], folder: Path) -> list[str]:
    """What of a patient's files is not there; nothing is read."""
    tables = {
        CLINICAL: bool(description["dictionary"]),
        FEATURES: description.get("feature_table") is not None,
    }
    return [
        *[
            f"{folder / name} is missing"
            for name, needed in tables.items()
            if needed and not (folder / name).is_file()
        ],
        *_missing_images(patient_files(description, folder), folder),
    ]


def read_patient(
    description: Mapping[str, Any], model: LockedModel, folder: Path, centre: str | None = None
) -> tuple[Inputs, list[str]]:
    """Inputs of one patient, and what is unusual about them.

    Raises LockedModelError with all that is missing, unreadable or far outside of what the model
    was trained on.
    """
    if not folder.is_dir():
        raise LockedModelError(f"{folder}: no such folder; name the folder of one patient")
    faults: list[str] = []
    warnings: list[str] = []
    clinical = read_clinical(description, folder, faults, warnings)
    table = description.get("feature_table")
    radiomics = None if table is None else read_feature_row(table, folder, faults)
    files = patient_files(description, folder)
    # Images take minutes to read; where one is not there, the others can wait.
    faults += _missing_images(files, folder)
    for phase in () if missing_files(description, folder) else description["phases"]:
        said: list[Remark] = []
        try:
            image = read_image(files.image_source(folder.name, phase), sitk.sitkFloat64, said)
            outside, far = strange_traits(
                image_traits(image, read_mask(files.mask_source(folder.name, phase), image, said)),
                description["ranges"]["phases"][phase],
                f"{phase.replace('_', ' ')} phase",
            )
        except (ValueError, RuntimeError) as error:
            faults.append(f"{phase.replace('_', ' ')} phase: {error}")
            continue
        warnings += [
            f"{phase.replace('_', ' ')} phase: {remark.text}"
            for remark in said
            if remark.level == "warning"
        ]
        warnings += outside
        faults += [f"{each}: too far from what the model knows" for each in far]
    if faults:
        raise LockedModelError(
            f"{folder}: the model can't be applied:\n" + "\n".join(f"  {fault}" for fault in faults)
        )
    name = folder.name
    images = None
    if description["extraction"]:
        row: dict[str, float] = {}
        for phase, settings in description["extraction"].items():
            kind = ExtractionWithCode if settings.get("code") else Extraction
            with naming(f"{folder}: the model can't be applied, {phase.replace('_', ' ')} phase"):
                found = extract_features(
                    files.image_source(name, phase),
                    files.mask_source(name, phase),
                    kind(**settings),
                )
            row |= {f"{phase}_{feature}": value for feature, value in found.items()}
        radiomics = pd.DataFrame([row], index=pd.Index([name], name="patient_id"))[
            model.needed_features
        ]
    if description["deep_learning"] is not None:
        networks = DeepLearning(**description["deep_learning"])
        images = tumour_crop(*crop_sources(files, name, networks), networks)[np.newaxis]
    return (
        Inputs(pd.Index([name]), clinical, radiomics, images, pd.Series([centre], index=[name])),
        warnings,
    )
