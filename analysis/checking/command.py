"""`early-recurrence check`: the table of problems, or one JSON object, and what would be analysed."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

from analysis.checking.problem import Problem, Problems
from analysis.cohort import Cohort
from analysis.study import StudyError, load_study

HEADINGS = ("level", "patient", "what", "where", "how to mend")
FAULTY = 2


def check(path: Path, as_json: bool = False) -> int:
    """Print what is wrong with the study at `path` and return the exit status: 0 without errors, 2 with some."""
    cohort, problems, families = None, Problems(), []
    try:
        study = load_study(path)
        families = study.families
        from analysis.checking.examine import examine
        cohort, problems = examine(study)
    except StudyError as error:
        if not error.faults:
            problems.error(str(error), path.name, "correct the study file")
        for line, key, message in error.faults:
            problems.error(f"{key}: {message}", f"{path.name}, line {line}", "correct the study file")
    faulty = bool(problems.of("error"))
    if as_json:
        print(problems.to_json(study=str(path), sound=not faulty, models=families, cohorts=_counts(cohort)))
        return FAULTY if faulty else 0
    if len(problems):
        print(table_of(list(problems)))
        print()
    print(f"{path}: {problems.summary()}.")
    if not faulty and cohort is not None:
        print(f"{path} and its cohort are sound.")
        for name, count in _counts(cohort).items():
            print(f"  {name:<11}{count['events']:>4} with the event, {count['others']} without, {count['unknown']} unknown")
        print(f"  models     {', '.join(families)}; comparators {', '.join(cohort.study.comparators) or 'none'}")
    return FAULTY if faulty else 0


def _counts(cohort: Cohort | None) -> dict[str, dict[str, int]]:
    if cohort is None:
        return {}
    parts = {name: cohort.label[cohort.cohort == name] for name in cohort.study.cohorts}
    return {name: {"events": int((part == 1).sum()), "others": int((part == 0).sum()), "unknown": int(part.isna().sum())} for name, part in parts.items() if len(part)}


def table_of(problems: list[Problem], width: int | None = None) -> str:
    """Problems as a table that fits the terminal: level, patient, what, where, how to mend; long cells are wrapped."""
    rows = [(problem.level, problem.patient or "", problem.what, problem.where, problem.mend) for problem in problems]
    width = width or max(80, min(shutil.get_terminal_size((140, 24)).columns, 180))
    narrow = [max(len(HEADINGS[place]), min(16, max(len(row[place]) for row in rows))) for place in (0, 1)]
    rest = width - sum(narrow) - 8
    # What is wrong gets the most room, where it is the least.
    shares = [int(rest * share) for share in (0.4, 0.25)]
    widths = [*narrow, *shares, rest - sum(shares)]

    def lines(cells: tuple[str, ...]) -> list[str]:
        wrapped = [textwrap.wrap(cell, size, break_on_hyphens=False) or [""] for cell, size in zip(cells, widths, strict=True)]
        height = max(map(len, wrapped))
        return ["  ".join((column[line] if line < len(column) else "").ljust(size) for column, size in zip(wrapped, widths, strict=True)).rstrip() for line in range(height)]

    return "\n".join([*lines(HEADINGS), "  ".join("-" * size for size in widths), *[line for row in rows for line in lines(row)]])
