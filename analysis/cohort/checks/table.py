"""Checks of the values of a clinical table, beyond their units."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.cohort.tables.cohort_table import needed_columns
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted
from analysis.study import Study
from analysis.study.dictionary import Dictionary

# What follows the number of columns without an entry.
NOT_DESCRIBED = (
    "column is not in the dictionary and is",
    "columns are not in the dictionary and are",
)

MANY_COLUMNS = 500
MUCH_MISSING = 0.5
# A centre of fewer patients is no centre to validate on.
FEW_PATIENTS = 2


def _own_names(column: str, dictionary: Dictionary | None) -> str:
    """Name under which the dictionary has a column of the table; nothing where it has none."""
    variables = {} if dictionary is None else dictionary.variables
    return next((name for name, each in variables.items() if each.column == column), "")


def check_columns(
    study: Study,
    table: pd.DataFrame,
    dictionary: Dictionary | None,
    problems: Problems,
    told: Collection[str] = (),
) -> None:
    """Check for columns that nobody named, and for named columns that are not there.

    table: in canonical names; told: of whom enough is said.
    """
    file = study.cohort.table
    if table.shape[1] > MANY_COLUMNS and (
        study.radiomics is None
        or study.radiomics.table is None
        or study.radiomics.table.file != file
    ):
        problems.warning(
            f"it has {counted(table.shape[1], 'column')}",
            file,
            "a table of radiomics features is named as radiomics.table in the study file",
        )
    for place, names in {
        "clinical.candidates": study.clinical.candidates if study.clinical else [],
        "clinical.log_transform": study.clinical.log_transform if study.clinical else [],
        "subgroups": [each.variable for each in study.subgroups],
        "cohort.centre": [study.cohort.centre] if study.cohort.centre else [],
    }.items():
        for name in names:
            if name in told:
                continue
            if name not in table:
                own = _own_names(name, dictionary)
                problems.error(
                    f"{place}: the dictionary has the column '{name}' as '{own}'"
                    if own
                    else f"{place}: '{name}' is no column of the table",
                    file,
                    f"name it so under {place} in the study file"
                    if own
                    else f"correct {place} in the study file{close_to(name, table.columns)}",
                )
            elif (
                dictionary is not None
                and place == "clinical.candidates"
                and name not in dictionary.variables
            ):
                problems.error(
                    f"{place}: '{name}' is not in the dictionary",
                    str(study.cohort.dictionary),
                    "describe it: label, role, type, and unit or levels",
                )
    if dictionary is not None:
        features = (
            study.radiomics is not None
            and study.radiomics.table is not None
            and study.radiomics.table.file == file
        )
        named = {
            *dictionary.variables,
            *needed_columns(study),
            *[each.unit_column for each in dictionary.variables.values()],
            *[each.recorded_day for each in dictionary.variables.values()],
        }
        unknown = [name for name in table if name not in named]
        if unknown and not features:
            problems.note(
                f"{counted(len(unknown), *NOT_DESCRIBED)} not analysed: {listed(unknown)}",
                file,
                "describe those that matter",
            )


def _separates(values: pd.Series, label: pd.Series) -> bool:
    """True if the values separate the two outcomes completely.

    They do where no value is shared by the two outcomes, and no number of one lies among those of
    the other.
    """
    parts = [values[label == outcome].dropna() for outcome in (0, 1)]
    if min(map(len, parts)) < FEW_PATIENTS or (
        values.nunique() == values.notna().sum() and not pd.api.types.is_numeric_dtype(values)
    ):
        return False
    if pd.api.types.is_numeric_dtype(values):
        return bool(parts[0].max() < parts[1].min() or parts[1].max() < parts[0].min())
    return not set(parts[0]) & set(parts[1])


def check_values(
    study: Study,
    table: pd.DataFrame,
    cohort: pd.Series | None,
    problems: Problems,
    label: pd.Series | None = None,
) -> None:
    """Check for variables that say nothing or everything.

    They say nothing where they are constant, all or mostly missing, or not numeric; they say
    everything where there is perfect separation of `label`.
    """
    file = study.cohort.table
    training = (
        table.loc[cohort.index[cohort == "training"]]
        if cohort is not None and (cohort == "training").any()
        else table
    )
    for subgroup in study.subgroups:
        if (
            subgroup.cut is not None
            and subgroup.variable in table
            and not pd.api.types.is_numeric_dtype(table[subgroup.variable])
        ):
            problems.error(
                f"subgroups: {subgroup.variable} has a cut and is no number",
                f"{file}, column '{subgroup.variable}'",
                "leave the cut out: each level is a group then",
            )
    _check_identical(study, training, problems)
    for name in study.clinical.candidates if study.clinical else []:
        if name not in table:
            continue
        _check_unlearnt(study, name, table=table, training=training, problems=problems)
        values, where = training[name], f"{file}, column '{name}'"
        if values.isna().all():
            problems.error(
                f"clinical.candidates: {name} is missing for all training patients",
                where,
                "fill it, or take it out of clinical.candidates",
            )
        elif values.nunique() < 2:
            problems.warning(
                f"{name} has the same value in all training patients ({values.dropna().iloc[0]})",
                where,
                "take it out of clinical.candidates: it can't predict",
            )
        elif label is not None and _separates(values, label.reindex(values.index)):
            problems.warning(
                f"{name} alone tells the outcomes of all training patients apart (perfect"
                " separation)",
                where,
                "make sure that it was known before the outcome; its odds ratio is infinite, and is"
                " estimated by Firth's correction",
            )
        elif values.isna().mean() > MUCH_MISSING:
            problems.warning(
                f"{name} is missing for {values.isna().mean():.0%} of the training patients",
                where,
                "a median in the place of most values is no variable; take it out of"
                " clinical.candidates, or fill it",
            )
        if (
            study.clinical
            and name in study.clinical.log_transform
            and pd.api.types.is_numeric_dtype(values)
        ):
            refused = {each.patient for each in problems.of("error") if each.where == where}
            for patient in table.index[table[name] <= 0].difference(list(refused - {None})):
                problems.error(
                    f"{name} is {table[name][patient]:g}, and has no logarithm",
                    where,
                    "give half of the detection limit, or take it out of clinical.log_transform",
                    patient,
                )


def _check_identical(study: Study, training: pd.DataFrame, problems: Problems) -> None:
    """Candidates that are one another under two names."""
    names = (
        [
            name
            for name in study.clinical.candidates
            if name in training and training[name].nunique() > 1
        ]
        if study.clinical
        else []
    )
    for place, name in enumerate(names):
        for other in names[:place]:
            if training[name].equals(training[other]):
                problems.warning(
                    f"{name} has the same values as {other} in all training patients",
                    f"{study.cohort.table}, column '{name}'",
                    "take one of them out of clinical.candidates: a model can't tell them apart",
                )
                break


def _check_unlearnt(
    study: Study, name: str, table: pd.DataFrame, training: pd.DataFrame, problems: Problems
) -> None:
    """Levels that only patients of other cohorts have: a model has learnt nothing of them."""
    if pd.api.types.is_numeric_dtype(table[name]) or training[name].isna().all():
        return
    unseen = sorted(
        {str(each) for each in table[name].dropna()}
        - {str(each) for each in training[name].dropna()}
    )
    if unseen:
        patients = table.index[table[name].astype("string").isin(unseen).fillna(False)]
        problems.warning(
            f"{name}: no training patient has the level {listed(unseen)}, and"
            f" {counted(len(patients), 'other has', 'others have')} it ({listed(patients, 5)})",
            f"{study.cohort.table}, column '{name}'",
            "nothing can be learnt of it: join levels, or leave the variable out",
        )


def check_centres(study: Study, table: pd.DataFrame, problems: Problems) -> None:
    """Centres of one patient, and patients of none."""
    name = study.cohort.centre
    if name is None or name not in table:
        return
    where, centres = (
        f"{study.cohort.table}, column '{name}'",
        table[name].astype("string").str.strip(),
    )
    for patient in centres.index[centres.isna() | (centres == "")]:
        problems.warning("the patient's centre is missing", where, "add it", patient)
    counts = centres.value_counts()
    for centre in counts.index[counts < FEW_PATIENTS]:
        problems.warning(
            f"centre {centre} has one patient",
            where,
            "is it spelled as the others?"
            + close_to(str(centre), [each for each in counts.index if each != centre]),
            centres.index[centres == centre][0],
        )
    groups: dict[str, list[str]] = {}
    for centre in counts.index:
        groups.setdefault(centre.casefold(), []).append(centre)
    for names in groups.values():
        if len(names) > 1:
            problems.warning(
                f"these centres differ in capitals only: {', '.join(names)}",
                where,
                "spell them alike",
            )
