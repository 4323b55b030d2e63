"""Time points: several volumes in one series.

They are images that share their places, put in order by time, as a dynamic acquisition stores them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from analysis.core.word_lists import counted
from analysis.imaging.reading.acquisition_times import acquired, date_time, earliest
from analysis.imaging.reading.frames import Frame
from analysis.imaging.reading.headers import ReadingError
from analysis.imaging.reading.stack import SAME_PLACE
from analysis.study.images import SeriesRule

# What makes images at one place other images, not other times; such a series is narrowed by `where`
# before volumes are counted.
KINDS = ("ImageType", "EchoTime", "EchoNumbers", "DiffusionBValue", "InversionTime", "FlipAngle")
# Values that order images in time, the surest first; of the last two, only that they rise with time
# is known.
TIMES = (
    "acquisition time",
    "TemporalPositionTimeOffset",
    "TriggerTime",
    "TemporalPositionIndex",
    "TemporalPositionIdentifier",
)
COUNTS = ("AcquisitionNumber", "InstanceNumber")
PER_SECOND = {"TemporalPositionTimeOffset": 1.0, "TriggerTime": 1000.0}


@dataclass(frozen=True)
class Volumes:
    """Volumes of a series.

    frames: of each volume, in order of time. by: the value that orders them, empty for one volume.
    moments: when each was acquired, None where the header does not say.
    """

    frames: tuple[tuple[Frame, ...], ...]
    by: str
    moments: tuple[datetime | None, ...]

    def __str__(self) -> str:
        """`3 volumes by TriggerTime: 1 (0 s), 2 (+15 s), 3 (+30 s)`."""
        first = self.moments[0]
        after = [
            "" if first is None or each is None else f" ({(each - first).total_seconds():+.3g} s)"
            for each in self.moments
        ]
        listing = ", ".join(f"{number}{when}" for number, when in enumerate(after, start=1))
        return f"{counted(len(self.frames), 'volume')} by {self.by}: {listing}"


def frame_moment(frame: Frame) -> datetime | None:
    """Acquisition time of a frame; a multi-frame file says it of each."""
    own = frame.value("FrameAcquisitionDateTime")
    return (date_time(str(own)) if own else None) or acquired(frame.instance)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _key(name: str) -> Callable[[Frame], Any]:
    return frame_moment if name == "acquisition time" else lambda frame: _number(frame.value(name))


def _places(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Frames by their place along the normal of the first one."""
    row, column = frames[0].orientation
    normal = np.cross(row, column)
    depths = np.array([frame.position @ normal for frame in frames])
    order = np.argsort(depths, kind="stable")
    starts = np.flatnonzero(np.diff(depths[order]) >= SAME_PLACE) + 1
    return [[frames[index] for index in group] for group in np.split(order, starts)]


def _ranks(places: Sequence[Sequence[Frame]], name: str) -> list[list[int]] | None:
    """Order of the frames of each place by a value; None where one lacks it or two share it."""
    key, found = _key(name), []
    for place in places:
        values = [key(frame) for frame in place]
        if any(value is None for value in values) or len(set(values)) < len(values):
            return None
        found.append(sorted(range(len(values)), key=values.__getitem__))
    return found


def _one_kind(places: Sequence[Sequence[Frame]], where: object) -> None:
    for name in KINDS:
        for place in places:
            found = sorted({str(frame.value(name)) for frame in place})
            if len(found) > 1:
                raise ReadingError(
                    f"{where}: the images at one place differ in {name} ({', '.join(found[:6])}),"
                    f" which is no matter of time; choose one with series: where ({name}: …), then"
                    " its volume"
                )


def split_volumes(frames: Sequence[Frame], place: object) -> Volumes:
    """The volumes that frames at the same places make, in order of time. place: named in errors.

    Raises ReadingError where places have different numbers of images, where these differ in kind
    (echo, image type), or where nothing in their headers orders them or two values order them
    differently.
    """
    if any(np.abs(frame.orientation - frames[0].orientation).max() > 1e-3 for frame in frames):
        return Volumes((tuple(frames),), "", (earliest([frame_moment(frame) for frame in frames]),))
    places = _places(frames)
    counts = sorted({len(group) for group in places})
    if counts == [1]:
        return Volumes((tuple(frames),), "", (earliest([frame_moment(frame) for frame in frames]),))
    if len(counts) > 1:
        raise ReadingError(
            f"{place}: some places of the series have {counts[0]} and others"
            f" {counted(counts[-1], 'image')}, so that volumes can't be told apart by counting; an"
            " image is missing (export the series again), or choose with series: where"
        )
    _one_kind(places, place)
    ranks = {name: found for name in TIMES if (found := _ranks(places, name)) is not None}
    if len({str(each) for each in ranks.values()}) > 1:
        raise ReadingError(
            f"{place}: {' and '.join(ranks)} put the volumes of the series in different orders;"
            " choose with series: where"
        )
    ranks = ranks or {name: found for name in COUNTS if (found := _ranks(places, name)) is not None}
    if not ranks:
        raise ReadingError(
            f"{place}: the series has {counted(counts[0], 'image')} at each place and nothing in"
            f" their headers puts these in order ({', '.join((*TIMES, *COUNTS))}); choose with"
            " series: where, such as ImageType"
        )
    by, order = next(iter(ranks.items()))
    volumes = tuple(
        tuple(group[rank[number]] for group, rank in zip(places, order, strict=True))
        for number in range(counts[0])
    )
    return Volumes(volumes, by, _moments(volumes, by, set(ranks)))


def _moments(
    volumes: Sequence[Sequence[Frame]], by: str, ordered: set[str]
) -> tuple[datetime | None, ...]:
    """Acquisition times of volumes; an offset in time is added to the time of a whole series."""
    began = [earliest([frame_moment(frame) for frame in volume]) for volume in volumes]
    if by == TIMES[0]:
        return tuple(began)
    offset = next((name for name in PER_SECOND if name in ordered), None)
    start = earliest(began)
    if offset is None or start is None:
        return (None,) * len(volumes)
    key = _key(offset)
    return tuple(
        start + timedelta(seconds=min(key(frame) for frame in volume) / PER_SECOND[offset])
        for volume in volumes
    )


def frames_of_volume(frames: list[Frame], rule: SeriesRule | None, place: object) -> list[Frame]:
    """The frames that the rule's `volume` means; all of them where it names none.

    Raises ReadingError where there are not so many.
    """
    if rule is None or rule.volume is None:
        return frames
    volumes = split_volumes(frames, place)
    if rule.volume > len(volumes.frames):
        present = volumes if volumes.by else "1 volume"
        raise ReadingError(
            f"{place}: volume: {rule.volume} is wanted, and the series has {present}"
        )
    return list(volumes.frames[rule.volume - 1])
