"""Radiomics features of somebody's extraction: columns named by any pattern, to patients ×
`{phase}_{feature}`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.tables.cohort_table import layout_in, needed_columns
from analysis.cohort.tables.identifiers import otherwise_spelled, report_pairs
from analysis.cohort.tables.lesions import one_row_a_patient
from analysis.cohort.tables.patient_column import with_patients
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.study import FeatureTable, Study

CLASSES = {
    "shape": "shape",
    "shape3d": "shape",
    "firstorder": "firstorder",
    "histogram": "firstorder",
    "glcm": "glcm",
    "glrlm": "glrlm",
    "glszm": "glszm",
    "gldm": "gldm",
    "ngtdm": "ngtdm",
}
# Columns with which PyRadiomics describes its own run.
DIAGNOSTICS = re.compile(r"(^|_)diagnostics_")
ONE_PHASE = "features"


@cache
def _known_features() -> dict[str, dict[str, str]]:
    """Class → feature's name without case → as PyRadiomics writes it."""
    from radiomics import firstorder, getFeatureClasses

    assert firstorder
    return {
        name: {feature.casefold(): feature for feature in kind.getFeatureNames()}
        for name, kind in getFeatureClasses().items()
        if name in set(CLASSES.values())
    }


def recognised(feature: str) -> str | None:
    """The name that PyRadiomics gives this feature, `{image}_{class}_{feature}`; None for a name
    that isn't one of its.

    The class may be written in any case, and an image that is not named is the original one:
    `GLCM_contrast` is `original_glcm_Contrast`.
    """
    parts = [part for part in re.split(r"[_.\s]+", feature) if part]
    for place, part in enumerate(parts):
        kind = CLASSES.get(part.casefold().replace("-", ""))
        if kind is not None:
            name = _known_features()[kind].get("".join(parts[place + 1 :]).casefold())
            return (
                None if name is None else f"{'_'.join(parts[:place]) or 'original'}_{kind}_{name}"
            )
    return None


def feature_columns(table: FeatureTable, columns: list[str]) -> dict[str, tuple[str, str]]:
    """Column → its phase and feature, of the columns that the table's pattern finds."""
    found: dict[str, tuple[str, str]] = {}
    if isinstance(table.columns, dict):
        # The longer pattern first: ART_{feature} must not take the columns of ART_LATE_{feature}.
        for phase, pattern in sorted(table.columns.items(), key=lambda each: -len(each[1])):
            before, _, after = pattern.partition("{feature}")
            for column in columns:
                if (
                    column not in found
                    and column.startswith(before)
                    and column.endswith(after)
                    and len(column) > len(before) + len(after)
                ):
                    found[column] = (phase, column[len(before) : len(column) - len(after) or None])
    elif table.columns is not None:
        for column in columns:
            match = re.fullmatch(table.columns, column)
            if match:
                phase = match.groupdict().get("phase") or ONE_PHASE
                found[column] = (table.phases.get(phase, _identifier(phase)), match["feature"])
    else:
        found = {column: (ONE_PHASE, column) for column in columns}
    return {column: found[column] for column in columns if column in found}


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or ONE_PHASE


def feature_phases(study: Study) -> list[str]:
    """Phases of the features, in the study file's order: those of the images, or of the feature
    table."""
    table = study.radiomics.table if study.radiomics else None
    if table is None:
        return list(study.phases)
    if isinstance(table.columns, dict):
        return list(table.columns)
    if isinstance(table.columns, str) and "phase" in re.compile(table.columns).groupindex:
        return list(dict.fromkeys(table.phases.values()))
    return [ONE_PHASE]


def read_features(
    study: Study, patients: pd.Index, problems: Problems
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]] | None:
    """Features of `patients`, and of each repeated delineation; None where the table can't be read.

    A feature that is missing for anybody is left out, which sees no outcome, and named as a
    warning; a patient without any is an error.
    """
    assert study.radiomics is not None
    assert study.radiomics.table is not None
    settings = study.radiomics.table
    features = _read_one(study, settings, settings.file, problems)
    if features is None:
        return None
    where = settings.file
    spelled = otherwise_spelled(
        patients.difference(features.index), features.index.difference(patients)
    )
    report_pairs(spelled, study.cohort.table, where, problems)
    for patient in patients.difference([*features.index, *spelled]):
        problems.error(
            "the patient has no row of features",
            where,
            "add it, or take the patient out of the clinical table",
            patient,
        )
    strangers = features.index.difference([*patients, *spelled.values()])
    if len(strangers):
        problems.note(
            f"{len(strangers)} row(s) belong to no patient of the clinical table:"
            f" {listed(strangers, 5)}",
            where,
        )
    features = features.reindex(patients.intersection(features.index, sort=True))
    empty = features.index[features.isna().all(axis=1)] if features.shape[1] else features.index[:0]
    for patient in empty:
        problems.error(
            "all features are missing",
            where,
            "extract them, or take the patient out of the clinical table",
            patient,
        )
    incomplete = features.drop(index=empty).isna().any()
    if incomplete.any():
        names = list(features.columns[incomplete])
        problems.warning(
            f"{len(names)} feature(s) are missing for some patients and are left out:"
            f" {listed(names, 5)}",
            where,
            "extract them for everybody",
        )
        features = features.drop(columns=names)
    constant = list(features.columns[(features.max() == features.min()).to_numpy()])
    if constant:
        problems.note(
            f"{len(constant)} feature(s) have the same value in all patients and are left out:"
            f" {listed(constant, 5)}",
            where,
        )
        features = features.drop(columns=constant)
    if not features.shape[1]:
        problems.error("no feature is left", where, "correct radiomics.table.columns, or the table")
    repeats = {}
    for name, file in settings.repeats.items():
        repeat = _read_one(study, settings, file, problems)
        if repeat is not None:
            other = otherwise_spelled(
                repeat.index.difference(patients), patients.difference(repeat.index)
            )
            report_pairs(other, file, study.cohort.table, problems)
            repeats[name] = repeat.reindex(
                index=patients.intersection(repeat.index),
                columns=[column for column in features if column in repeat],
            ).dropna()
            if len(repeats[name]) < 3 and not other:
                problems.error(
                    f"fewer than 3 patients of the cohort have the repeated delineation '{name}' in"
                    " full",
                    file,
                    "the same columns and patients' names as in the first table are needed",
                )
    return features, repeats


def _columns_of(
    study: Study, settings: FeatureTable, table: pd.DataFrame
) -> dict[str, tuple[str, str]]:
    """Column → phase and feature, of a table as it was read."""
    reserved = {
        settings.patient_id,
        study.cohort.patient_id,
        *needed_columns(study),
        *([settings.lesions.column] if settings.lesions else []),
    }
    named = [
        column for column in table if column not in reserved and not DIAGNOSTICS.search(str(column))
    ]
    if settings.columns is None:
        named = [
            column
            for column, kind in table[named].dtypes.items()
            if pd.api.types.is_numeric_dtype(kind)
        ]
    return feature_columns(settings, named)


def source_columns(study: Study) -> dict[str, str]:
    """`{phase}_{feature}` → the column of the study's feature table that it was read from."""
    assert study.radiomics is not None
    assert study.radiomics.table is not None
    settings = study.radiomics.table
    frame = read_spreadsheet(
        study.cohort_folder / settings.file,
        Problems(),
        layout_in(study, settings),
        text=(settings.patient_id or study.cohort.patient_id,),
    )
    assert frame is not None  # the study was computed from it
    return {
        f"{phase}_{recognised(feature) or feature}": column
        for column, (phase, feature) in _columns_of(study, settings, frame).items()
    }


def _read_one(
    study: Study, settings: FeatureTable, file: str, problems: Problems
) -> pd.DataFrame | None:
    key = settings.patient_id or study.cohort.patient_id
    path = study.cohort_folder / file
    # A table that holds the clinical values as well was told about when these were read.
    told = problems if file != study.cohort.table else Problems()
    frame = read_spreadsheet(path, told, layout_in(study, settings), text=(key,))
    if frame is None:
        return None
    table = with_patients(
        frame, key, Path(file).name, told, several_rows=settings.lesions is not None
    )
    if table is None:
        return None
    columns = _columns_of(study, settings, table)
    if not columns:
        problems.error(
            f"no column fits radiomics.table.columns ({settings.columns!r})",
            path.name,
            f"correct the pattern; the table's columns are {listed(table.columns)}",
        )
        return None
    if isinstance(settings.columns, dict):
        for phase in settings.columns:
            if phase not in {each for each, _ in columns.values()}:
                problems.error(
                    f"no column fits the pattern of phase {phase} ({settings.columns[phase]!r})",
                    path.name,
                    f"correct radiomics.table.columns.{phase}; the table's columns are"
                    f" {listed(table.columns)}",
                )
    names, unknown = {}, []
    for column, (phase, feature) in columns.items():
        known = recognised(feature)
        unknown += [] if known else [column]
        names[column] = f"{phase}_{known or feature}"
    doubles = (
        [column for column, name in names.items() if list(names.values()).count(name) > 1]
        if len(set(names.values())) < len(names)
        else []
    )
    if doubles:
        problems.error(
            f"these columns are the same feature of the same phase: {listed(doubles, 6)}",
            path.name,
            "rename or remove one of each",
        )
        return None
    if unknown:
        problems.note(
            f"{len(unknown)} of {len(columns)} features are not named as PyRadiomics names them and"
            f" are taken as they are: {listed(unknown, 5)}",
            path.name,
        )
    kinds = table.dtypes
    for column in columns:
        if not pd.api.types.is_numeric_dtype(kinds[column]):
            numbers = pd.to_numeric(table[column], errors="coerce")
            for patient in table.index[table[column].notna() & numbers.isna()]:
                problems.error(
                    (
                        f"{table[column][patient]!r} is no number"
                        if not table.index.has_duplicates
                        else "a value is no number"
                    ),
                    f"{path.name}, column '{column}'",
                    "correct it, or leave the cell empty",
                    patient,
                )
            table[column] = numbers
    numbers = table[list(columns)].astype(float).replace([np.inf, -np.inf], np.nan)
    table = pd.concat([table.drop(columns=list(columns)), numbers], axis=1)
    if settings.lesions is not None:
        table = one_row_a_patient(table, list(columns), settings.lesions, path.name, problems)
    return table[list(columns)].rename(columns=names).sort_index()
