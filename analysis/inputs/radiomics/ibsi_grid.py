"""The surroundings of a tumour on the grid of the IBSI: interpolation of image and mask.

IBSI reference manual, image interpolation: the new grid is aligned with the centre of the whole
image, the image is interpolated by splines and the mask linearly, and a voxel belongs to the mask
from one half on. Values of the new grid are computed around the mask alone; they are those that
MIRP has of the whole image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

# The ball of the local intensity peak has a radius of 6.2 mm.
MARGIN_MM = 10.0


@dataclass(frozen=True)
class Surroundings:
    """Part of an image around the tumour. image: intensities; mask: bool; spacing: mm, z y x."""

    image: np.ndarray
    mask: np.ndarray
    spacing: tuple[float, ...]


def surroundings(
    image: np.ndarray,
    mask: np.ndarray,
    spacing: Sequence[float],
    wanted: Sequence[float],
    order: int,
) -> Surroundings:
    """Image and mask around the tumour, with voxels of `wanted` (mm, z y x).

    image, mask: of the same shape, z y x, with voxels of `spacing`. order: 0, 1 or 3.
    Raises ValueError where the mask has no voxel, before or after that.
    """
    if not mask.any():
        raise ValueError("the mask has no voxel")
    old, new = np.array(spacing, dtype=float), np.array(wanted, dtype=float)
    step = new / old
    shape = np.array(image.shape)
    size = np.ceil(shape * (old / new)).astype(int)
    origin = 0.5 * (shape - 1) - 0.5 * (size - 1) * step
    places = np.argwhere(mask)
    low = (places.min(axis=0) - MARGIN_MM / old - origin) / step
    high = (places.max(axis=0) + MARGIN_MM / old - origin) / step
    first = np.clip(np.floor(low).astype(int), 0, size - 1)
    last = np.clip(np.ceil(high).astype(int), 0, size - 1)
    if np.array_equal(old, new):
        box = tuple(slice(start, end + 1) for start, end in zip(first, last, strict=True))
        return Surroundings(image[box].astype(float), mask[box] > 0, tuple(old))
    where = {
        "matrix": np.diag(step),
        "offset": origin + first * step,
        "output_shape": tuple(last - first + 1),
    }
    values = ndimage.affine_transform(image.astype(float), order=order, mode="nearest", **where)
    share = ndimage.affine_transform(mask.astype(float), order=1, mode="constant", **where)
    # Rounded, so that a half is a half.
    inside = np.around(share, 6) >= 0.5
    if not inside.any():
        raise ValueError("nothing is left of the mask after interpolation")
    return Surroundings(values, inside, tuple(new))
