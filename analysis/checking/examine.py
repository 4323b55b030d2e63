"""A study's files read in one pass, so that every problem is found at once: what `check` prints and what `run` refuses."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.checking.cohorts import check_cohorts
from analysis.checking.limits import check_limits
from analysis.checking.missing_codes import check_lone_codes, check_replaced
from analysis.checking.models import check_candidates, check_contrasts
from analysis.checking.own_models import check_own_models
from analysis.checking.predictors import check_predictors
from analysis.checking.problem import Problems
from analysis.checking.scores import check_scores
from analysis.checking.table import check_centres, check_columns, check_values
from analysis.checking.unconfirmed import check_unconfirmed
from analysis.cohort import Cohort
from analysis.dictionary import Dictionary, DictionaryError, load_dictionary
from analysis.endpoint import outcome_of
from analysis.study import Study
from analysis.tabular.cohort_table import read_cohort_table
from analysis.tabular.detection_limits import Limited
from analysis.tabular.missing_codes import USUAL_CODES
from analysis.units import canonical_dictionary, examined


def examine(study: Study, without: Collection[str] = ()) -> tuple[Cohort | None, Problems]:
    """The cohort, as far as it can be read, and everything that is wrong with it. Nothing is computed but what checks need.

    The cohort is None where a table, a column or a cohort is missing without which the others mean nothing. without: patients who
    are left out, as if they were in no table.
    """
    problems = Problems(without)
    if study.cohort.demo is not None:
        from analysis.demo import make_demo_cohort
        make_demo_cohort(study.cohort_folder, **study.cohort.demo.model_dump(), jobs=study.jobs)
    check_own_models(study, problems)
    check_unconfirmed(study, problems)
    dictionary = _dictionary(study, problems)
    table = read_cohort_table(study, problems, dictionary)
    if table is None or (dictionary is None and study.cohort.dictionary is not None):
        _absent_files(study, problems)
        return None, problems
    table = table[~table.index.isin(list(without))]
    limited: dict[str, Limited] = {}
    if dictionary is not None:
        read = examined(table, dictionary, study.cohort.centre)
        table, limited, faults = read.table, read.limited, read.faults
        check_replaced(study, dictionary, read.replaced, problems)
        for fault in faults:
            problems.error(fault.message, f"{study.cohort.table}, column '{dictionary.variables[fault.variable].column or fault.variable}'" if fault.variable in dictionary.variables else study.cohort.table,
                           f"if the unit is {fault.likely_unit}, say so in the dictionary; else correct the value" if fault.likely_unit else "correct the table or the dictionary", fault.patient)
        told_codes = {(fault.variable, fault.value) for fault in faults}
        check_lone_codes(study, table, [name for name, each in dictionary.variables.items() if each.type == "continuous"
                                        and not any((name, value) in told_codes for value in USUAL_CODES)], problems)
        check_limits(study, dictionary, limited, len(table), problems)
        dictionary = canonical_dictionary(dictionary)
    if study.endpoint.time is not None and (dictionary is None or study.endpoint.time not in dictionary.variables):
        check_lone_codes(study, table, [study.endpoint.time], problems)
    check_columns(study, table, dictionary, problems)
    check_predictors(study, dictionary, problems)
    check_scores(study, table, dictionary, problems)
    check_contrasts(study, problems)
    check_centres(study, table, problems)
    # A cell that the dictionary has refused is told about once.
    of_endpoint, told = Problems(), {(problem.patient, problem.where) for problem in problems.of("error")}
    outcome = outcome_of(table, study.endpoint, of_endpoint, study.cohort.table)
    for problem in of_endpoint:
        if problem.patient is None or (problem.patient, problem.where) not in told:
            problems.add_all([problem], "outcome")
    cohort, study = (None, study) if outcome is None else _split(study, table, outcome["label"], problems)
    check_values(study, table, cohort, problems, None if outcome is None else outcome["label"])
    if outcome is None or cohort is None:
        _ready_made(study, table.index, None, problems)
        return None, problems
    centre = table.get(study.cohort.centre)
    contexts = check_cohorts(study, outcome["label"], cohort, centre, problems)
    check_candidates(study, table, contexts, dictionary, problems)
    found = Cohort(study, table, outcome, cohort, dictionary, limited=limited)
    if study.reads_images:
        from analysis.checking.files import check_files
        check_files(found, problems)
    _ready_made(study, table.index, cohort, problems)
    return found, problems


def _absent_files(study: Study, problems: Problems) -> None:
    """Other tables that are not there; without patients there is nothing to hold them against."""
    table = study.radiomics.table if study.radiomics else None
    for file in [*([table.file, *table.repeats.values()] if table else []), *([study.predictions.file] if study.predictions else [])]:
        if not (study.cohort_folder / file).is_file():
            problems.error("no such table", file, f"put it into {study.cohort_folder.name}/, or correct its name in the study file")


def _dictionary(study: Study, problems: Problems) -> Dictionary | None:
    if study.cohort.dictionary is None:
        return None
    try:
        return load_dictionary(study.cohort_folder / study.cohort.dictionary)
    except DictionaryError as error:
        for fault in error.faults:
            problems.error(fault, study.cohort.dictionary, "correct the dictionary")
        return None


def _split(study: Study, table: pd.DataFrame, label: pd.Series, problems: Problems) -> tuple[pd.Series | None, Study]:
    """Cohort of every patient, and the study with the cohorts that a lock brought."""
    # Imported here: that room builds on this one.
    from analysis.updating.recorded_split import split_with_lock
    try:
        return split_with_lock(table, label, study)
    except ValueError as error:
        for fault in str(error).split("\n"):
            problems.error(fault, f"{study.cohort.table} and {study.path.name}, split", "correct the split, or the outcome and the cohorts of the patients")
        return None, study


def _ready_made(study: Study, patients: pd.Index, cohort: pd.Series | None, problems: Problems) -> None:
    """Tables of features and of predictions. cohort: None where it isn't known; then everybody counts as validation."""
    if study.radiomics is not None and study.radiomics.table is not None:
        from analysis.tabular.features import read_features
        found = Problems(problems.without)
        read_features(study, patients, found)
        problems.add_all(found, "features")
    if study.predictions is not None:
        from analysis.tabular.predictions import read_predictions
        found = Problems(problems.without)
        read_predictions(study, cohort if cohort is not None else pd.Series("validation", index=patients, dtype="string"), found)
        problems.add_all(found, "predictions")
