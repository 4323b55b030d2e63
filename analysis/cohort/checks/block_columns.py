"""Columns of a block's table that are something else of the study: outcome, clinical variables."""

from __future__ import annotations

from pathlib import Path

from analysis.cohort.checks.predictors import outcome_columns, outcome_variables
from analysis.cohort.tables.block_table import block_columns, block_source
from analysis.cohort.tables.cohort_table import layout_in, needed_columns
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.study import Study
from analysis.study.dictionary import Dictionary


def check_block_columns(
    study: Study, name: str, dictionary: Dictionary | None, problems: Problems
) -> None:
    """Report what the study file or the dictionary has among the columns of a block.

    A note on columns of the endpoint and the split, which are left out; an error where the
    dictionary calls a feature an outcome or an identifier; a warning on clinical variables where
    the block's columns are not named.
    """
    settings = study.features[name]
    file = study.cohort_folder / settings.file
    layout = layout_in(study, settings)
    key = settings.patient_id or study.cohort.patient_id
    frame = read_spreadsheet(file, Problems(), layout, text=(key,)) if file.is_file() else None
    if frame is None:
        return
    _note_left_out(study, [str(column) for column in frame if column != key], file, problems)
    if dictionary is None:
        return
    features = set(block_columns(study, name).values())
    remedy = f"name the block's columns as {block_source(study, name).key}.columns, or take "
    taken = outcome_variables(study, dictionary)
    clinical = []
    for variable, each in dictionary.variables.items():
        column = next((found for found in (each.column, variable) if found in features), None)
        if column is None:
            continue
        if variable in taken:
            problems.error(
                f"column '{column}' can't be a feature: {taken[variable]}",
                settings.file,
                f"{remedy}it out; a model that reads the outcome predicts nothing",
            )
        elif settings.columns is None:
            clinical.append(column)
    if clinical:
        problems.warning(
            f"features of the block are clinical variables as well: {listed(clinical, 5)}",
            settings.file,
            f"{remedy}these out, if the block is not meant to read them",
        )


def _note_left_out(study: Study, columns: list[str], file: Path, problems: Problems) -> None:
    places = outcome_columns(study) | {study.cohort.centre: "cohort.centre"}
    needed = set(needed_columns(study))
    for column in columns:
        if column in needed:
            problems.note(
                f"column '{column}' is left out of the block: the study file names it"
                f" ({places.get(column, 'as a subgroup or a date')})",
                file.name,
            )
