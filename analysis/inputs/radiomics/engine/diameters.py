"""Largest distances of two vertices of a mask's mesh, without the comparison of all pairs.

Only corners of convex outlines can be farthest apart. Own code, as a convex hull of a library
(scipy.spatial) starts from all vertices, and there is one for each of hundreds of planes.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled


@compiled
def _bends(points, last, row, column, side):
    """True if the outline on a side bends inwards on its way to (row, column)."""
    rows = points[last, 1] - points[last - 1, 1], row - points[last - 1, 1]
    columns = points[last, 2] - points[last - 1, 2], column - points[last - 1, 2]
    return side * (rows[0] * columns[1] - columns[0] * rows[1]) <= 0


@compiled
def _corners(ends):
    """Corners of the convex outline of each plane: its side of small columns, then of large.

    They are (plane, row, column), in half voxels, planes ascending. ends: planes × rows × 2.
    """
    planes, rows, _ = ends.shape
    points = np.empty((2 * planes * rows, 3), np.int64)
    size = 0
    for plane in range(planes):
        for end in range(2):
            first, side = size, 1 - 2 * end
            for row in range(rows):
                column = np.int64(ends[plane, row, end])
                if column < 0:
                    continue
                while size - first > 1 and _bends(points, size - 1, row, column, side):
                    size -= 1
                points[size, 0], points[size, 1], points[size, 2] = plane, row, column
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


@compiled
def _in_all(one, two, three):
    """Numbers that are in each of three ascending arrays."""
    found = np.empty(one.size, np.int64)
    size, j, k = 0, 0, 0
    for i in range(one.size):
        number = one[i]
        if i > 0 and number == one[i - 1]:
            continue
        while j < two.size and two[j] < number:
            j += 1
        while k < three.size and three[k] < number:
            k += 1
        if j < two.size and k < three.size and two[j] == number and three[k] == number:
            found[size] = number
            size += 1
    return found[:size]


def diameters(
    along_x: np.ndarray, along_y: np.ndarray, spacing: np.ndarray
) -> tuple[float, float, float, float]:
    """Largest distance of two vertices: with the same z, y, x, and of all.

    along_x: first and last vertex of each row of the mesh along x, in half voxels, by (z, y), -1
    without one; along_y: along y, by (x, z). spacing: mm, of (z, y, x).
    """
    shape = np.array([along_x.shape[0], along_x.shape[1], along_y.shape[0]])
    in_plane, corners = [], []
    for order, ends in (
        ((0, 1, 2), along_x),
        ((1, 0, 2), along_x.transpose(1, 0, 2)),
        ((2, 0, 1), along_y),
    ):
        points = _corners(ends)
        in_plane.append(_farthest_in_planes(points, spacing[list(order)]))
        z, y, x = points.T[np.argsort(order)]
        corners.append(np.sort((z * shape[1] + y) * shape[2] + x))
    places = np.stack(np.unravel_index(_in_all(*corners), shape), axis=1)
    return (*in_plane, _farthest(places, spacing))
