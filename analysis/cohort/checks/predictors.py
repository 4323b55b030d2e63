"""Check whether a predictor is the outcome itself.

Such a predictor is a column that the endpoint or the split is made from.
"""

from __future__ import annotations

from analysis.core.problems import Problems
from analysis.study import Study
from analysis.study.dictionary import Dictionary
from models.registry import readable_scores


def outcome_columns(study: Study) -> dict[str, str]:
    """Columns that the study file reads the outcome and the identifiers from.

    Column → what the study file reads from it: the endpoint's columns, and those that name the
    patient or the cohort.
    """
    endpoint, split, table = study.endpoint, study.split, study.cohort
    named = {
        "endpoint.label": endpoint.label,
        "endpoint.time": endpoint.time,
        "endpoint.start": endpoint.start,
        "endpoint.end": endpoint.end,
        "endpoint.event_type": endpoint.event_type,
        "split.column": split.column,
        "split.date": split.date,
        "cohort.patient_id": table.patient_id,
    }
    return {column: place for place, column in named.items() if column is not None}


def outcome_variables(study: Study, dictionary: Dictionary | None) -> dict[str, str]:
    """Names in the table that no model may read, each with the reason.

    They are those of outcome_columns, what the dictionary reads from these under another name, and
    what it calls an outcome or an identifier.
    """
    columns = outcome_columns(study)
    found = {column: f"it is {place} of the study file" for column, place in columns.items()}
    for name, variable in dictionary.variables.items() if dictionary is not None else ():
        source = variable.column or name
        if source in columns and source != name:
            found[name] = (
                f"it reads the column '{source}', which is {columns[source]} of the study file"
            )
        elif variable.role in ("outcome", "identifier"):
            found.setdefault(name, f"the dictionary gives it the role {variable.role}")
    return found


def check_predictors(study: Study, dictionary: Dictionary | None, problems: Problems) -> None:
    """Candidates and inputs of scores that are the outcome, or were made from it, are refused."""
    taken = outcome_variables(study, dictionary)
    for name in study.clinical.candidates if study.clinical else ():
        if name in taken:
            problems.error(
                f"clinical.candidates: '{name}' can't be a predictor: {taken[name]}",
                study.path.name,
                "take it out of clinical.candidates; a model that reads the outcome predicts"
                " nothing",
            )
    for score, definition in readable_scores(study)[0].items():
        for name in definition.inputs:
            if name in taken:
                problems.error(
                    f"'{name}' can't be an input of {score}: {taken[name]}",
                    str(study.cohort.dictionary),
                    "correct the column or the role of the variable in the dictionary",
                )
