"""A DICOM series as a SimpleITK image.

By hand, not by SimpleITK's own series reader: that one sorts without checking for missing or
doubled slices, takes one rescale slope for all slices, and has no geometry of multi-frame images.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.imaging.reading.frames import Frame, frames_of
from analysis.imaging.reading.headers import ReadingError, SharedPlaces, in_words
from analysis.imaging.reading.pixels import frame_values
from analysis.imaging.reading.series import Series
from analysis.imaging.reading.stack import Stack, stack_frames
from analysis.imaging.reading.time_points import frames_of_volume, split_volumes
from analysis.study.images import SeriesRule


def read_series(series: Series, rule: SeriesRule | None = None) -> sitk.Image:
    """Volume of a series (LPS, mm).

    It is int32 where all values are whole, int64 where these need it, else float64. Raises
    ReadingError with the place.
    """
    with in_words(series.instances[0].path.parent):
        return _volume(series, rule)


def place_of(series: Series) -> Path:
    """The file or folder that errors name."""
    first = series.instances[0].path
    return first if len(series.instances) == 1 else first.parent


def stacked(series: Series, rule: SeriesRule | None) -> Stack:
    """Planes of the volume that the rule means, in order, by headers alone.

    Raises ReadingError where they make no grid.
    """
    frames, place = frames_of(series, rule.where if rule else {}), place_of(series)
    try:
        return stack_frames(frames_of_volume(frames, rule, place), place)
    except SharedPlaces as error:
        raise ReadingError(f"{error}{_counted(frames, place)}") from None


def _counted(frames: list[Frame], place: Path) -> str:
    """`; it has 3 volumes by TriggerTime: …`, where the headers put them in order."""
    try:
        return f"; it has {split_volumes(frames, place)}"
    except ReadingError as error:
        return f"; by time they can't be counted: {str(error).removeprefix(f'{place}: ')}"


def _volume(series: Series, rule: SeriesRule | None) -> sitk.Image:
    stack = stacked(series, rule)
    by_file = sorted(
        range(len(stack.frames)),
        key=lambda index: (str(stack.frames[index].instance.path), stack.frames[index].index),
    )
    planes: list[np.ndarray] = [np.empty(0)] * len(stack.frames)
    for index in by_file:
        planes[index] = frame_values(stack.frames[index])
    image = sitk.GetImageFromArray(np.stack(planes))
    image.SetOrigin(stack.origin)
    image.SetSpacing(stack.spacing)
    image.SetDirection(stack.direction)
    return image
