"""Numbers of the screening against the patients of the clinical table."""

from __future__ import annotations

from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.study import Study


def check_screening(study: Study, patients: int, problems: Problems) -> None:
    """An error where those left of the screening are not the patients of the clinical table.

    patients: of the table, with those who can't be analysed.
    """
    part = study.screening
    if part is None or part.left == patients:
        return
    problems.error(
        f"{part.screened} screened less {part.screened - part.left} excluded are"
        f" {counted(part.left, 'patient')}, and {study.cohort.table} has {patients}",
        f"{study.path.name}, screening",
        "correct the numbers, or name the reason for which the others were excluded",
    )
