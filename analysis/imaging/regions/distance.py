"""Distance of voxels from the outline of a mask."""

from __future__ import annotations

import numpy as np
from scipy import ndimage


def signed_distance(inside: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """Signed distance in mm from the outline, negative inside.

    It is Euclidean, from a voxel's centre to the nearest centre on the other side of the outline,
    less half of the smallest spacing: so far beyond the outermost centres the outline lies.
    spacing: in the array's order.
    """
    half = min(spacing) / 2
    within = ndimage.distance_transform_edt(np.pad(inside, 1), sampling=spacing)[1:-1, 1:-1, 1:-1]
    without = ndimage.distance_transform_edt(~inside, sampling=spacing)
    return np.where(inside, half - within, without - half)
