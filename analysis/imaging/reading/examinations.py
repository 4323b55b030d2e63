"""Examinations of a patient, and the one that phases are taken from, chosen before its series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analysis.core.word_lists import counted
from analysis.imaging.reading.acquisition_times import day_of, earliest, study_began
from analysis.imaging.reading.headers import ReadingError
from analysis.imaging.reading.series import Series
from analysis.imaging.reading.series_listing import after
from analysis.study.images import ExaminationRule


@dataclass(frozen=True)
class Examination:
    """Series of one StudyInstanceUID, or of one day where the rule says so.

    began: None where no header has a date.
    """

    key: str
    series: tuple[Series, ...]
    began: datetime | None

    @property
    def day(self) -> date | None:
        """Date of the examination; None where no header has one."""
        return None if self.began is None else self.began.date()


def study_day(series: Series) -> date | None:
    """StudyDate of the first file that has one."""
    return next(
        (
            day
            for instance in series.instances
            if (day := day_of(instance, "StudyDate")) is not None
        ),
        None,
    )


def began(series: Iterable[Series]) -> datetime | None:
    """Start of the first of these examinations."""
    return earliest([study_began(instance) for each in series for instance in each.instances])


def examinations_of(found: Iterable[Series], one_day: bool = False) -> list[Examination]:
    """Examinations in order of time; those without a date are last.

    Two days are two examinations though an anonymiser gave them one StudyInstanceUID; a series
    without a date is of the day that others of its UID have, where that is one.
    """
    found = list(found)
    days: dict[str, set[date]] = {}
    for series in found:
        days.setdefault(series.instances[0].study, set()).update(
            {day} if (day := study_day(series)) else ()
        )
    groups: dict[str, list[Series]] = {}
    for series in found:
        uid, day = series.instances[0].study, study_day(series)
        if day is None and len(days[uid]) == 1:
            day = next(iter(days[uid]))
        groups.setdefault(str(day) if one_day and day else f"{uid} {day}", []).append(series)
    made = [Examination(key, tuple(members), began(members)) for key, members in groups.items()]
    return sorted(made, key=lambda each: (each.began is None, each.began or datetime.min, each.key))


def list_examinations(examinations: Sequence[Examination]) -> str:
    """A line an examination: days after the first, and its series."""
    first = examinations[0].began
    lines = []
    for number, each in enumerate(examinations, start=1):
        if each.began is None:
            when = "without a date"
        else:
            when = "the first" if number == 1 else after(each.began, first)
        names = ", ".join(
            f"'{series.text('SeriesDescription') or 'no description'}'"
            for series in each.series[:8]
        )
        lines.append(
            f"\n    examination {number} ({when}): {names}"
            + (", …" if len(each.series) > 8 else "")
        )
    return "".join(lines)


def choose_examination(
    found: Sequence[Series],
    rule: ExaminationRule,
    wanted: Callable[[Series], bool],
    day: date | None,
    place: object = "",
) -> Examination | None:
    """Examination that is meant, among those with a series that is wanted.

    It is None where there is none, or for `any`.

    day: the patient's date that the rule names, where there is one. place: what messages begin
    with. Raises ReadingError, listing the examinations, where there are several and the rule can't
    choose, or where the chosen one is too far from `day`.
    """
    if rule.choose == "any":
        return None
    place = f"{place}: " if place else ""
    examinations = [
        each for each in examinations_of(found, rule.one_day) if any(map(wanted, each.series))
    ]
    if not examinations:
        return None
    if rule.choose in ("before", "nearest") and day is None:
        raise ReadingError(
            f"{place}examination: {rule.choose} needs a date, and the column '{rule.date}' has none"
            " for this patient"
        )
    chosen = (
        examinations[0]
        if len(examinations) == 1 and rule.choose != "before"
        else _choose(examinations, rule, day, place)
    )
    if rule.within_days is not None:
        if day is None or chosen.day is None:
            missing = (
                f"the column '{rule.date}' has no date for this patient"
                if day is None
                else "its header has no date"
            )
            raise ReadingError(
                f"{place}whether the examination lies within {counted(rule.within_days, 'day')}"
                f" can't be said: {missing}"
            )
        if abs((day - chosen.day).days) > rule.within_days:
            raise ReadingError(
                f"{place}the examination lies {_distance(chosen.day, day)} the date in"
                f" '{rule.date}', more than within_days: {rule.within_days}"
            )
    return chosen


def _distance(examined: date, day: date) -> str:
    days = (day - examined).days
    return f"{counted(abs(days), 'day')} {'before' if days >= 0 else 'after'}"


def _choose(
    examinations: Sequence[Examination], rule: ExaminationRule, day: date | None, place: str
) -> Examination:
    if rule.choose == "only":
        same = len({each.day for each in examinations}) == 1 and examinations[0].day is not None
        advice = (
            "; they are of one day: examination: {one_day: true} takes them as one" if same else ""
        )
        raise ReadingError(
            f"{place}{counted(len(examinations), 'examination has', 'examinations have')} series"
            " that fit; phases are taken from one, so say which with examination: first, last, or"
            " {choose: before, date:"
            f" …}}{advice}:{list_examinations(examinations)}"
        )
    if any(each.began is None for each in examinations):
        raise ReadingError(
            f"{place}examination: {rule.choose} can't choose, since not all have a"
            f" date:{list_examinations(examinations)}"
        )
    dated = [(each, each.began) for each in examinations if each.began is not None]
    if rule.choose == "before":
        assert day is not None
        dated = [(each, began) for each, began in dated if began.date() <= day]
        if not dated:
            raise ReadingError(
                f"{place}no examination lies before the date in"
                f" '{rule.date}':{list_examinations(examinations)}"
            )
    first, last = dated[0][1], dated[-1][1]
    if rule.choose == "nearest":
        assert day is not None
        least = min(abs((began.date() - day).days) for _, began in dated)
        best = [each for each, began in dated if abs((began.date() - day).days) == least]
    else:
        best = [
            each for each, began in dated if began == (first if rule.choose == "first" else last)
        ]
    if len(best) > 1:
        raise ReadingError(
            f"{place}examination: {rule.choose} can't choose between {len(best)} that fit it"
            " equally; if they are one, examination: {one_day: true} says"
            f" so:{list_examinations(best)}"
        )
    return best[0]
