"""What a column of somebody's table is likely to hold, and what makes it likely.

A guess is for a person to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.tables.detection_limits import LIMIT
from analysis.cohort.tables.missing_codes import lone_codes, number_of
from analysis.core.word_lists import counted
from analysis.units.quantities import UNITS, Quantity, accepted_unit
from analysis.workflow.new_study.column_names import (
    COHORTS,
    ENDS,
    EVENTS,
    ORDERED,
    OTHERWISE,
    PERSONAL,
    STARTS,
    TIMES,
    UNIT_WORDS,
    folded_name,
    known_variable,
    names_what_a_specimen_shows,
    names_what_came_later,
    parted,
    slug,
)

# Texts for an empty cell; `0` and `none` can be values.
EMPTY_TEXTS = frozenset(
    (
        "na",
        "n/a",
        "nd",
        "n.d.",
        "-",
        "--",
        ".",
        "?",
        "unknown",
        "k.a.",
        "k. a.",
        "unbekannt",
        "inconnu",
        "missing",
        "nan",
        "null",
        "#n/a",
        "未知",
        "无数据",
    )
)
YES, NO = (
    ("yes", "y", "ja", "oui", "si", "是", "有", "positive", "present", "+"),
    ("no", "n", "nein", "non", "否", "无", "negative", "absent"),
)
# So many levels or fewer; a whole number of fewer values is likely a code.
MOST_LEVELS, MOST_CODES = 10, 4
MOSTLY = 0.8
DATE_FORMS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%Y%m%d",
    "%Y年%m月%d日",
)


@dataclass
class Guess:
    """Guess of what a column holds.

    column: as the table has it; name, keys: of the dictionary's entry; reasons: one for each guess.
    codes: of missing values. role: predictor, identifier, design or outcome; part: what of the
    study file it may be (time, event, start, end, cohort). date_forms: in which every text of the
    column is a date.
    """

    column: str
    name: str
    keys: dict[str, Any]
    reasons: list[str] = field(default_factory=list)
    codes: list[str | int] = field(default_factory=list)
    part: str | None = None
    personal: bool = False
    date_forms: tuple[str, ...] = ()

    @property
    def predicts(self) -> bool:
        """Whether the column is guessed to be a predictor."""
        return self.keys["role"] == "predictor"


def guess_column(column: str, values: pd.Series, number: int, unit_row: str | None = None) -> Guess:
    """Guess of one column that is not the patients'.

    unit_row: what the table's row of units has for it.
    """
    words, unit = parted(column)
    known, folded = known_variable(words), folded_name(words)
    found = Guess(column, known or slug(words, number), {"label": words, "role": "predictor"})
    unit = UNIT_WORDS.get(str(unit or unit_row).casefold(), unit or unit_row)
    texts = values.dropna().map(lambda value: str(value).strip())
    found.codes = sorted({text for text in texts if text.casefold() in EMPTY_TEXTS})
    if found.codes:
        found.reasons.append(f"{', '.join(map(repr, found.codes))} looks like an empty cell")
    texts = texts[~texts.isin(found.codes)]
    if known:
        found.reasons.append(f"named as {known}")
    _type(found, texts, unit, folded)
    _role(found, folded)
    return found


def _type(found: Guess, texts: pd.Series, unit: str | None, folded: str) -> None:
    limits = texts.map(
        lambda text: (
            (match := LIMIT.match(text)) is not None and number_of(match["limit"]) is not None
        )
    ).astype(bool)
    numbers = pd.Series([number_of(text) for text in texts[~limits]], dtype=float)
    dates = _date_forms(texts)
    levels = sorted(texts.unique())
    answers = {text.casefold() for text in levels}
    if not len(texts):
        found.keys |= {"type": "text", "role": "design"}
        found.reasons.append("the column is empty")
    elif dates and found.name not in UNITS:
        found.keys |= {"type": "date", "role": "design"} | (
            {} if dates[0] == "%Y-%m-%d" else {"date_format": dates[0]}
        )
        found.date_forms = tuple(dates)
        found.reasons.append(f"dates written as {' or as '.join(dates)}")
    elif answers <= {*YES, *NO} and len(answers) == 2:
        found.keys |= {
            "type": "binary",
            "codes": {level: int(level.casefold() in YES) for level in levels},
        }
        found.reasons.append(f"answers are {' and '.join(levels)}")
    elif numbers.notna().mean() >= MOSTLY if len(numbers) else bool(limits.any()):
        _number(found, numbers.dropna(), limits=limits, unit=unit, folded=folded)
    elif len(levels) <= MOST_LEVELS:
        _levels(found, levels, folded)
    else:
        found.keys |= {"type": "text", "role": "design"}
        found.reasons.append(
            f"{counted(len(levels), 'different text')}, too many for levels: not analysed"
        )


def _date_forms(texts: pd.Series) -> list[str]:
    """Date forms that every text has; more than one where day and month can't be told apart."""
    days = (
        texts.str.replace(r"[ T]\d{1,2}:\d{2}(:\d{2})?$", "", regex=True) if len(texts) else texts
    )
    if not len(days) or not days.str.contains(r"\d{4}").all():
        return []
    # A workbook's own dates stand beside texts of any form.
    native = days.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    days = days[~native] if 0 < native.mean() < MOSTLY else days
    return [
        form
        for form in DATE_FORMS
        if pd.to_datetime(days, format=form, errors="coerce").notna().mean() >= MOSTLY
        and days.str.len().min() > 7
    ]


def _levels(found: Guess, levels: list[str], folded: str) -> None:
    ordered = folded in ORDERED
    if len(levels) == 1:
        found.keys |= {"type": "text", "role": "design"}
        found.reasons.append(f"no other text than '{levels[0]}': it predicts nothing")
        return
    found.keys |= {"type": "ordinal" if ordered else "categorical", "levels": levels}
    found.reasons.append(
        f"{counted(len(levels), 'level')}; confirm "
        + ("their order, the best first" if ordered else "the reference, which comes first")
    )


def _number(
    found: Guess, numbers: pd.Series, limits: pd.Series, unit: str | None, folded: str
) -> None:
    lone = {
        value: count for value, count in lone_codes(numbers).items() if value not in found.codes
    }
    for value, count in lone.items():
        found.codes.append(int(value))
        found.reasons.append(
            f"{value:g} occurs {counted(count, 'time')}, far from all other values: a code for a"
            " missing value?"
        )
    numbers = numbers[~numbers.isin(list(lone))]
    values = sorted(numbers.unique())
    whole = all(float(value).is_integer() for value in values)
    if found.name not in UNITS and set(values) <= {0, 1}:
        found.keys |= {"type": "binary"}
        found.reasons.append("0 and 1 alone; 1 counts as yes")
        return
    if found.name not in UNITS and whole and len(values) <= MOST_CODES and not unit:
        found.keys |= {
            "type": "ordinal" if folded in ORDERED else "categorical",
            "levels": [int(value) for value in values],
        }
        found.reasons.append(
            f"whole numbers {', '.join(f'{value:g}' for value in values)}: codes, as it seems; say"
            " what they mean ({1: male, 2: female})"
        )
        return
    _rename(found, numbers, unit)
    chosen, why = _unit(UNITS.get(found.name), numbers, unit)
    found.keys |= {"type": "continuous", "unit": chosen}
    found.reasons.append(why)
    if limits.any():
        found.keys["detection_limit"] = "half"
        found.reasons.append(
            f"{counted(int(limits.sum()), 'value')} as <2.0 or >100; half of a lower limit is a"
            " choice: half, limit or missing"
        )


def _possible(quantity: Quantity, numbers: pd.Series, unit: str) -> bool:
    """Whether the median is possible in a unit that the quantity accepts."""
    low, high = quantity.plausible
    return bool(low <= float(numbers.median()) * quantity.accepted[unit] <= high)


def _rename(found: Guess, numbers: pd.Series, written: str | None) -> None:
    """Take the other meaning of the column's name, where the numbers fit that one alone."""
    other = OTHERWISE.get(found.name)
    if other is None or not len(numbers):
        return
    units = [accepted_unit(UNITS[name], written or "cm") for name in (found.name, other)]
    if None in units:
        return
    first, second = (
        _possible(UNITS[name], numbers, str(unit))
        for name, unit in zip((found.name, other), units, strict=True)
    )
    if second and not first:
        median = f"{numbers.median():g} {written or 'cm'}"
        found.reasons = [f"named as {found.name}, whose median can't be {median}; so {other}"]
        found.name = other


def _unit(quantity: Quantity | None, numbers: pd.Series, written: str | None) -> tuple[str, str]:
    """Unit and why: as written, else the only one in which the column's median is possible."""
    if quantity is None:
        return (
            (written, f"unit '{written}' as the table has it")
            if written
            else ("1", "no unit was found: name it, or leave 1 if it has none")
        )
    if written and (known := accepted_unit(quantity, written)):
        doubt = (
            f", in which the median {numbers.median():g} is impossible: look at the column"
            if len(numbers) and not _possible(quantity, numbers, known)
            else ""
        )
        return known, f"unit '{written}' as the table has it{doubt}"
    median = float(numbers.median()) if len(numbers) else float("nan")
    low, high = quantity.typical or quantity.plausible
    scales: dict[float, str] = {}
    for unit, factor in quantity.accepted.items():
        if (
            low <= median * factor <= high
            and np.mean(
                (numbers * factor >= quantity.plausible[0])
                & (numbers * factor <= quantity.plausible[1])
            )
            >= MOSTLY
        ):
            scales.setdefault(factor, unit)
    before = f"the table's unit '{written}' is unknown; " if written else ""
    if not scales:
        return (
            quantity.canonical,
            (
                f"{before}the median {median:g} is possible in no unit of"
                f" {', '.join(quantity.accepted)}: look at the column"
            ),
        )
    names = list(scales.values())
    words = (
        f"the median {median:g} is possible in {names[0]} alone"
        if len(names) == 1
        else f"the median {median:g} is possible in {' and in '.join(names)}"
    )
    return names[0], before + words


def _role(found: Guess, folded: str) -> None:
    """What the study file reads from the column."""
    kind = found.keys["type"]
    parts = {
        "time": (TIMES, kind == "continuous"),
        "event": (EVENTS, kind in ("binary", "categorical", "ordinal")),
        "start": (STARTS, kind == "date"),
        "end": (ENDS, kind == "date"),
        "cohort": (
            COHORTS,
            {"training", "validation"} == set(map(str, found.keys.get("levels", ()))),
        ),
    }
    found.part = next(
        (part for part, (names, fits) in parts.items() if folded in names and fits), None
    )
    found.personal = folded in PERSONAL
    if found.part == "cohort":
        found.keys["role"] = "design"
        found.reasons.append("who trains and who validates")
    elif found.part is not None:
        found.keys["role"] = "outcome"
        found.reasons.append(f"named as an outcome's {found.part}")
        if found.part == "time" and found.keys["unit"] == "1":
            found.keys["unit"] = "months"
            found.reasons.append("months, if the unit is not another")
    elif (
        folded in EVENTS or folded in TIMES or folded in ENDS or names_what_came_later(found.column)
    ):
        found.keys["role"] = "outcome"
        found.reasons.append("named as an outcome: no predictor")
    elif names_what_a_specimen_shows(found.column):
        found.keys["role"] = "design"
        found.reasons.append("read from the specimen, after treatment: no predictor")
    if found.personal:
        found.keys["role"] = "design"
        found.reasons.append("tells who the patient is: take the column out of the table")
