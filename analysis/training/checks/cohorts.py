"""Check of the cohorts: enough of both outcomes for what the study file asks."""

from __future__ import annotations

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted, plural
from analysis.study import Study
from analysis.training.checks.harmonisation import check_harmonisation
from analysis.training.contexts import Context, Folds, contexts_of

# Fewer events than this in validation: the interval of an AUC is wider than what it could tell.
FEW_EVENTS = 10


def check_cohorts(
    study: Study,
    label: pd.Series,
    cohort: pd.Series,
    centre: pd.Series | None,
    problems: Problems,
    sound: bool = True,
) -> list[Context]:
    """Check the sizes of the cohorts, and every fold that training would cut.

    The folds are returned; none where they can't be cut.

    sound: whether every outcome could be read; without, their numbers are not those that there will
    be, and nothing is said of them.
    """
    table = study.cohort.table
    unknown = int(label.isna().sum())
    if unknown and sound:
        problems.note(
            f"the outcome of {counted(unknown, 'patient')} is unknown;"
            f" {plural(unknown, 'who is scored and takes', 'they are scored and take')} no part in"
            " the binary statistics",
            table,
        )
    for name in study.cohorts if sound else ():
        events, others = (
            int((label[cohort == name] == 1).sum()),
            int((label[cohort == name] == 0).sum()),
        )
        if name != "training" and 0 < min(events, others) < FEW_EVENTS:
            problems.warning(
                f"the {name} cohort has {counted(events, 'patient')} with the event and {others}"
                " without",
                table,
                "its intervals will be wide; more patients are needed for a conclusion",
            )
    strangers = [
        name for name in study.manuscript.example_patients or [] if name not in cohort.index
    ]
    if strangers:
        problems.error(
            f"manuscript.example_patients: {', '.join(strangers)}: no such patient in the"
            f" cohort{close_to(strangers[0], cohort.index)}",
            study.path.name,
            "correct the names",
        )
    if study.predictions is not None or not sound:
        return []
    training, settings = list(cohort.index[cohort == "training"]), study.validation
    left_out = centre if settings.outer == "leave_one_centre_out" else None
    if settings.outer == "leave_one_centre_out" and centre is None:
        problems.error(
            "validation.outer: leaving centres out needs cohort.centre",
            study.path.name,
            "name the column of centres",
        )
        return []
    try:
        contexts = contexts_of(
            training,
            [],
            label=label,
            folds=Folds(
                settings.outer_folds,
                settings.inner_folds,
                seed=study.seed,
                repeats=settings.repeats,
            ),
            centre=left_out,
        )
    except ValueError as error:
        events, others = int((label[training] == 1).sum()), int((label[training] == 0).sum())
        problems.error(
            str(error),
            f"{study.path.name}, validation",
            f"the training cohort has {counted(events, 'patient')} with the event and {others}"
            " without; lower outer_folds or inner_folds",
        )
        return []
    check_harmonisation(study, contexts, cohort=cohort, centre=centre, problems=problems)
    if study.radiomics is not None:
        least = min(
            int(label[list(context.learn)].value_counts().reindex([0, 1], fill_value=0).min())
            for context in contexts
        )
        paths = study.radiomics.paths
        if least < 2 * study.radiomics.tuning_folds:
            problems.note(
                f"radiomics: some folds learn from {counted(least, 'patient')} of the rarer"
                " outcome, too few to tune classifiers in"
                f" {counted(study.radiomics.tuning_folds, 'fold')}; these keep their defaults"
                + (f" there, on the path {next(iter(paths))}" if paths else " there"),
                f"{study.path.name}, radiomics",
            )
    return contexts
