"""Table of radiomics features that were extracted elsewhere.

Columns named by any pattern become patients × `{phase}_{feature}`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.tables.cohort_table import layout_in, needed_columns
from analysis.cohort.tables.feature_columns import DIAGNOSTICS, feature_columns, recognised
from analysis.cohort.tables.identifiers import otherwise_spelled, report_pairs
from analysis.cohort.tables.lesions import one_row_a_patient
from analysis.cohort.tables.patient_column import with_patients
from analysis.cohort.tables.reader_rows import other_readers, rows_of_reader
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.study import FeatureTable, Study
from analysis.study.supplied_tables import identifier

# What follows the number of features, for one and for several.
INCOMPLETE = (
    "feature is missing for some patients and is",
    "features are missing for some patients and are",
)
CONSTANT = (
    "feature has the same value in all patients and is",
    "features have the same value in all patients and are",
)


@dataclass(frozen=True)
class TableSource:
    """A table of features in the study file: its settings, and the key that they stand under.

    known_names: whether features are named as PyRadiomics names them, where it knows them.
    """

    settings: FeatureTable
    key: str
    known_names: bool = True

    def name_of(self, feature: str) -> str | None:
        """PyRadiomics's name of a feature; None where there is none, or none is looked for."""
        return recognised(feature) if self.known_names else None


def radiomics_source(study: Study) -> TableSource:
    """The table that takes the place of images."""
    assert study.radiomics is not None
    assert study.radiomics.table is not None
    return TableSource(study.radiomics.table, "radiomics.table")


def read_features(
    study: Study, patients: pd.Index, problems: Problems, source: TableSource | None = None
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]] | None:
    """Features of `patients`, and of each repeated delineation; None where the table can't be read.

    A feature that is missing for anybody is left out, which sees no outcome, and named as a
    warning; a patient without any is an error. source: the table, radiomics.table by default.
    """
    source = source or radiomics_source(study)
    settings = source.settings
    features = _read_one(study, source, settings.file, problems)
    if features is None:
        return None
    features = _of_the_cohort(features, study, patients, where=settings.file, problems=problems)
    features = _without_gaps(features, settings.file, problems)
    features = _without_constants(features, settings.file, problems)
    if not features.shape[1]:
        where = settings.file
        problems.error("no feature is left", where, f"correct {source.key}.columns, or the table")
    repeats = {}
    others = dict(settings.repeats) or dict.fromkeys(
        other_readers(study, settings, problems), settings.file
    )
    for name, file in others.items():
        reader = None if settings.readers is None else name
        repeat = _read_one(study, source, file, problems=problems, reader=reader)
        if repeat is not None:
            delineation = _Delineation(name, file, repeat)
            # A name among the keys of results.
            key = name if reader is None else identifier(name)
            repeats[key] = _repeat(delineation, features, study, patients, problems=problems)
    return features, repeats


def _of_the_cohort(
    features: pd.DataFrame, study: Study, patients: pd.Index, where: str, problems: Problems
) -> pd.DataFrame:
    """The cohort's rows; patients without one are errors, and rows of nobody are noted."""
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
            f"{counted(len(strangers), 'row belongs', 'rows belong')} to no patient of the clinical"
            f" table: {listed(strangers, 5)}",
            where,
        )
    return features.reindex(patients.intersection(features.index, sort=True))


def _without_gaps(features: pd.DataFrame, where: str, problems: Problems) -> pd.DataFrame:
    """Features that everybody has; a patient without any is an error."""
    empty = features.index[features.isna().all(axis=1)] if features.shape[1] else features.index[:0]
    for patient in empty:
        problems.error(
            "all features are missing",
            where,
            "extract them, or take the patient out of the clinical table",
            patient,
        )
    incomplete = features.drop(index=empty).isna().any()
    if not incomplete.any():
        return features
    names = list(features.columns[incomplete])
    problems.warning(
        f"{counted(len(names), *INCOMPLETE)} left out: {listed(names, 5)}",
        where,
        "extract them for everybody",
    )
    return features.drop(columns=names)


def _without_constants(features: pd.DataFrame, where: str, problems: Problems) -> pd.DataFrame:
    constant = list(features.columns[(features.max() == features.min()).to_numpy()])
    if not constant:
        return features
    problems.note(
        f"{counted(len(constant), *CONSTANT)} left out: {listed(constant, 5)}",
        where,
    )
    return features.drop(columns=constant)


@dataclass(frozen=True)
class _Delineation:
    """A repeated delineation: its name, its file and the features in it."""

    name: str
    file: str
    features: pd.DataFrame


def _repeat(
    repeat: _Delineation,
    features: pd.DataFrame,
    study: Study,
    patients: pd.Index,
    problems: Problems,
) -> pd.DataFrame:
    """The cohort's patients who have the delineation in full, with the features of the first."""
    index = repeat.features.index
    spelled = otherwise_spelled(index.difference(patients), patients.difference(index))
    report_pairs(spelled, repeat.file, study.cohort.table, problems)
    found = repeat.features.reindex(
        index=patients.intersection(index),
        columns=[column for column in features if column in repeat.features],
    ).dropna()
    if len(found) < 3 and not spelled:
        problems.error(
            "fewer than 3 patients of the cohort have the repeated delineation"
            f" '{repeat.name}' in full",
            repeat.file,
            "the same columns and patients' names as in the first table are needed",
        )
    return found


def _columns_of(
    study: Study, settings: FeatureTable, table: pd.DataFrame
) -> dict[str, tuple[str, str]]:
    """Column → phase and feature, of a table as it was read."""
    reserved = {
        settings.patient_id,
        study.cohort.patient_id,
        *needed_columns(study),
        *([settings.lesions.column] if settings.lesions else []),
        *([settings.readers.column] if settings.readers else []),
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


def source_columns(study: Study, source: TableSource | None = None) -> dict[str, str]:
    """`{phase}_{feature}` → the column of a feature table of the study that it was read from."""
    source = source or radiomics_source(study)
    settings = source.settings
    frame = read_spreadsheet(
        study.cohort_folder / settings.file,
        Problems(),
        layout_in(study, settings),
        text=(settings.patient_id or study.cohort.patient_id,),
    )
    assert frame is not None  # the study was computed from it
    return {
        f"{phase}_{source.name_of(feature) or feature}": column
        for column, (phase, feature) in _columns_of(study, settings, frame).items()
    }


def _read_one(
    study: Study,
    source: TableSource,
    file: str,
    problems: Problems,
    reader: str | None = None,
) -> pd.DataFrame | None:
    """Features of a file; reader: whose rows, of a table of several delineations."""
    settings = source.settings
    key = settings.patient_id or study.cohort.patient_id
    path = study.cohort_folder / file
    # A table that holds the clinical values as well was told about when these were read.
    told = problems if file != study.cohort.table else Problems()
    frame = read_spreadsheet(path, told, layout_in(study, settings), text=(key,))
    if frame is not None and settings.readers is not None:
        frame = rows_of_reader(frame, settings, reader, Path(file).name, problems=told)
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
            f"no column fits {source.key}.columns ({settings.columns!r})",
            path.name,
            f"correct the pattern; the table's columns are {listed(table.columns)}",
        )
        return None
    _report_empty_phases(source, columns, table, path.name, problems=problems)
    names = _feature_names(columns, source, path.name, problems)
    if names is None:
        return None
    table = _with_numbers(table, list(columns), path.name, problems)
    if settings.lesions is not None:
        table = one_row_a_patient(
            table, list(columns), settings.lesions, path.name, problems=problems
        )
    return table[list(columns)].rename(columns=names).sort_index()


def _report_empty_phases(
    source: TableSource,
    columns: Mapping[str, tuple[str, str]],
    table: pd.DataFrame,
    file: str,
    problems: Problems,
) -> None:
    """Phases whose pattern no column fits."""
    settings = source.settings
    if not isinstance(settings.columns, dict):
        return
    there = {phase for phase, _ in columns.values()}
    for phase, pattern in settings.columns.items():
        if phase not in there:
            problems.error(
                f"no column fits the pattern of phase {phase} ({pattern!r})",
                file,
                f"correct {source.key}.columns.{phase}; the table's columns are"
                f" {listed(table.columns)}",
            )


def _feature_names(
    columns: Mapping[str, tuple[str, str]], source: TableSource, file: str, problems: Problems
) -> dict[str, str] | None:
    """Names of the features, by column.

    Column → `{phase}_{feature}`, as PyRadiomics names it where it knows it; None where two columns
    are one feature.
    """
    known = {column: source.name_of(feature) for column, (_, feature) in columns.items()}
    names = {
        column: f"{phase}_{known[column] or feature}"
        for column, (phase, feature) in columns.items()
    }
    counts = Counter(names.values())
    doubles = [column for column, name in names.items() if counts[name] > 1]
    if doubles:
        problems.error(
            f"these columns are the same feature of the same phase: {listed(doubles, 6)}",
            file,
            "rename or remove one of each",
        )
        return None
    unknown = [column for column, name in known.items() if not name]
    if unknown and source.known_names:
        problems.note(
            f"{len(unknown)} of {counted(len(columns), 'feature is', 'features are')} not named as"
            f" PyRadiomics names them and are taken as they are: {listed(unknown, 5)}",
            file,
        )
    return names


def _with_numbers(
    table: pd.DataFrame, columns: list[str], file: str, problems: Problems
) -> pd.DataFrame:
    """Table with its features as numbers, behind its other columns.

    Texts are errors, and infinite values are missing.
    """
    kinds = table.dtypes
    for column in columns:
        if pd.api.types.is_numeric_dtype(kinds[column]):
            continue
        numbers = pd.to_numeric(table[column], errors="coerce")
        for patient in table.index[table[column].notna() & numbers.isna()]:
            # A patient of several rows has several values.
            several = table.index.has_duplicates
            what = "a value" if several else repr(table[column][patient])
            problems.error(
                f"{what} is no number",
                f"{file}, column '{column}'",
                "correct it, or leave the cell empty",
                patient,
            )
        table[column] = numbers
    values = table[columns].astype(float).replace([np.inf, -np.inf], np.nan)
    return pd.concat([table.drop(columns=columns), values], axis=1)
