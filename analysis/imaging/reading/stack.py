"""Planes in order along their normal, and the grid that they make.

Whatever makes them no grid is refused with its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.core.word_lists import counted
from analysis.imaging.reading.frames import Frame
from analysis.imaging.reading.headers import ReadingError, SharedPlaces

# Planes nearer than this are at one place (mm); headers round positions to a hundredth at worst.
SAME_PLACE = 0.01
# How far, as a share of the distance between planes, one may lie from where even planes would put
# it; below that it is rounding.
UNEVEN = 0.05
# Sine of the angle between the planes' normal and their line of centres; a gantry tilted by a tenth
# of a degree has 0.0017.
SHEAR = 0.002


@dataclass(frozen=True)
class Stack:
    """Frames in order, and their grid as SimpleITK has it: direction in columns, x first."""

    frames: tuple[Frame, ...]
    origin: tuple[float, ...]
    spacing: tuple[float, ...]
    direction: tuple[float, ...]


def _alike(frames: list[Frame], place: object) -> None:
    first = frames[0]
    for frame in frames[1:]:
        if np.abs(frame.orientation - first.orientation).max() > 1e-3:
            raise ReadingError(
                f"{place}: mixed orientation: {first.name} and {frame.name} are in different planes"
                " (a localiser in the series?); choose the images with series: where"
            )
        if frame.shape != first.shape:
            raise ReadingError(
                f"{place}: {first.name} has {first.shape[0]} × {first.shape[1]} voxels"
                f" and {frame.name} {frame.shape[0]} × {frame.shape[1]}"
            )
        if not np.allclose(frame.spacing, first.spacing, rtol=1e-3):
            raise ReadingError(
                f"{place}: voxels of {first.name} are {first.spacing} mm wide and those of"
                f" {frame.name} {frame.spacing}"
            )


def _distinct(frames: list[Frame], depths: np.ndarray, place: object) -> None:
    close = np.flatnonzero(np.diff(depths) < SAME_PLACE)
    if len(close) == 0:
        return
    first, second = frames[close[0]], frames[close[0] + 1]
    same = (
        first.instance.text("SOPInstanceUID") == second.instance.text("SOPInstanceUID")
        and first.index == second.index
    )
    kind = ReadingError if same else SharedPlaces
    advice = (
        "they are the same image (SOPInstanceUID) with different contents: delete the wrong one"
        if same
        else (
            "the series holds several volumes (phases, echoes, acquisitions): choose one with"
            " series: where, such as TemporalPositionIdentifier, AcquisitionNumber or EchoNumbers,"
            " or with series: volume, which counts them by time (volume: 2)"
        )
    )
    raise kind(
        f"{place}: duplicate positions ({len(close)}), first {first.name} and {second.name} at"
        f" {depths[close[0]]:.2f} mm along the normal; {advice}"
    )


def stack_frames(frames: list[Frame], place: object) -> Stack:
    """Sort planes and check that they make one grid. place: named in errors.

    Raises ReadingError for mixed orientation, sizes or spacings, planes at one position, a missing
    or unevenly placed plane, planes that are sheared (gantry tilt), and for a single plane.
    """
    if len(frames) < 2:
        raise ReadingError(f"{place}: one slice only ({frames[0].name}); a volume has at least two")
    _alike(frames, place)
    row, column = frames[0].orientation
    if (
        abs(row @ column) > 1e-3
        or abs(np.linalg.norm(row) - 1) > 1e-3
        or abs(np.linalg.norm(column) - 1) > 1e-3
    ):
        raise ReadingError(
            f"{place}: ImageOrientationPatient of {frames[0].name} is no pair of perpendicular unit"
            " vectors"
        )
    normal = np.cross(row, column)
    normal /= np.linalg.norm(normal)
    order = sorted(range(len(frames)), key=lambda index: float(frames[index].position @ normal))
    ordered = [frames[index] for index in order]
    positions = np.array([frame.position for frame in ordered])
    depths = positions @ normal
    _distinct(ordered, depths, place)
    steps = np.diff(depths)
    usual = float(np.median(steps))
    for index in np.flatnonzero(steps > 1.5 * usual):
        raise ReadingError(
            f"{place}: {counted(round(steps[index] / usual) - 1, 'slice')} missing between"
            f" {ordered[index].name} and {ordered[index + 1].name}, {steps[index]:.2f} mm apart"
            f" where slices are {usual:.2f} mm apart; export the series again"
        )
    spacing = float((depths[-1] - depths[0]) / (len(depths) - 1))
    uneven = np.abs(depths - depths[0] - spacing * np.arange(len(depths)))
    if uneven.max() > UNEVEN * spacing + SAME_PLACE:
        worst = int(uneven.argmax())
        raise ReadingError(
            f"{place}: slices are unevenly spaced: {ordered[worst].name} lies {uneven[worst]:.2f}"
            f" mm from where slices {spacing:.3f} mm apart would put it"
        )
    line = positions[-1] - positions[0]
    if np.linalg.norm(line - (line @ normal) * normal) > SHEAR * np.linalg.norm(line) + SAME_PLACE:
        raise ReadingError(
            f"{place}: slices are sheared (gantry tilt): they are not stacked along their normal;"
            " correct the tilt when exporting"
        )
    direction = np.column_stack([row, column, normal])
    return Stack(
        tuple(ordered),
        tuple(map(float, ordered[0].position)),
        (*ordered[0].spacing, spacing),
        tuple(map(float, direction.ravel())),
    )
