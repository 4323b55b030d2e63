"""Columns of dates, and the months between two of them."""

from __future__ import annotations

import pandas as pd

from analysis.core.problems import Problems
from analysis.core.word_lists import counted

# Of durations that come as a number of days.
DAYS_IN_MONTH = 365.25 / 12
MONTHS_IN = {"days": 1 / DAYS_IN_MONTH, "weeks": 7 / DAYS_IN_MONTH, "months": 1.0, "years": 12.0}
# Serial numbers of 1954 to 2064, as Excel counts days from 1899-12-30.
EXCEL_SERIALS = (20000, 60000)
# Fewer dates than these may lie in the first twelve days, or beyond them, by chance.
ENOUGH = 3
# What the advice on an unreadable date ends with where the study file names the form; for a
# variable, the dictionary does.
A_FORM = "name their form as date_format (%d.%m.%Y)"
A_FORM_OF_A_VARIABLE = "name their form in the dictionary, as this variable's date_format"
EARLIEST, LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")


def dates_of(
    values: pd.Series, name: str, file: str, problems: Problems, form: str | None = None
) -> pd.Series:
    """Dates (NaT where the cell is empty or wrong); form: strptime's, YYYY-MM-DD by default.

    Days and months are never guessed: 03.04.2021 without a form is an error, and so is a number
    that Excel keeps for a date. A workbook's own dates arrive as YYYY-MM-DD, whatever form its
    texts have, and no form that is allowed can be taken for it.
    """
    texts = values.astype("string").str.strip()
    # A time of day behind the date, as workbooks have it, is no part of the day.
    days = texts.str.replace(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "", regex=True)
    found = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
    where = f"{file}, column '{name}'"
    if form is not None:
        written = pd.to_datetime(texts, format=form, errors="coerce").fillna(
            pd.to_datetime(days, format=form, errors="coerce")
        )
        native = found.notna() & written.isna()
        both = (int(native.sum()), int(written.notna().sum()))
        if (
            form.startswith(("%d", "%m"))
            and min(both) >= ENOUGH
            and (found[native].dt.day <= 12).all()
            and (written.dropna().dt.day > 12).all()
        ):
            problems.error(
                f"a spreadsheet took day for month in {counted(both[0], 'cell')}, as it seems: none"
                f" of its own dates has a day beyond 12, and all texts ({form}) have one",
                where,
                "open the original file with the column set to text, and save it again",
            )
        elif all(both) and form != "%Y-%m-%d":
            problems.note(
                f"dates are written in two ways: {both[1]} as {form}, {both[0]} as YYYY-MM-DD; both"
                " were read",
                where,
            )
        found = written.fillna(found)
    for patient, text in texts[texts.notna() & (texts != "") & found.isna()].items():
        number = pd.to_numeric(text, errors="coerce")
        if pd.notna(number) and EXCEL_SERIALS[0] <= number <= EXCEL_SERIALS[1]:
            day = (pd.Timestamp("1899-12-30") + pd.Timedelta(days=int(number))).date()
            problems.error(
                f"{text} is Excel's number for a date, likely {day}",
                where,
                "format the column as a date (YYYY-MM-DD) before exporting it",
                patient,
            )
        else:
            problems.error(
                f"{text!r} is no date written as {form or 'YYYY-MM-DD'}",
                where,
                ("correct it" if form else f"write dates as YYYY-MM-DD, or {A_FORM}"),
                patient,
            )
    for patient in found.index[(found < EARLIEST) | (found > LATEST)]:
        problems.error(f"{texts[patient]} is no date of a study", where, "correct it", patient)
    return found


def months_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Calendar months from one date to the other; NaN where either is missing.

    Whole months are full on the same day of a later month, or on its last day where it has no such
    day; the rest is a share of the month that is not yet full. So two years to the day are 24,
    whether they have 730 or 731 days. Before `start`: negative.

    >>> start = pd.Series(pd.to_datetime(["2017-02-02", "2019-12-31"]))
    >>> end = pd.Series(pd.to_datetime(["2019-02-02", "2020-02-29"]))
    >>> months_between(start, end).tolist()
    [24.0, 2.0]
    """
    return pd.Series(
        [_calendar_months(first, last) for first, last in zip(start, end, strict=True)],
        index=start.index,
        dtype=float,
    )


def _calendar_months(start: pd.Timestamp, end: pd.Timestamp) -> float:
    if pd.isna(start) or pd.isna(end):
        return float("nan")
    start, end = start.normalize(), end.normalize()
    whole = (end.year - start.year) * 12 + end.month - start.month
    if start + pd.DateOffset(months=whole) > end:
        whole -= 1
    last, following = (start + pd.DateOffset(months=count) for count in (whole, whole + 1))
    return whole + (end - last).days / (following - last).days
