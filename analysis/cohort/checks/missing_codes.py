"""Check of the codes of missing values.

It tells what became of them: counts by column, codes that never occur, and numbers that look like
one.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.cohort.tables.cohort_table import needed_columns
from analysis.cohort.tables.missing_codes import Replaced, lone_codes
from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.study import Study
from analysis.study.dictionary import Dictionary


def check_replaced(
    study: Study, dictionary: Dictionary, replaced: Replaced, problems: Problems
) -> None:
    """Notes on every column that is read, and warnings of codes that are likely mistaken."""
    file, where = study.cohort.table, str(study.cohort.dictionary)
    read = {
        *needed_columns(study),
        *(variable.column or name for name, variable in dictionary.variables.items()),
    }
    for column, counts in replaced.counts.items():
        if column in read:
            words = ", ".join(f"{code!r} ({count})" for code, count in counts.items())
            problems.note(
                f"{counted(sum(counts.values()), 'cell counts', 'cells count')} as empty, by the"
                f" codes of missing values: {words}",
                f"{file}, column '{column}'",
            )
    for column, code, count, low, high in replaced.among:
        if column in read:
            problems.warning(
                f"the code {code!r} of missing values lies among this column's other values"
                f" ({low:g} to {high:g}); {counted(count, 'cell')} became empty",
                f"{file}, column '{column}'",
                "if it is a value here, take it out of `missing:` and name it as `missing:` of the"
                " variables that use it",
            )
    for code in replaced.unused:
        problems.warning(
            f"the code of missing values {code!r} occurs nowhere in the table",
            where,
            "correct it, or take it out of `missing:`",
        )


def check_lone_codes(
    study: Study, table: pd.DataFrame, columns: Collection[str], problems: Problems
) -> None:
    """Warn of numbers that look like undeclared codes for missing values.

    These are numbers such as -99 and 999 that are far from all others of their column, and that
    nobody declared. table: as it is analysed; columns: of numbers.
    """
    where = (
        "name it under `missing:` in the dictionary"
        if study.cohort.dictionary
        else "empty these cells"
    )
    for column in columns:
        for value, count in (lone_codes(table[column]) if column in table else {}).items():
            problems.warning(
                f"{counted(count, 'cell holds', 'cells hold')} {value:g}, far from all other"
                " values: a code for a missing value?",
                f"{study.cohort.table}, column '{column}'",
                f"if so, {where}; until then it counts as a number",
            )
