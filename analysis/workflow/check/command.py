"""Command `early-recurrence check`.

It prints the table of problems, or one JSON object, and what would be analysed.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.problem import Problem
from analysis.core.problem_kinds import Kind, kinds_of
from analysis.core.problems import Problems
from analysis.study import Study, StudyError, load_study
from analysis.workflow.check.examine import examine
from analysis.workflow.check.surroundings import check_execution

HEADINGS = ("level", "patient", "what", "where", "how to mend")
FAULTY = 2


def _examined(path: Path) -> tuple[Study | None, Cohort | None, Problems]:
    """The study and its cohort, as far as they can be used, and every problem."""
    try:
        study = load_study(path)
    except StudyError as error:
        problems = Problems()
        if not error.faults:
            mend = (
                "correct the study file" if path.is_file() else "name the study file or its folder"
            )
            problems.error(str(error), path.name, mend)
        for line, key, message in error.faults:
            problems.error(
                f"{key}: {message}", f"{path.name}, line {line}", "correct the study file"
            )
        _look_further(error.study, problems)
        return None, None, problems
    cohort, problems = examine(study)
    check_execution(study, problems)
    return study, cohort, problems


def problems_of(study: Study | Path | str) -> Problems:
    """Every problem of a study: of its file, tables, images and masks, and of this machine.

    `problems.of("error")`: those that stop a run; `problems.summary()`: how many of each level;
    each has `level`, `patient`, `what`, `where` and `mend`. study: a loaded one, or its file, whose
    own faults are then among the problems.
    """
    return _examined(study.path if isinstance(study, Study) else Path(study))[2]


def check(path: Path, as_json: bool = False, every: bool = False) -> int:
    """Print what is wrong with the study at `path`; return the exit status, 2 with errors, else 0.

    every: one row a problem, instead of one a kind of problem; JSON always has every problem.
    """
    study, cohort, problems = _examined(path)
    families = [] if study is None else study.families
    faulty = bool(problems.of("error"))
    if as_json:
        print(
            problems.to_json(
                study=str(path), sound=not faulty, models=families, cohorts=_counts(cohort)
            )
        )
        return FAULTY if faulty else 0
    if len(problems):
        shown = [Kind((problem,)) for problem in problems] if every else kinds_of(problems)
        print(table_of(shown))
        print()
        if len(shown) < len(problems):
            print(
                f"Problems of one kind stand in one row; --all lists each of the {len(problems)}."
            )
    print(f"{path}: {problems.summary()}.")
    if not faulty and cohort is not None:
        print(f"{path} and its cohort are sound.")
        for name, count in _counts(cohort).items():
            print(
                f"  {name:<11}{count['events']:>4} with the event, {count['others']} without,"
                f" {count['unknown']} unknown"
            )
        print(
            f"  models     {', '.join(_models(cohort.study))}; comparators"
            f" {', '.join(cohort.study.comparators) or 'none'}"
        )
    return FAULTY if faulty else 0


def _models(study: Study) -> list[str]:
    """Families of models, blocks of features by their names, further fusions and own models."""
    families: list[str] = []
    for family in study.families:
        blocks = [f"{name} (block)" for name in study.features]
        families += blocks if family == "features" else [family]
    fusions = [f"{name} (fusion)" for name in study.fusion.models]
    return [*families, *fusions, *study.additional_models]


def _look_further(study: Study | None, problems: Problems) -> None:
    """Report faults of the tables and files where the study file has faults too.

    What is wrong with the tables and files of a study whose own file has faults, as far as it can
    be read in spite of them.
    """
    if study is None:
        return
    try:
        _, more = examine(study)
    except Exception:
        # What is asked for in a faulty file may not be possible; its faults are told, and the rest
        # when they are mended.
        return
    for problem in more:
        problems.add(problem)


def _row(each: Problem | Kind) -> tuple[str, str, str, str, str]:
    problem = each.shown if isinstance(each, Kind) else each
    return (
        problem.level,
        each.patients if isinstance(each, Kind) else problem.patient or "",
        problem.what,
        problem.where,
        problem.mend,
    )


def _counts(cohort: Cohort | None) -> dict[str, dict[str, int]]:
    if cohort is None:
        return {}
    parts = {name: cohort.label[cohort.cohort == name] for name in cohort.study.cohorts}
    return {
        name: {
            "events": int((part == 1).sum()),
            "others": int((part == 0).sum()),
            "unknown": int(part.isna().sum()),
        }
        for name, part in parts.items()
        if len(part)
    }


def table_of(problems: Sequence[Problem | Kind], width: int | None = None) -> str:
    """Problems as a table that fits the terminal; long cells are wrapped.

    Columns: level, patient, what, where, how to mend.
    """
    rows = [_row(each) for each in problems]
    width = width or max(80, min(shutil.get_terminal_size((140, 24)).columns, 180))
    narrow = [
        max(len(HEADINGS[place]), min(18, max(len(row[place]) for row in rows))) for place in (0, 1)
    ]
    rest = width - sum(narrow) - 8
    # What is wrong gets the most room, where it is the least.
    shares = [int(rest * share) for share in (0.4, 0.25)]
    widths = [*narrow, *shares, rest - sum(shares)]

    def lines(cells: tuple[str, ...]) -> list[str]:
        wrapped = [
            textwrap.wrap(cell, size, break_on_hyphens=False) or [""]
            for cell, size in zip(cells, widths, strict=True)
        ]
        height = max(map(len, wrapped))
        return [
            "  ".join(
                (column[line] if line < len(column) else "").ljust(size)
                for column, size in zip(wrapped, widths, strict=True)
            ).rstrip()
            for line in range(height)
        ]

    return "\n".join(
        [
            *lines(HEADINGS),
            "  ".join("-" * size for size in widths),
            *[line for row in rows for line in lines(row)],
        ]
    )
