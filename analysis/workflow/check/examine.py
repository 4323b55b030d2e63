"""Files of a study read in one pass, so that every problem is found at once.

The problems are what `check` prints and what `run` refuses.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.cohort.checks.block_columns import check_block_columns
from analysis.cohort.checks.limits import check_limits
from analysis.cohort.checks.missing_codes import check_lone_codes, check_replaced
from analysis.cohort.checks.own_models import check_own_models
from analysis.cohort.checks.predictors import check_predictors
from analysis.cohort.checks.scores import check_scores
from analysis.cohort.checks.screening import check_screening
from analysis.cohort.checks.table import check_centres, check_columns, check_values
from analysis.cohort.checks.unconfirmed import check_unconfirmed
from analysis.cohort.cohort import Cohort
from analysis.cohort.endpoint import outcome_of
from analysis.cohort.split import BOTH_OUTCOMES
from analysis.cohort.tables.block_table import check_block
from analysis.cohort.tables.canonical_units import canonical_dictionary, examined
from analysis.cohort.tables.cohort_table import needed_columns, read_cohort_table
from analysis.cohort.tables.detection_limits import Limited
from analysis.cohort.tables.feature_table import read_features
from analysis.cohort.tables.missing_codes import USUAL_CODES
from analysis.cohort.tables.supplied_predictions import read_predictions
from analysis.core.problems import Problems
from analysis.demo import make_demo_cohort
from analysis.inputs.checks.delta import check_deltas, check_deltas_of_table
from analysis.inputs.checks.examinations import check_dates
from analysis.inputs.checks.extraction import check_engine
from analysis.inputs.checks.files import check_files
from analysis.inputs.checks.grey_levels import check_grey_levels
from analysis.inputs.checks.own_features import check_own_extractors, check_own_features
from analysis.inputs.checks.perturbation import note_perturbation
from analysis.study import Study
from analysis.study.dictionary import Dictionary, DictionaryError, load_dictionary
from analysis.training.checks.cohorts import check_cohorts
from analysis.training.checks.covariates import check_covariates
from analysis.training.checks.crop_padding import check_crop_padding
from analysis.training.checks.histogram_matching import note_matching
from analysis.training.checks.models import check_candidates, check_contrasts
from analysis.workflow.check.citations import check_citations
from analysis.workflow.check.surroundings import check_surroundings
from analysis.workflow.cohort_update.recorded_split import split_with_lock


def examine(
    study: Study, without: Collection[str] = (), images: bool = True
) -> tuple[Cohort | None, Problems]:
    """The cohort, as far as it can be read, and everything that is wrong with it.

    Nothing is computed but what checks need. images: whether images and masks are looked at too.

    The cohort is None where a table, a column or a cohort is missing without which the others mean
    nothing. without: patients who are left out, as if they were in no table.
    """
    problems = Problems(without)
    if study.cohort.demo is not None:
        make_demo_cohort(study.cohort_folder, **study.cohort.demo.model_dump(), jobs=study.jobs)
    check_own_models(study, problems)
    own_usable = check_own_extractors(study, problems)
    check_unconfirmed(study, problems)
    check_surroundings(study, problems)
    check_citations(study, problems)
    # Variables of which enough is said: what follows from it is not told as well.
    told: set[str] = set()
    dictionary = _dictionary(study, problems, told)
    table = read_cohort_table(study, problems, dictionary)
    if table is None or (dictionary is None and study.cohort.dictionary is not None):
        _absent_files(study, problems)
        return None, problems
    check_screening(study, table.index.nunique(), problems)
    table = table[~table.index.isin(list(without))]
    limited: dict[str, Limited] = {}
    if dictionary is not None:
        problems.columns = {
            name: each.column
            for name, each in dictionary.variables.items()
            if each.column and each.column != name
        }
        table, limited = _measured(
            study, table, dictionary=dictionary, problems=problems, told=told
        )
        dictionary = canonical_dictionary(dictionary)
    if study.endpoint.time is not None and (
        dictionary is None or study.endpoint.time not in dictionary.variables
    ):
        check_lone_codes(study, table, [study.endpoint.time], problems)
    check_columns(study, table, dictionary=dictionary, problems=problems, told=told)
    check_dates(study, table, problems)
    check_predictors(study, dictionary, problems)
    check_scores(study, table, dictionary=dictionary, problems=problems, told=told)
    check_contrasts(study, problems)
    check_centres(study, table, problems)
    outcome, sound = _outcome(study, table, problems, told)
    cohort, study = (
        (None, study)
        if outcome is None
        else _split(study, table, label=outcome["label"], problems=problems, sound=sound, told=told)
    )
    check_values(
        study,
        table,
        cohort=cohort,
        problems=problems,
        label=None if outcome is None else outcome["label"],
    )
    known = outcome is not None and cohort is not None
    contexts = (
        check_cohorts(
            study,
            outcome["label"],
            cohort=cohort,
            centre=table.get(study.cohort.centre),
            problems=problems,
            sound=sound,
        )
        if outcome is not None and cohort is not None
        else []
    )
    check_candidates(study, table, contexts=contexts, dictionary=dictionary, problems=problems)
    check_covariates(study, table, dictionary, contexts=contexts, problems=problems)
    # Files are looked at whatever the outcome and the cohorts are.
    found = Cohort(
        study,
        table,
        outcome=_unknown(table) if outcome is None else outcome,
        cohort=pd.Series("training", index=table.index, dtype="string")
        if cohort is None
        else cohort,
        dictionary=dictionary,
        limited=limited,
    )
    check_deltas(study, problems)
    if study.reads_images and images:
        check_engine(study, problems)
        note_perturbation(found, problems)
        note_matching(found, contexts, problems)
        check_files(found, problems)
        check_crop_padding(found, problems)
        if own_usable:
            check_own_features(found, problems)
        check_grey_levels(found, problems)
    _ready_made(study, table.index, cohort, problems)
    for name in study.features:
        of_block = Problems(problems.without)
        label = None if outcome is None else outcome["label"]
        check_block(study, name, table.index, label=label, problems=of_block)
        check_block_columns(study, name, dictionary, of_block)
        problems.add_all(of_block, "features")
    return found if known else None, problems


def _unknown(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {"label": float("nan"), "time_months": float("nan"), "event_type": pd.NA}, index=table.index
    )


def _measured(
    study: Study, table: pd.DataFrame, dictionary: Dictionary, problems: Problems, told: set[str]
) -> tuple[pd.DataFrame, dict[str, Limited]]:
    """Table in canonical units, as far as it can be made.

    Variables without a column are added to `told`.
    """
    file = study.cohort.table
    read = examined(table, dictionary, study.cohort.centre)
    check_replaced(study, dictionary, read.replaced, problems)
    faults = [fault for fault in read.faults if fault.variable not in told]
    for fault in faults:
        variable = dictionary.variables.get(fault.variable)
        absent = variable is not None and fault.patient is None and fault.variable not in read.table
        told |= {fault.variable} if absent else set()
        problems.error(
            fault.message,
            f"{file}, column '{fault.variable}'" if variable is not None else file,
            (
                f"if the unit is {fault.likely_unit}, say so in the dictionary; else correct the"
                " value"
                if fault.likely_unit
                else "correct the table or the dictionary"
            ),
            fault.patient,
        )
    codes = {(fault.variable, fault.value) for fault in faults}
    check_lone_codes(
        study,
        read.table,
        [
            name
            for name, each in dictionary.variables.items()
            if each.type == "continuous"
            and not any((name, value) in codes for value in USUAL_CODES)
        ],
        problems,
    )
    check_limits(
        study, dictionary, limited=read.limited, patients=len(read.table), problems=problems
    )
    return read.table.drop(columns=[name for name in read.table if name in told]), read.limited


def _outcome(
    study: Study, table: pd.DataFrame, problems: Problems, told: set[str]
) -> tuple[pd.DataFrame | None, bool]:
    """Outcome, None where a column is missing, and whether nothing in it was refused.

    Where nothing was refused, its numbers mean something.
    """
    of_endpoint, refused = (
        Problems(columns=problems.columns),
        {(problem.patient, problem.where) for problem in problems.of("error")},
    )
    outcome = outcome_of(
        table,
        study.endpoint,
        problems=of_endpoint,
        file=study.cohort.table,
        columns=problems.columns,
    )
    faulty = {problem.patient for problem in of_endpoint.of("error")}
    places = {
        f"{study.cohort.table}, column '{problems.columns.get(name, name)}'"
        for name in needed_columns(study)
    }
    faulty |= {patient for patient, where in refused if where in places}
    for problem in of_endpoint:
        # A cell that the dictionary has refused is told about once, and so is a patient whose
        # outcome was; and a column that is not there.
        again = problem.patient is not None and (
            (problem.patient, problem.where) in refused
            or (problem.level == "warning" and problem.patient in faulty)
        )
        if not again and not any(f"column '{name}' is not in" in problem.what for name in told):
            problems.add_all([problem], "outcome")
    return outcome, not faulty - {None}


def _absent_files(study: Study, problems: Problems) -> None:
    """Other tables that are not there; without patients there is nothing to hold them against."""
    table = study.radiomics.table if study.radiomics else None
    for file in [
        *([table.file, *table.repeats.values()] if table else []),
        *(
            file
            for block in study.features.values()
            for file in (block.file, *block.repeats.values())
        ),
        *([study.predictions.file] if study.predictions else []),
    ]:
        if not (study.cohort_folder / file).is_file():
            problems.error(
                "no such table",
                file,
                f"put it into {study.cohort_folder.name}/, or correct its name in the study file",
            )


def _dictionary(study: Study, problems: Problems, told: set[str]) -> Dictionary | None:
    """The dictionary, as far as it can be used; its faulty variables are added to `told`."""
    if study.cohort.dictionary is None:
        return None
    try:
        return load_dictionary(study.cohort_folder / study.cohort.dictionary)
    except DictionaryError as error:
        for fault in error.faults:
            problems.error(fault, study.cohort.dictionary, "correct the dictionary")
        told |= error.faulty
        return error.rest


def _split(
    study: Study,
    table: pd.DataFrame,
    label: pd.Series,
    problems: Problems,
    sound: bool,
    told: set[str],
) -> tuple[pd.Series | None, Study]:
    """Cohort of every patient, and the study with the cohorts that a lock brought.

    sound: whether the labels say how many there are.
    """
    try:
        return split_with_lock(table, label, study)
    except ValueError as error:
        faults = [
            fault
            for fault in str(error).split("\n")
            if (sound or BOTH_OUTCOMES not in fault)
            and not any(f"column '{name}' is not in" in fault for name in told)
        ]
        for fault in faults:
            problems.error(
                fault,
                f"{study.cohort.table} and {study.path.name}, split",
                "correct the split, or the outcome and the cohorts of the patients",
            )
        return None, study


def _ready_made(
    study: Study, patients: pd.Index, cohort: pd.Series | None, problems: Problems
) -> None:
    """Check of the tables of features and of predictions.

    cohort: None where it isn't known; then everybody counts as validation.
    """
    if study.radiomics is not None and study.radiomics.table is not None:
        found = Problems(problems.without)
        features = read_features(study, patients, found)
        if features is not None:
            check_deltas_of_table(study, list(features[0].columns), found)
        problems.add_all(found, "features")
    if study.predictions is not None:
        found = Problems(problems.without)
        read_predictions(
            study,
            (
                cohort
                if cohort is not None
                else pd.Series("validation", index=patients, dtype="string")
            ),
            found,
        )
        problems.add_all(found, "predictions")
