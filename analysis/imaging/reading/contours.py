"""Area of one structure on one slice, from its closed contours.

DICOM leaves open how several CLOSED_PLANAR contours of a slice combine (PS3.3, C.8.8.6.3), and
programs write holes as a contour inside another. What no program means is told apart here: the same
contour twice is one, an outline that was drawn again a little beside itself is one, and contours
that overlap in part are one area. CLOSEDPLANAR_XOR contours are combined by exclusive or, as the
standard says, but for an identical one, which would empty the slice.

Filled with Matplotlib's test of points in a polygon: rt-utils needs OpenCV and rounds contours to
whole pixels, so that a mask does not come back as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from matplotlib.path import Path as Polygon

from analysis.imaging.reading.slice_ranges import slices_in_words

# Outlines nearer than this to each other (voxels) lie on each other: a tenth of a voxel is below
# what a hand can draw.
TOUCH = 0.1
# Nowhere further apart than this (voxels), two contours are one outline drawn again: the grid holds
# no thinner wall.
REDRAWN = 1.0
# Distance of points along an outline at which it is held against another (voxels).
STEP = 0.5
# A contour inside another that takes more of it than this, or is nowhere further from its outline
# than so many voxels, may be the same outline drawn again, and not a hole.
RIM = 0.8
THIN = 2.0

Relation = Literal["identical", "redrawn", "inside", "around", "apart", "overlapping"]


@dataclass(frozen=True)
class Contour:
    """Contour of a structure.

    number: its place in the file, from 1. kind: ContourGeometricType. place: the slice, from 0.
    points: n × (column, row).
    """

    number: int
    kind: str
    place: int
    points: np.ndarray


@dataclass
class Remarks:
    """Slices (from 1) in which contours were no plain areas and holes."""

    twice: list[int] = field(default_factory=list)
    redrawn: list[int] = field(default_factory=list)
    overlapping: list[int] = field(default_factory=list)
    rims: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    beyond: list[int] = field(default_factory=list)

    def words(self) -> list[str]:
        """The remarks as sentences; none where the contours are plain."""
        texts = (
            (self.twice, "the same contour is there twice in {} and counts once"),
            (
                self.redrawn,
                "a contour is drawn again, at most a voxel apart, in {} and counts once",
            ),
            (self.overlapping, "contours overlap in {} and count as one area"),
            (
                self.rims,
                "a contour lies within another and leaves little of it in {}; it counts as a hole",
            ),
            (
                self.left_out,
                "contours of fewer than three points in {} enclose nothing and are left out",
            ),
            (
                self.beyond,
                "contours run out of the image in {}; what lies outside of it is left out",
            ),
        )
        return [text.format(slices_in_words(places)) for places, text in texts if places]


def fill(points: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Rows × columns: voxels whose centre lies within the contour."""
    plane = np.zeros(shape, bool)
    low = np.maximum(np.floor(points.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 1, (shape[1], shape[0]))
    columns, rows = np.arange(low[0], high[0]), np.arange(low[1], high[1])
    if len(columns) and len(rows):
        grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
        inside = _polygon(points).contains_points(grid)
        plane[low[1] : high[1], low[0] : high[0]] = inside.reshape(len(rows), len(columns))
    return plane


def _polygon(points: np.ndarray) -> Polygon:
    return Polygon(np.vstack([points, points[:1]]), closed=True)


def _outline(points: np.ndarray) -> np.ndarray:
    """Points at most STEP apart along the closed outline."""
    ends = np.roll(points, -1, axis=0)
    steps = np.maximum(np.ceil(np.linalg.norm(ends - points, axis=1) / STEP).astype(int), 1)
    return np.concatenate(
        [
            start + (end - start) * np.arange(count)[:, None] / count
            for start, end, count in zip(points, ends, steps, strict=True)
        ]
    )


def _depth(places: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Distance of places from a contour's outline (voxels), positive within it."""
    starts, edges = points, np.roll(points, -1, axis=0) - points
    lengths = np.maximum((edges**2).sum(axis=1), 1e-12)
    apart = places[:, None] - starts
    along = np.clip((apart * edges).sum(axis=2) / lengths, 0, 1)
    distance = np.sqrt(((apart - along[..., None] * edges) ** 2).sum(axis=2).min(axis=1))
    return np.where(_polygon(points).contains_points(places), distance, -distance)


def _farthest(first: np.ndarray, second: np.ndarray) -> float:
    """The largest distance of either outline from the other (voxels)."""
    return float(
        max(
            np.abs(_depth(_outline(each), other)).max()
            for each, other in ((second, first), (first, second))
        )
    )


def relation(first: np.ndarray, second: np.ndarray) -> Relation:
    """Relation of the second contour to the first (points × 2, voxels).

    Outlines within TOUCH of each other count as lying on each other.
    """
    if (first.min(axis=0) > second.max(axis=0)).any() or (
        second.min(axis=0) > first.max(axis=0)
    ).any():
        return "apart"
    of_second, of_first = _depth(_outline(second), first), _depth(_outline(first), second)
    farthest = max(np.abs(of_second).max(), np.abs(of_first).max())
    if farthest <= REDRAWN:
        return "identical" if farthest <= TOUCH else "redrawn"
    if of_second.min() >= -TOUCH and of_first.max() <= TOUCH:
        return "inside"
    if of_first.min() >= -TOUCH and of_second.max() <= TOUCH:
        return "around"
    return "apart" if max(of_second.max(), of_first.max()) <= TOUCH else "overlapping"


def area(contours: Sequence[Contour], shape: tuple[int, int], remarks: Remarks) -> np.ndarray:
    """Rows × columns: the area of contours on one slice.

    Each identical one counts once, also of CLOSEDPLANAR_XOR; those that overlap in part, or are one
    outline drawn again, are united. Of what is left, an area within another is a hole, one within a
    hole an island; areas beside each other are united, their common edge included. remarks: get the
    slices of what is no plain case.
    """
    place = contours[0].place + 1
    kept: list[Contour] = []
    groups: list[list[int]] = []
    inside: list[
        tuple[int, int]
    ] = []  # of two contours in `kept`, the one that lies within the other
    by_standard = any(contour.kind == "CLOSEDPLANAR_XOR" for contour in contours)
    for contour in contours:
        relations = [relation(other.points, contour.points) for other in kept]
        if "identical" in relations:
            remarks.twice.append(place)
            continue
        new, joined = len(kept), []
        for index, each in enumerate(relations):
            if each in ("overlapping", "redrawn") and not by_standard:
                joined.append(index)
            elif each in ("inside", "around"):
                inside.append((new, index) if each == "inside" else (index, new))
        if joined:
            redrawn = any(relations[index] == "redrawn" for index in joined)
            (remarks.redrawn if redrawn else remarks.overlapping).append(place)
        touched = [group for group in groups if set(group) & set(joined)]
        groups = [group for group in groups if group not in touched]
        groups.append([index for group in touched for index in group] + [new])
        kept.append(contour)
    filled = [
        np.any([fill(kept[index].points, shape) for index in group], axis=0) for group in groups
    ]
    if by_standard:
        return np.logical_xor.reduce(filled)
    of = {index: number for number, group in enumerate(groups) for index in group}
    nested = {(of[inner], of[outer]) for inner, outer in inside if of[inner] != of[outer]}
    if any(filled[inner].sum() > RIM * filled[outer].sum() for inner, outer in nested) or any(
        of[inner] != of[outer] and _farthest(kept[outer].points, kept[inner].points) <= THIN
        for inner, outer in inside
    ):
        remarks.rims.append(place)
    return _nested(filled, nested)


def _nested(filled: Sequence[np.ndarray], nested: set[tuple[int, int]]) -> np.ndarray:
    """Voxels of areas that lie within one another, with their holes.

    The areas are taken from the outermost to the innermost: one within an odd number of others is a
    hole. nested: (inner, outer) of every two areas of which one lies within the other.
    """
    plane = np.zeros_like(filled[0])
    depths = [sum(inner == number for inner, _ in nested) for number in range(len(filled))]
    for number in sorted(range(len(filled)), key=depths.__getitem__):
        plane = plane & ~filled[number] if depths[number] % 2 else plane | filled[number]
    return plane
