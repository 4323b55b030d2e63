"""Column types of a clinical table: numbers, levels, yes or no, dates."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.cohort.tables.detection_limits import LIMIT
from analysis.cohort.tables.missing_codes import number_of
from analysis.core.problems import Problems
from analysis.core.spelling_hints import close_to
from analysis.study.dictionary import Variable
from analysis.units.dates import A_FORM, A_FORM_OF_A_VARIABLE, dates_of
from analysis.units.unit_errors import Fault

TRUTH = ("yes", "no", "y", "n", "ja", "nein", "oui", "non", "是", "否", "有", "无")
DATE_LIKE = re.compile(r"^(\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{2}|\d{4}-\d{2}-\d{2})")


def numbers_of(values: pd.Series, name: str, patients: list, faults: list[Fault]) -> pd.Series:
    """Continuous variable: a column as floats, NaN where empty.

    A value that is no finite number is added to `faults` with its patient.
    """
    if not pd.api.types.is_numeric_dtype(values):
        texts = values.map(lambda value: value.strip() if isinstance(value, str) else value)
        values = texts.mask(texts.isin([""]))
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    infinite = np.isinf(numbers)
    for position in np.flatnonzero(
        values.notna().to_numpy() & (numbers.isna() | infinite).to_numpy()
    ):
        text = values.iloc[position]
        hint = _written(str(text).strip())
        faults.append(
            Fault(patients[position], name, f"{name}: {text!r} is not a number; {hint}", text)
        )
    return numbers.mask(infinite)


def _written(text: str) -> str:
    """Advice for a text in a column of numbers."""
    match = LIMIT.match(text)
    if match is not None:
        return (
            "say under detection_limit of the variable whether it counts as half, limit or missing"
            if number_of(match["limit"]) is not None
            else (
                "write the detection limit as a number (<2.0), and name the rule for it as"
                " detection_limit"
            )
        )
    if text.casefold() in TRUTH:
        return "give codes of the variable in the dictionary: {no: 0, yes: 1}"
    return "leave the cell empty if it is missing, or name the text under missing in the dictionary"


def levels_of(
    values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]
) -> pd.Series:
    """Column of a categorical variable as its levels.

    Codes are translated, and empty cells are NaN; the levels are floats where all of them are whole
    numbers. A value that is no level is added to `faults` with its patient.
    """
    levels = [str(level) for level in variable.levels or []]
    codes = {str(code): str(level) for code, level in (variable.codes or {}).items()}
    # 1, 1.0 and "1" are one code: a column with an empty cell is read as decimal numbers.
    texts = values.map(
        lambda value: (
            f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip()
        ),
        na_action="ignore",
    ).astype(object)
    texts = texts.mask(texts.isin([""]))
    texts = texts.map(lambda text: codes.get(text, text), na_action="ignore")
    for position in np.flatnonzero((texts.notna() & ~texts.isin(levels)).to_numpy()):
        accepted = ", ".join([*codes, *levels])
        date = (
            "; Excel makes a date of a level such as 1-2, so format the column as text"
            if DATE_LIKE.match(str(texts.iloc[position]))
            else ""
        )
        faults.append(
            Fault(
                patients[position],
                name,
                f"{name} '{texts.iloc[position]}' is none of its levels"
                f" {accepted}{date}{close_to(str(texts.iloc[position]), [*codes, *levels])}",
                texts.iloc[position],
            )
        )
    if all(isinstance(level, int) for level in variable.levels or []):
        return pd.to_numeric(texts, errors="coerce").astype(float)
    return texts.where(texts.notna(), np.nan)


def binary_of(
    values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]
) -> pd.Series:
    """Binary variable: a column as 0.0 and 1.0, codes translated, NaN where empty.

    Any other value is added to `faults` with its patient.
    """
    if variable.codes:
        codes = {str(code): level for code, level in variable.codes.items()}
        texts = values.map(
            lambda value: (
                f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip()
            ),
            na_action="ignore",
        ).astype(object)
        values = texts.map(lambda text: codes.get(text, text), na_action="ignore")
    numbers = numbers_of(values, name, patients, faults)
    faults.extend(
        Fault(
            patients[position],
            name,
            f"{name} {numbers.iloc[position]:g} must be 0 or 1",
            numbers.iloc[position],
        )
        for position in np.flatnonzero((numbers.notna() & ~numbers.isin((0, 1))).to_numpy())
    )
    return numbers


def days_of(
    values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]
) -> pd.Series:
    """Days as YYYY-MM-DD."""
    found = Problems()
    dates = dates_of(
        pd.Series(values.to_numpy(), index=patients),
        name,
        file="",
        problems=found,
        form=variable.date_format,
    )
    # A note is no fault: the endpoint, or the examination, gives it where it reads the column.
    faults += [
        Fault(
            problem.patient,
            name,
            f"{name}: {problem.what}; {problem.mend.replace(A_FORM, A_FORM_OF_A_VARIABLE)}",
        )
        for problem in found.of("error")
    ]
    return pd.Series(dates.dt.strftime("%Y-%m-%d").to_numpy(), index=values.index)
