"""Clinical scores on the terminal: what there is, and the scores of a table of patients."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from analysis.cohort.tables.canonical_units import to_canonical
from analysis.cohort.tables.patient_column import patient_columns, patient_key, with_patients
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.cache import write_atomically
from analysis.core.problems import Problems
from analysis.core.safe_csv import csv_text
from analysis.core.word_lists import listed
from analysis.study.dictionary import Dictionary, load_dictionary
from analysis.units.quantities import UNITS
from models.staging import REFITS, SCORES, describe_scores, get_score, score_table
from models.staging.definition import ScoreInputError, evaluate


def list_scores() -> int:
    """Print every score with what it needs and its source (`early-recurrence scores`)."""
    width = max(60, min(shutil.get_terminal_size((110, 24)).columns, 140))

    def block(name: str, lines: list[str]) -> str:
        return "\n".join(
            textwrap.fill(
                line,
                width,
                initial_indent=f"{name:<22}" if number == 0 else " " * 22,
                subsequent_indent=" " * 24,
            )
            for number, line in enumerate(lines)
        )

    for score in describe_scores().itertuples():
        worse = "no order" if score.worse == "no order" else f"{score.worse} is worse"
        unconfirmed = " - UNCONFIRMED, off unless named" if score.status == "unconfirmed" else ""
        lines = [
            (
                f"{score.label} - {score.family.replace('_', ' ')} - {worse} -"
                f" {score.levels}{unconfirmed}"
            ),
            f"needs {score.inputs}",
            score.source + (f", doi:{score.doi}" if score.doi else ""),
        ]
        print(block(score.id, [*lines, *([score.note] if score.note else [])]))
    for refit in REFITS.values():
        print(
            block(
                refit.id,
                [
                    f"{refit.label} - refitted on training patients of a study, not by `score`",
                    f"needs {', '.join(refit.inputs)}",
                    refit.source,
                ],
            )
        )
    return 0


def _without_unknown_units(
    table: pd.DataFrame, dictionary: Dictionary, scores: Collection[str], place: Path
) -> pd.DataFrame:
    """The table without measurements that the dictionary has no unit of; says which they are.

    One that a named score needs stays, so that its missing unit is an error.
    """
    declared = {variable.column or name for name, variable in dictionary.variables.items()}
    needed = {name for score in scores for name in get_score(score).inputs}
    unknown = [name for name in table if name in UNITS and name not in declared | needed]
    if unknown and not scores:
        print(
            f"early-recurrence: {listed(unknown)} left out, with the scores that need"
            f" {'it' if len(unknown) == 1 else 'them'}: {place} has no unit of"
            f" {'it' if len(unknown) == 1 else 'them'}",
            file=sys.stderr,
        )
    return table.drop(columns=unknown)


def _computable(table: pd.DataFrame) -> list[str]:
    """All confirmed scores but those whose inputs the table has in other words or numbers.

    It says which these are, and why; a score that is asked for by name is an error there.
    """
    names: list[str] = []
    faults: dict[str, list[str]] = {}
    for name, definition in SCORES.items():
        if definition.status != "confirmed":
            continue
        try:
            evaluate(definition, table)
        except ScoreInputError as error:
            for line in str(error).splitlines()[1:]:
                faults.setdefault(line.strip(), []).append(definition.label)
        else:
            names.append(name)
    for line, labels in faults.items():
        print(f"early-recurrence: {listed(labels)} left out: {line}", file=sys.stderr)
    return names


def score_file(options: argparse.Namespace) -> int:
    """Scores of a table of patients, printed or written (`early-recurrence score`).

    Raises ValueError for a score that there is not, or a table without the patients' column.
    """
    for name in options.score or []:
        get_score(name)
    dictionary = load_dictionary(options.dictionary)
    keys = [options.patient_id] if options.patient_id else patient_columns(dictionary)
    problems = Problems()
    sheet = read_spreadsheet(options.table, problems, text=tuple(keys))
    if sheet is None:
        problems.raise_errors()
    assert sheet is not None
    key = patient_key(sheet, keys, options.table)
    table = with_patients(sheet, key, options.table.name, problems)
    problems.raise_errors()
    assert table is not None
    # In the order of the file, as a person compares the two.
    table = table.loc[sheet[key].str.strip()]
    table = to_canonical(
        _without_unknown_units(table, dictionary, options.score or [], options.dictionary),
        dictionary,
    )
    names = options.score or _computable(table)
    content = csv_text(score_table(table, names))
    if options.output is None:
        print(content, end="")
    else:
        print(write_atomically(options.output, content))
    return 0
