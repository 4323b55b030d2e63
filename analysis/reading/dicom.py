"""A DICOM series as a SimpleITK image. By hand, not by SimpleITK's own series reader: that one sorts without checking for
missing or doubled slices, takes one rescale slope for all slices, and has no geometry of multi-frame images."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.reading.frames import frames_of
from analysis.reading.headers import in_words
from analysis.reading.pixels import frame_values
from analysis.reading.series import Series
from analysis.reading.stack import stack_frames
from analysis.study.images import SeriesRule


def read_series(series: Series, rule: SeriesRule | None = None) -> sitk.Image:
    """The volume of a series (LPS, mm): int32 where all values are whole, int64 where these need it, else float64. Raises ReadingError with the place."""
    with in_words(series.instances[0].path.parent):
        return _volume(series, rule)


def _volume(series: Series, rule: SeriesRule | None) -> sitk.Image:
    first = series.instances[0].path
    place = first if len(series.instances) == 1 else first.parent
    stack = stack_frames(frames_of(series, rule.where if rule else {}), place)
    by_file = sorted(range(len(stack.frames)), key=lambda index: (str(stack.frames[index].instance.path), stack.frames[index].index))
    planes: list[np.ndarray] = [np.empty(0)] * len(stack.frames)
    for index in by_file:
        planes[index] = frame_values(stack.frames[index])
    image = sitk.GetImageFromArray(np.stack(planes))
    image.SetOrigin(stack.origin)
    image.SetSpacing(stack.spacing)
    image.SetDirection(stack.direction)
    return image
