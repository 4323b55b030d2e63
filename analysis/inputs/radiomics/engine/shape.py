"""Shape features.

They come from PyRadiomics's own mesh, counted by kinds of cubes, and its diameters without the
comparison of all pairs.

PyRadiomics marches through the cubes of eight voxels and compares every two vertices. A cube adds
what its kind (which of the eight are masked, 256 kinds) adds, and that is asked of PyRadiomics's C
extension once, on an array of one cube. Only corners of convex outlines can be farthest apart.
Definitions: PyRadiomics's shape.py, the values of which these have.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from radiomics import cShape

from analysis.inputs.radiomics.engine.compiled import compiled


def _cube(kind: int) -> np.ndarray:
    return np.array([kind >> place & 1 for place in range(8)], bool).reshape(2, 2, 2)


def _mesh(mask: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.0, 1.0)) -> tuple[float, float]:
    """Surface and volume of PyRadiomics's mesh, not closed at the array's border."""
    surface, volume, _ = cShape.calculate_coefficients(
        np.ascontiguousarray(mask), np.array(spacing)
    )
    return surface, volume


@lru_cache(maxsize=16)
def _surfaces(spacing: tuple[float, float, float]) -> np.ndarray:
    """Surface (mm²) that a cube of each kind adds; spacing: of (z, y, x)."""
    return np.array([_mesh(_cube(kind), spacing)[0] for kind in range(256)])


@lru_cache(maxsize=1)
def _volumes() -> tuple[np.ndarray, np.ndarray]:
    """Volume that a marching cube of each kind adds to the mesh, in voxels.

    It is what a cube of each kind adds to the volume at the origin, and more of it a step along
    each axis.

    Volumes are sums of determinants of a triangle's corners, so they grow linearly with the place
    of the cube; the growth is that of a second cube in a row, the first having the second's face
    and nothing else.
    """
    at_origin = np.array([_mesh(_cube(kind))[1] for kind in range(256)])
    growth = np.zeros((256, 3))
    for kind in range(256):
        cube = _cube(kind)
        for axis in range(3):
            row = np.concatenate([np.zeros_like(cube.take([0], axis)), cube], axis)
            growth[kind, axis] = _mesh(row)[1] - _mesh(row.take([0, 1], axis))[1] - at_origin[kind]
    return at_origin, growth


@compiled
def _kinds(mask):
    """Number of cubes of each kind, and the sums of their places along each axis."""
    count, place = np.zeros(256, np.int64), np.zeros((256, 3), np.int64)
    for z in range(mask.shape[0] - 1):
        for y in range(mask.shape[1] - 1):
            for x in range(mask.shape[2] - 1):
                kind = (
                    mask[z, y, x]
                    | mask[z, y, x + 1] << 1
                    | mask[z, y + 1, x] << 2
                    | mask[z, y + 1, x + 1] << 3
                    | mask[z + 1, y, x] << 4
                    | mask[z + 1, y, x + 1] << 5
                    | mask[z + 1, y + 1, x] << 6
                    | mask[z + 1, y + 1, x + 1] << 7
                )
                if 0 < kind < 255:
                    count[kind] += 1
                    place[kind, 0] += z
                    place[kind, 1] += y
                    place[kind, 2] += x
    return count, place


@compiled
def _row_ends(mask):
    """First and last vertex of each row of the mesh, in half voxels.

    They are planes × rows, -1 without one; mask: plane, row, column.
    """
    planes, rows, columns = mask.shape
    first, last = (
        np.full((2 * planes, 2 * rows), -1, np.int64),
        np.full((2 * planes, 2 * rows), -1, np.int64),
    )
    for z in range(planes):
        for y in range(rows):
            for x in range(columns):
                for axis in range(3):
                    a, b, c = z + (axis == 0), y + (axis == 1), x + (axis == 2)
                    if a < planes and b < rows and c < columns and mask[z, y, x] != mask[a, b, c]:
                        plane, row, column = z + a, y + b, x + c
                        if first[plane, row] < 0 or column < first[plane, row]:
                            first[plane, row] = column
                        if column > last[plane, row]:
                            last[plane, row] = column
    return first, last


@compiled
def _outline(rows, columns, side):
    """Corners of the convex hull on one side of a set of points.

    Places of the corners of the convex outline on one side (1: smallest columns, -1: largest) of
    points in rows that ascend.
    """
    kept = np.empty(rows.size, np.int64)
    size = 0
    for n in range(rows.size):
        while size > 1:
            a, b = kept[size - 2], kept[size - 1]
            if (
                side
                * (
                    (rows[b] - rows[a]) * (columns[n] - columns[a])
                    - (columns[b] - columns[a]) * (rows[n] - rows[a])
                )
                > 0
            ):
                break
            size -= 1
        kept[size] = n
        size += 1
    return kept[:size]


@compiled
def _corners(first, last):
    """Corners of the convex outline of each plane.

    They are (plane, row, column), in half voxels, planes ascending.
    """
    points = np.empty((2 * first.size, 3), np.int64)
    size = 0
    for plane in range(first.shape[0]):
        rows = np.flatnonzero(first[plane] >= 0)
        if rows.size == 0:
            continue
        for side, ends in ((1, first[plane]), (-1, last[plane])):
            columns = ends[rows]
            kept = _outline(rows, columns, side)
            for n in kept:
                points[size, 0], points[size, 1], points[size, 2] = plane, rows[n], columns[n]
                size += 1
    return points[:size]


@compiled
def _farthest(points, spacing):
    """Largest distance of two points; coordinates in half voxels."""
    largest = 0.0
    for i in range(len(points)):
        for j in range(i):
            total = 0.0
            for axis in range(3):
                step = (points[i, axis] - points[j, axis]) * 0.5 * spacing[axis]
                total += step * step
            largest = max(largest, total)
    return np.sqrt(largest)


@compiled
def _farthest_in_planes(points, spacing):
    """Largest distance between two points in one plane, by which the points are sorted."""
    largest = 0.0
    start = 0
    for stop in range(1, len(points) + 1):
        if stop == len(points) or points[stop, 0] != points[start, 0]:
            for i in range(start, stop):
                for j in range(start, i):
                    row, column = (
                        (points[i, 1] - points[j, 1]) * 0.5 * spacing[1],
                        (points[i, 2] - points[j, 2]) * 0.5 * spacing[2],
                    )
                    largest = max(largest, row * row + column * column)
            start = stop
    return np.sqrt(largest)


def _diameters(mask: np.ndarray, spacing: np.ndarray) -> tuple[float, float, float, float]:
    """Largest distance of two vertices: with the same z, y, x, and of all.

    mask: bordered; spacing: of (z, y, x).
    """
    in_plane, corners = [], []
    for axis in range(3):
        order = (axis, *(other for other in range(3) if other != axis))
        points = _corners(*_row_ends(np.ascontiguousarray(mask.transpose(order))))
        in_plane.append(_farthest_in_planes(points, spacing[list(order)]))
        corners.append({tuple(point) for point in points[:, np.argsort(order)].tolist()})
    both = np.array(sorted(corners[0] & corners[1] & corners[2]))
    return (*in_plane, _farthest(both, spacing))


def shape_features(mask: np.ndarray, spacing: tuple[float, float, float]) -> dict[str, float]:
    """Shape features of a mask.

    mask: boolean (z, y, x) with a border of one voxel that isn't masked; spacing: mm, of (x, y, z).
    """
    steps = np.array(spacing[::-1])
    count, place = _kinds(mask.view(np.uint8))
    surface = float(count @ _surfaces(tuple(steps.tolist())))
    at_origin, growth = _volumes()
    volume = float(count @ at_origin + (place * growth).sum()) * steps.prod()
    slice_, column, row, every = _diameters(mask, steps)
    voxels = np.argwhere(mask)
    physical = voxels * steps
    physical -= physical.mean(axis=0)
    physical /= np.sqrt(len(voxels))
    axes = np.linalg.eigvals(physical.T.copy() @ physical)
    axes[(axes < 0) & (axes > -1e-10)] = 0
    axes.sort()
    with np.errstate(invalid="ignore"):
        least, minor, major = np.where(axes < 0, np.nan, np.sqrt(axes))
    sphere = (36 * np.pi * volume**2) ** (1 / 3)
    return {
        "Elongation": minor / major,
        "Flatness": least / major,
        "LeastAxisLength": 4 * least,
        "MajorAxisLength": 4 * major,
        "Maximum2DDiameterColumn": column,
        "Maximum2DDiameterRow": row,
        "Maximum2DDiameterSlice": slice_,
        "Maximum3DDiameter": every,
        "MeshVolume": volume,
        "MinorAxisLength": 4 * minor,
        "Sphericity": sphere / surface,
        "SurfaceArea": surface,
        "SurfaceVolumeRatio": surface / volume,
        "VoxelVolume": len(voxels) * (steps[0] * steps[2] * steps[1]),
    }
