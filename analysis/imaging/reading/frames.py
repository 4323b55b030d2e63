"""Planes of a DICOM series, one a frame, whether a file holds one or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.core.word_lists import counted
from analysis.imaging.reading.headers import Instance, ReadingError, find_value, in_words
from analysis.imaging.reading.series import Series, matches


@dataclass(frozen=True)
class Frame:
    """Geometry and scaling of a frame.

    position: of the first voxel's centre (mm, patient's LPS axes). orientation: direction of rows'
    and of columns' index. spacing: mm between columns and between rows. slope, intercept: from
    stored to real values, None where the header has none.
    """

    instance: Instance
    index: int
    position: np.ndarray
    orientation: np.ndarray
    spacing: tuple[float, float]
    shape: tuple[int, int]
    slope: float | None
    intercept: float | None
    groups: tuple[Any, ...] = ()

    def value(self, keyword: str) -> Any:
        """A value of this frame, else of its file; None if it is in neither, or damaged."""
        try:
            return value_in((*self.groups, self.instance.header), keyword)
        except ValueError:
            return None

    @property
    def name(self) -> str:
        """Name of the file, with the number of the frame where it holds several."""
        frames = int(self.instance.header.get("NumberOfFrames") or 1)
        return self.instance.path.name + (f" frame {self.index + 1}" if frames > 1 else "")


def _holds(value: Any, wanted: Any) -> bool:
    if value is None:
        return False
    try:
        return float(value) == float(wanted)
    except (TypeError, ValueError):
        text = (
            str(value)
            if isinstance(value, (str, int, float)) or not hasattr(value, "__iter__")
            else "\\".join(map(str, value))
        )
        return matches(text, str(wanted))


def value_in(groups: Iterable[Any], keyword: str) -> Any:
    """The first that is found, of groups that begin with the most special."""
    return next(
        (found for group in groups if (found := find_value(group, keyword)) is not None), None
    )


def _frame(instance: Instance, index: int, groups: list[Any]) -> Frame:
    """groups: where the frame's values are looked for, the most special first."""
    position, orientation, spacing = (
        value_in(groups, keyword)
        for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing")
    )
    absent = [
        name
        for name, each in (
            ("ImagePositionPatient", position),
            ("ImageOrientationPatient", orientation),
            ("PixelSpacing", spacing),
        )
        if each is None
    ]
    if absent:
        raise ReadingError(
            f"{instance.path}: the header has no {', '.join(absent)}, so the image has no place in"
            " the patient (a screenshot or a localiser?)"
        )
    slope, intercept = value_in(groups, "RescaleSlope"), value_in(groups, "RescaleIntercept")
    return Frame(
        instance,
        index,
        position=np.array(position, float),
        orientation=np.array(orientation, float).reshape(2, 3),
        spacing=(float(spacing[1]), float(spacing[0])),
        shape=(int(instance.header.Rows), int(instance.header.Columns)),
        slope=None if slope is None else float(slope),
        intercept=None if intercept is None else float(intercept),
        groups=tuple(groups),
    )


def _frames_in(
    instance: Instance, where: Mapping[str, Any], seen: set[tuple[str, str]]
) -> list[Frame]:
    """Planes of one file that have the values of `where`. seen: gets the values that are there."""
    frames, header = [], instance.header
    if int(header.get("SamplesPerPixel") or 1) != 1 or header.get(
        "PhotometricInterpretation", ""
    ).startswith(("RGB", "YBR", "PALETTE")):
        raise ReadingError(
            f"{instance.path}: a colour image ({header.get('PhotometricInterpretation')}); only"
            " images of one value a voxel can be used"
        )
    shared = header.get("SharedFunctionalGroupsSequence")
    each = header.get("PerFrameFunctionalGroupsSequence")
    count = int(header.get("NumberOfFrames") or 1)
    for index in range(count):
        groups = [
            each[index] if each and index < len(each) else None,
            shared[0] if shared else None,
        ]
        # Outside of functional groups one position stands for one plane only.
        groups = [group for group in groups if group is not None] + (
            [header] if count == 1 or not each else []
        )
        values = {keyword: value_in([*groups, header], keyword) for keyword in where}
        seen |= {(keyword, str(value)) for keyword, value in values.items()}
        if all(_holds(values[keyword], wanted) for keyword, wanted in where.items()):
            if count > 1 and not each:
                raise ReadingError(
                    f"{instance.path}: {counted(count, 'frame')} without a position each; only"
                    " enhanced multi-frame images can be used"
                )
            frames.append(_frame(instance, index, groups))
    return frames


def frames_of(series: Series, where: Mapping[str, Any]) -> list[Frame]:
    """Every plane that has the values of `where`.

    Raises ReadingError for colour, or for a plane without geometry.
    """
    frames: list[Frame] = []
    seen: set[tuple[str, str]] = set()
    for instance in series.instances:
        with in_words(instance.path):
            frames += _frames_in(instance, where, seen)
    if not frames:
        found = ", ".join(sorted(f"{keyword} {value}" for keyword, value in seen)[:12])
        raise ReadingError(
            f"{series.instances[0].path.parent}: no image of the series {series} has {dict(where)};"
            f" found {found}"
        )
    return frames
