"""Times at which phases were acquired, as seconds and days from one another.

No date leaves with the images.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analysis.imaging.reading.acquisition_times import acquired, by_one_clock
from analysis.imaging.reading.examinations import began
from analysis.imaging.reading.headers import Instance
from analysis.imaging.reading.series import Series


@dataclass(frozen=True)
class Times:
    """Times of a phase since the first one, and to treatment.

    seconds, days: of a phase since the first one of the rules, days by the date of its examination.
    to_treatment: days from the examination to the patient's date that the rules name. They are
    empty where the headers, or the file of patients, do not say.
    """

    seconds: str = ""
    days: str = ""
    to_treatment: str = ""


def day_examined(series: Series) -> date | None:
    """Date of an examination: the day on which the series began; None where its header has none."""
    moment = began([series])
    return None if moment is None else moment.date()


def _moments(
    images: Sequence[Sequence[Instance]], volumes: Sequence[tuple[bool, datetime | None]]
) -> list[datetime | None]:
    """Acquisition time of each phase; of one volume among several, its own acquisition time."""
    if all(several and own is not None for several, own in volumes):
        return [own for _, own in volumes]
    found = by_one_clock(images)
    by_acquisition = all(any(acquired(instance) for instance in each) for each in images)
    # A volume's own time is by the clock of acquisition, and is no time by another clock.
    times_of_volumes = [own if by_acquisition else None for _, own in volumes]
    return [
        of_volume if several else moment
        for moment, of_volume, (several, _) in zip(found, times_of_volumes, volumes, strict=True)
    ]


def times_of(
    chosen: Mapping[str, Series],
    images: Mapping[str, Sequence[Instance]],
    volumes: Mapping[str, tuple[bool, datetime | None]],
    treated: date | None,
) -> dict[str, Times]:
    """Times of a patient's phases, by phase.

    images: files of the volume. volumes: whether the series holds several, and when this one was
    acquired.
    """
    if not chosen:
        return {}
    moments = _moments([images[phase] for phase in chosen], [volumes[phase] for phase in chosen])
    days = [day_examined(series) for series in chosen.values()]
    made = {}
    for phase, moment, day in zip(chosen, moments, days, strict=True):
        made[phase] = Times(
            (
                ""
                if moment is None or moments[0] is None
                else f"{(moment - moments[0]).total_seconds():g}"
            ),
            "" if day is None or days[0] is None else str((day - days[0]).days),
            "" if day is None or treated is None else str((treated - day).days),
        )
    return made
