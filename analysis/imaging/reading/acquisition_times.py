"""Acquisition times of images, by the clocks that DICOM headers have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from pydicom.valuerep import DA, DT, TM

from analysis.imaging.reading.headers import Instance


def day_of(instance: Instance, *keywords: str) -> date | None:
    """The first of these dates that the header has and that is one."""
    for keyword in keywords:
        try:
            found = DA(instance.text(keyword))
        except ValueError:
            continue
        if found is not None:
            return date(found.year, found.month, found.day)
    return None


def _at(day: date | None, time: str) -> datetime | None:
    try:
        clock = TM(time.replace(":", ""))
    except ValueError:
        return None
    if day is None or clock is None:
        return None
    return datetime(
        day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond
    )


def date_time(text: str) -> datetime | None:
    """A value of type DT, in its own time zone; None where it is none."""
    try:
        found = DT(text)
    except ValueError:
        return None
    if found is None:
        return None
    return datetime(
        found.year,
        found.month,
        found.day,
        found.hour,
        found.minute,
        found.second,
        found.microsecond,
    )


def acquired(instance: Instance) -> datetime | None:
    """Acquisition time of the image, None where the header does not say."""
    return date_time(instance.text("AcquisitionDateTime")) or _at(
        day_of(instance, "AcquisitionDate", "SeriesDate", "StudyDate"),
        instance.text("AcquisitionTime"),
    )


def series_began(instance: Instance) -> datetime | None:
    """Start of the series, by its own date and time."""
    return _at(
        day_of(instance, "SeriesDate", "AcquisitionDate", "StudyDate"), instance.text("SeriesTime")
    )


def study_began(instance: Instance) -> datetime | None:
    """Start of the examination; midnight where only its day is known."""
    day = day_of(instance, "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
    return _at(day, instance.text("StudyTime")) or (
        None if day is None else datetime(day.year, day.month, day.day)
    )


def earliest(moments: Sequence[datetime | None]) -> datetime | None:
    """Earliest of the moments that are known; None where none is."""
    return min((each for each in moments if each is not None), default=None)


def by_one_clock(groups: Sequence[Sequence[Instance]]) -> list[datetime | None]:
    """Earliest moment of each group of images, by one clock for all groups.

    The moment is taken by acquisition where every group has that, else by series: moments of two
    clocks can't be compared. All None where neither is there for every group.
    """
    clocks: tuple[Callable[[Instance], datetime | None], ...] = (acquired, series_began)
    for clock in clocks:
        moments = [earliest([clock(instance) for instance in group]) for group in groups]
        if all(moment is not None for moment in moments):
            return moments
    return [None] * len(groups)
