"""Shape features, from PyRadiomics's own mesh, counted by kinds of cubes.

PyRadiomics marches through the cubes of eight voxels and compares every two vertices. A cube adds
what its kind (which of the eight are masked, 256 kinds) adds, and that is asked of PyRadiomics's C
extension once, on an array of one cube.
Definitions: PyRadiomics's shape.py, the values of which these have.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from radiomics import cShape

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.diameters import diameters


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
def _noted(ends, plane, row, column):
    """Notes a vertex of the mesh at an end of its row, in a row that is gone along."""
    if ends[plane, row, 0] < 0:
        ends[plane, row, 0] = column
    ends[plane, row, 1] = column


@compiled
def _surface(mask):
    """Cubes of each kind: their number, and the sums of their places along each axis; and ends.

    Ends are the first and the last vertex of each row of the mesh in half voxels, -1 without one:
    planes × rows × 2 along x, of (z, y), and along y, of (x, z). mask: 0 and 1, its border 0.
    """
    planes, rows, columns = mask.shape
    count, place = np.zeros(256, np.int64), np.zeros((256, 3), np.int64)
    along_x = np.full((2 * planes, 2 * rows, 2), -1, np.int32)
    along_y = np.full((2 * columns, 2 * planes, 2), -1, np.int32)
    for z in range(planes - 1):
        for y in range(rows - 1):
            one, two = mask[z, y], mask[z, y + 1]
            three, four = mask[z + 1, y], mask[z + 1, y + 1]
            before = np.int64(0)
            for x in range(columns - 1):
                at = x + 1
                after = np.int64(one[at] | two[at] << 2 | three[at] << 4 | four[at] << 6)
                kind = before | after << 1
                before = after
                if kind == 0 or kind == 255:
                    continue
                count[kind] += 1
                place[kind, 0] += z
                place[kind, 1] += y
                place[kind, 2] += x
                first = kind & 1
                if kind >> 1 & 1 != first:
                    _noted(along_x, 2 * z, 2 * y, 2 * x + 1)
                    _noted(along_y, 2 * x + 1, 2 * z, 2 * y)
                if kind >> 2 & 1 != first:
                    _noted(along_x, 2 * z, 2 * y + 1, 2 * x)
                    _noted(along_y, 2 * x, 2 * z, 2 * y + 1)
                if kind >> 4 & 1 != first:
                    _noted(along_x, 2 * z + 1, 2 * y, 2 * x)
                    _noted(along_y, 2 * x, 2 * z + 1, 2 * y)
    return count, place, along_x, along_y


@compiled
def _centred(mask, steps, voxels):
    """Places of the masked voxels (mm), centred and over the root of their number; a transpose too.

    Additions have NumPy's order in a mean along the first axis.
    """
    places, turned = np.empty((voxels, 3)), np.empty((3, voxels))
    n = 0
    mean = np.zeros(3)
    for z in range(mask.shape[0]):
        for y in range(mask.shape[1]):
            for x in range(mask.shape[2]):
                if mask[z, y, x]:
                    places[n, 0], places[n, 1] = z * steps[0], y * steps[1]
                    places[n, 2] = x * steps[2]
                    for axis in range(3):
                        mean[axis] += places[n, axis]
                    n += 1
    mean /= voxels
    root = np.sqrt(voxels)
    for n in range(voxels):
        for axis in range(3):
            places[n, axis] = (places[n, axis] - mean[axis]) / root
            turned[axis, n] = places[n, axis]
    return places, turned


def _axes(mask: np.ndarray, steps: np.ndarray, voxels: int) -> np.ndarray:
    """Variances of the masked voxels' places along their principal axes, ascending."""
    places, turned = _centred(mask, steps, voxels)
    axes = np.linalg.eigvals(turned @ places)
    axes[(axes < 0) & (axes > -1e-10)] = 0
    axes.sort()
    return axes


def shape_features(mask: np.ndarray, spacing: tuple[float, float, float]) -> dict[str, float]:
    """Shape features of a mask.

    mask: boolean (z, y, x) with a border of one voxel that isn't masked; spacing: mm, of (x, y, z).
    """
    steps = np.array(spacing[::-1])
    count, place, along_x, along_y = _surface(mask.view(np.uint8))
    surface = float(count @ _surfaces(tuple(steps.tolist())))
    at_origin, growth = _volumes()
    volume = float(count @ at_origin + (place * growth).sum()) * steps.prod()
    slice_, column, row, every = diameters(along_x, along_y, steps)
    voxels = int(np.count_nonzero(mask))
    axes = _axes(mask, steps, voxels)
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
        "VoxelVolume": voxels * (steps[0] * steps[2] * steps[1]),
    }
