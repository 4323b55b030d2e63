"""Check whether scores can be computed: their inputs are there, and all values are possible."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.study import Study
from analysis.study.dictionary import Dictionary
from models.registry import readable_scores
from models.staging import SCORES, ScoreDefinition, ScoreInputError, evaluate
from models.staging.definition import VOCABULARY, checked_input, score_inputs


def check_scores(
    study: Study,
    table: pd.DataFrame,
    dictionary: Dictionary | None,
    problems: Problems,
    told: Collection[str] = (),
) -> None:
    """Inputs of all comparators at once.

    A named score that no patient can have is an error; one of `rest` is a note.

    told: variables of which enough is said. Inputs of the endpoint
    (analysis.cohort.checks.predictors) are told about there.
    """
    scores, unreadable = readable_scores(study)
    for name, reason in unreadable.items():
        problems.error(
            f"the score {name} can't be used: {reason}",
            f"{study.path.name}, comparators",
            "correct the reference or the class",
        )
    names = list(scores)
    if not names:
        return
    file = study.cohort.table
    given = {each: table[each] for name in names for each in scores[name].inputs if each in table}
    there = {name for name, values in given.items() if values.notna().any()} | set(study.assume)
    left_out = []
    for name in names:
        absent = [each for each in scores[name].inputs if each not in there]
        if not absent or set(absent) & set(told):
            continue
        if name in study.comparators or study.comparators_supplement != "rest":
            hint = close_to(absent[0], table.columns)
            problems.error(
                f"{scores[name].label} can't be computed for anybody: {listed(absent)} is in no"
                " row of the table",
                file,
                f"add it{hint}, give a value for all under assume, or take {name} out of the study"
                " file's comparators",
            )
        else:
            left_out.append(name)
    if left_out:
        problems.note(
            f"{len(left_out)} of the supplement's scores can't be computed for anybody, as inputs"
            f" are not there: {listed(left_out, 5)}",
            file,
            "add their inputs (`early-recurrence scores` names them), or leave it so",
        )
    # A refit takes numbers as they are; what a score can't read stops a run.
    evaluated = {
        name: score for name, score in scores.items() if isinstance(score, ScoreDefinition)
    }
    read = {each for score in evaluated.values() for each in score.inputs}
    impossible = _check_values(
        study,
        {name: values for name, values in given.items() if name in read},
        dictionary,
        problems,
    )
    for score in evaluated.values():
        if set(score.inputs) & impossible:
            continue
        try:
            # Nothing else of the package's own scores can fail.
            if SCORES.get(score.id) is score:
                score_inputs(score, table, study.assume)
            else:
                evaluate(score, table, study.assume)
        except ScoreInputError as error:
            problems.error(
                str(error).replace("\n", " "), file, "correct the table, or the value under assume"
            )


def _check_values(
    study: Study, given: dict[str, pd.Series], dictionary: Dictionary | None, problems: Problems
) -> set[str]:
    """Each value that a score can't read; a level that is wrong for everybody is told once.

    Returns the inputs with some.
    """
    found: set[str] = set()
    told = {(problem.patient, problem.where) for problem in problems.of("error")}
    for name, values in given.items():
        _, wrong, expected = checked_input(name, values)
        variable = dictionary.variables.get(name) if dictionary is not None else None
        levels = (
            [str(level) for level in variable.levels]
            if variable is not None and variable.levels
            else []
        )
        strange = [
            level for level in levels if name in VOCABULARY and level not in VOCABULARY[name]
        ]
        if strange:
            found.add(name)
            problems.error(
                f"{name}: scores know no level {listed(strange)}; it must be {expected}",
                str(study.cohort.dictionary),
                f"say which level each stands for: levels: {{{strange[0]}:"
                f" {VOCABULARY[name][0]}}}, say",
            )
            continue
        column = name if variable is None else variable.column or name
        where = f"{study.cohort.table}, column '{column}'"
        for patient, value in values[wrong].items():
            found.add(name)
            # A cell that the dictionary has refused is told about once.
            if (str(patient), where) not in told:
                problems.error(
                    f"{name} is {value!r}; for the scores it must be {expected}",
                    where,
                    "correct it, or leave the cell empty",
                    patient,
                )
    return found
