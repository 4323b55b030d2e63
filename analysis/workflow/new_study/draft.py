"""Draft of a data dictionary and study file from somebody's own table.

Each guess has its reason and is marked for confirmation.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from analysis.cohort.checks.unconfirmed import MARK
from analysis.cohort.tables.missing_codes import number_of
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.cohort.tables.summary_rows import is_summary
from analysis.core.problem_kinds import kinds_of
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted
from analysis.study.layout import TableLayout
from analysis.workflow.new_study.column_names import (
    CENTRES,
    IDENTIFIERS,
    PERSONAL,
    folded_name,
    parted,
)
from analysis.workflow.new_study.guess import Guess, guess_column
from analysis.workflow.new_study.options import as_options
from models.staging import SCORES, comparator_inputs

# Indexes of laboratory values alone: a table that has these needs no reading of images or charts.
LABORATORY_SCORES = ("albi", "fib4", "apri", "nlr", "plr", "sii", "pni")
# Distributions with a long tail to the right, as the literature transforms them.
SKEWED = ("afp", "ast", "alt", "ggt", "bilirubin", "pivka", "crp")
# Faults of a table that can't be read, of which the first say enough.
SHOWN = 5
TIME_UNITS = ("days", "weeks", "months", "years")


@dataclass(frozen=True)
class Draft:
    """Draft of a data dictionary and study file.

    dictionary: text of dictionary.yml. sections: piece of study.yml → (what stands in it, what
    stands there instead).
    """

    dictionary: str
    sections: Mapping[str, tuple[tuple[str, str], ...]]


def draft_study(table: Path, layout: TableLayout | None = None) -> Draft:
    """Guesses from the table's names and values.

    Raises ValueError with everything that keeps the table from being read.
    """
    if not table.is_file() and table.parent.is_dir():
        files = [each.name for each in table.parent.iterdir() if each.is_file()]
        raise ValueError(f"{table}: no such table{close_to(table.name, files)}")
    layout, problems = layout or TableLayout(), Problems()
    frame = read_spreadsheet(table, problems, layout)
    identifier = None if frame is None else _identifier(frame, table.name)
    if identifier is not None:
        problems = Problems()
        frame = read_spreadsheet(table, problems, layout, text=(identifier,))
    if frame is None or problems.of("error"):
        lines = [as_options(str(kind)) for kind in kinds_of(problems.of("error"))]
        more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        raise ValueError("\n  ".join([f"{table.name} can't be read:", *lines[:SHOWN], *more]))
    assert identifier is not None
    units, guesses, taken = frame.attrs["units"], [], {"patient_id"}
    for number, column in enumerate(frame.columns, start=1):
        if column == identifier:
            continue
        guess = guess_column(str(column), frame[column], number, units.get(column))
        if guess.name in taken:
            guess.reasons.append(f"'{guess.name}' is taken by another column")
            guess.name = f"{guess.name}_{number}"
        taken.add(guess.name)
        guesses.append(guess)
    _share_date_form(guesses)
    centre = next(
        (
            guess
            for guess in guesses
            if folded_name(parted(guess.column)[0]) in CENTRES
            and guess.keys["type"] in ("categorical", "text")
        ),
        None,
    )
    if centre is not None:
        centre.keys["role"] = "design"
        centre.reasons.append("named as a centre: no predictor unless you say so")
    return Draft(
        _dictionary(table.name, len(frame), identifier, guesses),
        _sections(table.name, identifier, guesses=guesses, layout=layout, centre=centre),
    )


def _share_date_form(guesses: list[Guess]) -> None:
    """Settle ambiguous forms of dates by the other columns of the table.

    A column whose day and month can't be told apart is written as the others of the table, where
    these can be told and agree.
    """
    dated = [guess for guess in guesses if guess.date_forms]
    proven = {guess.date_forms[0] for guess in dated if len(guess.date_forms) == 1}
    for guess in dated:
        shared = proven & set(guess.date_forms)
        if len(guess.date_forms) > 1 and len(shared) == 1:
            (form,) = shared
            guess.keys["date_format"] = form
            guess.reasons.append(f"{form}, as another column of this table can only be")


def _identifier(frame: pd.DataFrame, file: str) -> str:
    """Column of the patients.

    It is found by its name, else it is the first of the leading columns in which no two rows are
    alike.

    Raises ValueError with the rows that keep a column of that name from being it: another one is
    then no guess, but a mistake.
    """
    different = [
        str(name) for name in frame.columns if frame[name].notna().all() and frame[name].is_unique
    ]
    named = [str(name) for name in frame.columns if folded_name(str(name)) in IDENTIFIERS]
    if named and not set(named) & set(different):
        raise ValueError(
            f"{file}: the column '{named[0]}' does not name every patient once:"
            f" {_why_not(frame, named[0])}"
        )
    leading = [
        name
        for name in different
        if name in list(frame.columns[:3])
        and folded_name(name) not in PERSONAL
        and not pd.api.types.is_float_dtype(frame[name])
    ]
    found = next((name for name in [*named, *leading] if name in different), None)
    if found is None:
        raise ValueError(
            f"{file}: no column names the patients: none is called {listed(IDENTIFIERS, 4)}, and"
            " none of the first three has another text in each row. If the columns are named"
            " further down, say so: --header-row 3"
        )
    summaries = [
        f"'{name}' (line {line})"
        for name, line in zip(frame[found], frame.attrs["lines"], strict=True)
        if is_summary(str(name))
    ]
    if summaries:
        raise ValueError(
            f"{file}: {listed(summaries)} in the column '{found}': summaries of the columns, as it"
            " seems, and no patients; take these rows out of the table"
        )
    return found


def _why_not(frame: pd.DataFrame, name: str) -> str:
    """Rows without a name, one of which may hold units; and names that are there more than once."""
    lines, values = pd.Series(frame.attrs["lines"], index=frame.index), frame[name]
    empty = values.index[values.isna()]
    said = [f"it is empty at line {listed(list(map(str, lines[empty])))}"] if len(empty) else []
    units = [
        lines[row]
        for row in empty
        if all(number_of(cell) is None for cell in frame.loc[row].dropna())
    ]
    said += (
        [f"if line {units[0]} holds units, give --units-row {units[0]}"] if len(units) == 1 else []
    )
    doubles = values[values.duplicated(keep=False)].dropna()
    said += [
        f"{value} is at lines {listed(list(map(str, lines[rows.index])))}"
        for value, rows in list(doubles.groupby(doubles))[:3]
    ]
    return "; ".join(said) + "; take out what is no patient, and keep one row a patient"


def _flow(value: Any) -> str:
    """One line of YAML."""
    yaml = YAML()
    yaml.default_flow_style, yaml.width = True, 100_000
    file = io.StringIO()
    yaml.dump(value, file)
    return file.getvalue().removesuffix("...\n").strip()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _dictionary(file: str, rows: int, identifier: str, guesses: list[Guess]) -> str:
    codes: dict[str, list[str]] = {}
    for guess in guesses:
        for code in guess.codes:
            codes.setdefault(_flow([code])[1:-1], []).append(guess.column)
    patient = {"label": "Patient", "role": "identifier", "type": "text"}
    if identifier != "patient_id":
        patient["column"] = identifier
    lines = [
        (
            f"# Draft of the data dictionary of {file} ({counted(rows, 'row')}), by"
            " `early-recurrence new --from`."
        ),
        "# Every entry is a guess from names and values, with its reason above it. Look at each,",
        (
            f"# correct it, and take out its mark ({MARK.removeprefix('# ')});"
            " `early-recurrence check` counts those that are left."
        ),
        *_explanation(),
        *[f"{MARK}: {code} in {_plain(listed(columns, 4))}" for code, columns in codes.items()],
        *([f"missing: [{', '.join(codes)}]"] if codes else []),
        "variables:",
        *(
            []
            if folded_name(identifier) in IDENTIFIERS
            else [
                f"  {MARK} patient_id: no column is named as one of patients' ids; this is the"
                " first in which all rows differ"
            ]
        ),
        f"  patient_id: {_flow(patient)}",
    ]
    for guess in guesses:
        entry = {**({} if guess.column == guess.name else {"column": guess.column}), **guess.keys}
        # A column of names, birth dates or addresses is not described, so that nothing reads it.
        hidden = "# " if guess.personal else ""
        lines += [
            f"  {MARK} {guess.name}: {_plain('; '.join(guess.reasons)) or 'by its values'}",
            f"  {hidden}{guess.name}: {_flow(entry)}",
        ]
    return "\n".join(lines) + "\n"


def _explanation() -> list[str]:
    """What the keys mean, as the dictionary of a new study says it.

    The sentence before the keys and the example of `missing` are not for a draft.
    """
    text = (Path(__file__).parent / "pieces" / "dictionary.yml").read_text(encoding="utf-8")
    return [
        line
        for line in dropwhile(lambda line: not line.startswith("#   "), text.splitlines())
        if line.startswith("#") and not line.startswith("# missing")
    ]


def _sections(
    file: str, identifier: str, guesses: list[Guess], layout: TableLayout, centre: Guess | None
) -> dict[str, tuple[tuple[str, str], ...]]:
    described = [guess for guess in guesses if not guess.personal]
    named = layout.model_dump(exclude_none=True)
    cohort = [
        ("table: clinical.csv  ", f"table: {_flow([file])[1:-1]}  "),
        ("patient_id: patient_id", f"patient_id: {_flow([identifier])[1:-1]}"),
        *([("# centre: centre", f"centre: {centre.name}")] if centre is not None else []),
    ]
    cohort += (
        [
            (
                "  dictionary: dictionary.yml",
                "".join(f"  {name}: {_flow([value])[1:-1]}\n" for name, value in named.items())
                + "  dictionary: dictionary.yml",
            )
        ]
        if named
        else []
    )
    candidates = [guess.name for guess in described if guess.predicts]
    continuous = {guess.name for guess in described if guess.keys["type"] == "continuous"}
    scores = [
        name
        for name in LABORATORY_SCORES
        if name in SCORES and set(comparator_inputs(name)) <= continuous
    ]
    clinical = [
        (
            r"  candidates: \[.*\]",
            (
                f"  {MARK}: every column that may have been known before treatment; fewer, chosen"
                f" from knowledge of the disease, are better\n  candidates: {_flow(candidates)}"
            ),
        ),
        (
            r"  log_transform: \[.*\]",
            (
                "  log_transform:"
                f" {_flow([name for name in candidates if name in SKEWED and name in continuous])}"
            ),
        ),
        (r"comparators: \[.*\]", f"comparators: {_flow(scores)}"),
    ]
    return {
        "cohort": tuple((re.escape(old), new) for old, new in cohort),
        "clinical": tuple(clinical),
        "endpoint": ((r"(?m)^endpoint: .*$", _endpoint(described)),),
        "split": ((r"(?m)^split: .*$", _split(described)),),
    }


def _endpoint(guesses: list[Guess]) -> str:
    parts = {
        part: next((guess for guess in guesses if guess.part == part), None)
        for part in ("time", "event", "start", "end")
    }
    time, event, start, end = parts.values()
    if event is None or not (time or (start and end)):
        if event is not None and event.keys["type"] == "binary":
            return (
                f"{MARK}: '{event.column}' has 0 and 1; a follow-up, if there is one, was not"
                f" recognised\nendpoint: {{label: {event.name}}}"
            )
        return (
            f"{MARK}: no columns were recognised as the outcome; name them\nendpoint: {{time:"
            " recurrence_free_months, event_type: event_type, horizon_months: 24}"
        )
    section: dict[str, Any] = {"time": time.name} if time is not None else {}
    if time is not None and time.keys["unit"] in TIME_UNITS and time.keys["unit"] != "months":
        section["time_unit"] = time.keys["unit"]
    if time is None and start is not None and end is not None:
        section = {"start": start.name, "end": end.name}
    section |= {"event_type": event.name} | _event_codes(event) | {"horizon_months": 24}
    return (
        f"{MARK}: by the names of the columns; the horizon, and what each value of"
        f" '{_plain(event.column)}' means, are yours to say\nendpoint: {_flow(section)}"
    )


def _event_codes(event: Guess) -> dict[str, Any]:
    if event.keys["type"] == "binary":
        return {"event_codes": {0: "censored", 1: "recurrence"}}
    levels = event.keys["levels"]
    if set(levels) <= {"censored", "recurrence", "death"}:
        return {}
    return {"event_codes": {level: _event_word(str(level)) for level in levels}}


def _event_word(level: str) -> str:
    text = level.casefold()
    if any(word in text for word in ("no ", "non", "free", "without", "无", "未")):
        return "censored"
    if any(word in text for word in ("recur", "relaps", "rezidiv", "récidive", "复发")):
        return "recurrence"
    if any(word in text for word in ("death", "dead", "died", "deceased", "tod", "死亡")):
        return "death"
    return {"1": "recurrence", "2": "death"}.get(text, "censored")


def _split(guesses: list[Guess]) -> str:
    column = next((guess for guess in guesses if guess.part == "cohort"), None)
    return (
        "split: {validation_fraction: 0.25, seed: 1}"
        if column is None
        else (
            f"{MARK}: '{column.column}' has training and validation\nsplit: {{column:"
            f" {column.name}}}"
        )
    )
