"""Binary outcome at the horizon from follow-up; censored before it is unknown, never negative."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.spelling_hints import close_to
from analysis.core.word_lists import counted
from analysis.study import Endpoint
from analysis.units.dates import DAYS_IN_MONTH, MONTHS_IN, dates_of, months_between

EVENT_TYPES = ("recurrence", "death", "censored")
# Half of a cohort followed longer than this was most likely counted in days.
LONGEST_MEDIAN_MONTHS = 240


# Who was last seen so shortly before the horizon was most likely seen at the visit that was planned
# for it.
SHORTLY_BEFORE_DAYS = 30


def label_at_horizon(
    time: pd.Series,
    event_type: pd.Series,
    horizon: float,
    event: str = "recurrence",
    tolerated: pd.Series | None = None,
) -> pd.Series:
    """Binary outcome label at the horizon.

    1 if `event` came at time <= horizon, 0 if the patient was event-free and assessed at or after
    it, else NaN.

    time: months since resection. event_type: recurrence, death or censored. A death or a last
    assessment before the horizon leaves the label unknown. Missing time or type: NaN. tolerated:
    the months with the days of tolerance added; a patient without any event whose months with them
    reach the horizon is event-free there. Their time stays what it is.
    """
    had_event = (event_type == event) & (time <= horizon)
    event_free = (time > horizon) | ((time == horizon) & (event_type != event))
    label = pd.Series(np.nan, index=time.index, name="label")
    label[event_free & event_type.notna()] = 0.0
    if tolerated is not None:
        label[(event_type == "censored") & (tolerated >= horizon - 1e-9)] = 0.0
    label[had_event] = 1.0
    return label


def outcome_of(
    table: pd.DataFrame,
    endpoint: Endpoint,
    problems: Problems | None = None,
    file: str = "the clinical table",
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame | None:
    """Outcome columns label, time_months and event_type, on the index of `table`.

    With a tolerance, there is tolerated_months as well.

    Every value that can't be used becomes a problem with its patient; without a collection to put
    them into, they are raised together as a CohortError (a ValueError). None where a column is
    missing. columns: variable → its column in the user's file, where the dictionary gave it another
    name.
    """
    found = Problems() if problems is None else problems
    wanted = [
        name
        for name in (
            endpoint.label,
            endpoint.time,
            endpoint.start,
            endpoint.end,
            endpoint.event_type,
        )
        if name is not None
    ]
    absent = [name for name in wanted if name not in table]
    named = columns or {}
    for name in absent:
        variable = next((each for each, column in named.items() if column == name), None)
        mend = (
            f"the dictionary reads this column as '{variable}': name it so under endpoint"
            if variable is not None
            else (
                f"correct endpoint in the study file{close_to(name, table.columns)}; the table has"
                f" {listed([named.get(str(each), str(each)) for each in table.columns])}"
            )
        )
        found.error(f"endpoint: column '{name}' is not in the table", file, mend)
    outcome = None
    if not absent:
        read = _labelled if endpoint.label else _followed
        outcome = read(table, endpoint, found, file)
    if problems is None:
        found.raise_errors()
    return outcome


def _texts(values: pd.Series) -> pd.Series:
    """1, 1.0 and "1" are one code; an empty cell is missing."""
    texts = values.map(
        lambda value: (
            f"{value:g}"
            if isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
            else str(value).strip()
        ),
        na_action="ignore",
    )
    return texts.astype("string").replace("", pd.NA)


def _labelled(
    table: pd.DataFrame, endpoint: Endpoint, problems: Problems, file: str
) -> pd.DataFrame:
    texts, where = _texts(table[endpoint.label]), f"{file}, column '{endpoint.label}'"
    label = pd.Series(np.nan, index=table.index, name="label")
    if endpoint.levels is not None:
        values = {str(level): value for level, value in endpoint.levels.items()}
        for patient in texts.index[texts.notna() & ~texts.isin(list(values))]:
            problems.error(
                f"endpoint: {texts[patient]!r} is none of endpoint.levels,"
                f" {listed(values)}{close_to(texts[patient], values)}",
                where,
                "correct it, or say under endpoint.levels what it means",
                patient,
            )
        label = (
            texts.astype(object)
            .map({level: value for level, value in values.items() if value is not None})
            .astype(float)
        )
    elif endpoint.event_value in (0, 1):
        for patient in texts.index[texts.notna() & ~texts.isin(["0", "1"])]:
            problems.error(
                f"endpoint: {texts[patient]!r} is neither 0 nor 1",
                where,
                "code the outcome as 1 and 0, or name its values under endpoint.levels",
                patient,
            )
        known = texts.isin(["0", "1"]).fillna(False)
        label[known] = (texts[known] == str(endpoint.event_value)).astype(float)
    else:
        events = [
            str(each)
            for each in (
                endpoint.event_value
                if isinstance(endpoint.event_value, list)
                else [endpoint.event_value]
            )
        ]
        for value in events:
            if not (texts == value).any():
                problems.error(
                    f"endpoint: no patient has the event value {value!r}",
                    where,
                    "correct endpoint.event_value; the column holds"
                    f" {listed(sorted(texts.dropna().unique()))}",
                )
        label[texts.notna()] = texts[texts.notna()].isin(events).astype(float)
        others = sorted(set(texts.dropna()) - set(events))
        problems.note(
            f"these values count as no event: {listed(others)}",
            where,
            "name every value under endpoint.levels to be sure",
        )
    return pd.DataFrame(
        {"label": label, "time_months": np.nan, "event_type": pd.NA}, index=table.index
    )


def _followed(
    table: pd.DataFrame, endpoint: Endpoint, problems: Problems, file: str
) -> pd.DataFrame:
    horizon, tolerance = float(endpoint.horizon_months or 0), endpoint.horizon_tolerance_days
    if endpoint.time is not None:
        time, where = (
            _durations(
                table[endpoint.time], endpoint, problems, f"{file}, column '{endpoint.time}'"
            ),
            f"{file}, column '{endpoint.time}'",
        )
        tolerated, short = time + tolerance / DAYS_IN_MONTH, (horizon - time) * DAYS_IN_MONTH
    else:
        start, end = (
            dates_of(table[name], name, file=file, problems=problems, form=endpoint.date_format)
            for name in (str(endpoint.start), str(endpoint.end))
        )
        time, where = (
            months_between(start, end),
            f"{file}, columns '{endpoint.start}' and '{endpoint.end}'",
        )
        # Days are counted as days: a month has 28 to 31 of them.
        tolerated = months_between(start, end + pd.Timedelta(days=tolerance))
        short = (start + pd.DateOffset(months=int(horizon)) - end).dt.days + (
            horizon - int(horizon)
        ) * DAYS_IN_MONTH
        for patient in time.index[time < 0]:
            problems.error(
                "endpoint: the follow-up ends"
                f" {counted((start[patient] - end[patient]).days, 'day')} before it starts",
                where,
                "correct one of the dates",
                patient,
            )
    event_type, column = (
        _texts(table[endpoint.event_type]),
        f"{file}, column '{endpoint.event_type}'",
    )
    if endpoint.event_codes is not None:
        codes = {str(code): kind for code, kind in endpoint.event_codes.items()}
        for patient in event_type.index[
            event_type.notna() & ~event_type.isin([*codes, *EVENT_TYPES])
        ]:
            problems.error(
                f"endpoint: {event_type[patient]!r} is none of endpoint.event_codes,"
                f" {listed(codes)}{close_to(event_type[patient], codes)}",
                column,
                "correct it, or say under endpoint.event_codes what it means",
                patient,
            )
        event_type = event_type.map(lambda text: codes.get(text, text), na_action="ignore").astype(
            "string"
        )
    else:
        for patient in event_type.index[event_type.notna() & ~event_type.isin(EVENT_TYPES)]:
            problems.error(
                f"endpoint: {event_type[patient]!r} is not one of"
                f" {', '.join(EVENT_TYPES)}{close_to(event_type[patient], EVENT_TYPES)}",
                column,
                "correct it, or say under endpoint.event_codes what each value means",
                patient,
            )
    event_type = event_type.where(event_type.isin(EVENT_TYPES))
    for patient in time.index[(time == 0) & event_type.notna()]:
        problems.warning(
            "endpoint: the follow-up is of length 0",
            where,
            "make sure that the patient was seen again, or leave the follow-up empty",
            patient,
        )
    for patient in time.index[time.isna() != event_type.isna()]:
        problems.warning(
            f"endpoint: {'the time' if pd.isna(time[patient]) else 'the kind of event'} is missing,"
            " so that the outcome is unknown",
            where if pd.isna(time[patient]) else column,
            "add it",
            patient,
        )
    time = time.where(time >= 0)
    label = label_at_horizon(
        time,
        event_type,
        horizon=horizon,
        event=endpoint.event,
        tolerated=tolerated if tolerance else None,
    )
    _shortly_before(short, event_type, label=label, horizon=horizon, problems=problems, where=where)
    found = pd.DataFrame(
        {"label": label, "time_months": time, "event_type": event_type}, index=table.index
    )
    return found.assign(tolerated_months=tolerated) if tolerance else found


def _shortly_before(
    days: pd.Series,
    event_type: pd.Series,
    label: pd.Series,
    horizon: float,
    problems: Problems,
    where: str,
) -> None:
    """Report of patients whose outcome is unknown for want of some days of follow-up.

    They are patients without an event. days: from the last visit to the horizon.
    """
    near = list(
        days.index[
            (event_type == "censored") & label.isna() & (days > 0) & (days <= SHORTLY_BEFORE_DAYS)
        ]
    )
    if near:
        counts = np.ceil(days[near].round(6)).astype(int)
        names = [f"{patient} ({counted(count, 'day')} before)" for patient, count in counts.items()]
        problems.warning(
            f"endpoint: {counted(len(near), 'event-free patient was', 'event-free patients were')}"
            f" last seen within {SHORTLY_BEFORE_DAYS} days before the horizon of"
            f" {counted(f'{horizon:g}', 'month')}, and their outcome counts as unknown:"
            f" {listed(names, 5)}",
            where,
            "if that was the visit planned for the horizon, endpoint.horizon_tolerance_days in the"
            " study file counts them as event-free, and the article says so",
        )


def _durations(values: pd.Series, endpoint: Endpoint, problems: Problems, where: str) -> pd.Series:
    time = pd.to_numeric(values, errors="coerce")
    blank = values.isna() | (values.astype("string").str.strip() == "").fillna(False)
    texts = _texts(values)
    for patient in values.index[~blank & ~(time >= 0)]:
        problems.error(
            f"endpoint: '{texts[patient]}' must be {endpoint.time_unit} >= 0",
            where,
            "correct it, or leave it empty if it is unknown; "
            "a code for a missing value is named under `missing:` in the dictionary",
            patient,
        )
    months = time.where(np.isfinite(time)) * MONTHS_IN[endpoint.time_unit]
    if months.notna().any() and months.median() > LONGEST_MEDIAN_MONTHS:
        likely = "days" if endpoint.time_unit == "months" else f"no {endpoint.time_unit}"
        problems.warning(
            f"endpoint: half of the patients were followed for more than"
            f" {counted(f'{months.median() / 12:.0f}', 'year')}",
            where,
            f"if these are {likely}, say so as endpoint.time_unit",
        )
    return months
