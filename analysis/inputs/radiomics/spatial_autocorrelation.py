"""Moran's I and Geary's C of the intensities of a tumour, of all pairs of its voxels.

Definitions: IBSI reference manual, N365 and NPT7. The weight of a pair is the reciprocal of the
distance between its voxels, which depends on their displacement alone, so that sums over all pairs
are convolutions: seconds become milliseconds, and nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import fft


def _weights(spacing: Sequence[float], padded: Sequence[int]) -> np.ndarray:
    """Reciprocal distance (1/mm) of each displacement on the periodic grid; zero of none."""
    squares = np.zeros(tuple(padded))
    for axis, (step, whole) in enumerate(zip(spacing, padded, strict=True)):
        places = np.arange(whole)
        places = np.minimum(places, whole - places)
        squares += np.expand_dims((places * step) ** 2, [a for a in range(3) if a != axis])
    with np.errstate(divide="ignore"):
        weights = 1 / np.sqrt(squares)
    weights[0, 0, 0] = 0
    return weights


def spatial_autocorrelation(
    image: np.ndarray, inside: np.ndarray, spacing: Sequence[float]
) -> tuple[float, float]:
    """Moran's I and Geary's C.

    image: intensities; inside: True in the tumour; spacing: mm, in the order of the axes. Both are
    1 where all intensities are equal, NaN for fewer than two voxels.
    """
    if inside.sum() < 2:
        return float("nan"), float("nan")
    places = np.nonzero(inside)
    box = tuple(slice(each.min(), each.max() + 1) for each in places)
    mask = inside[box].astype(float)
    values = np.where(inside, image, 0.0)[box].astype(float)
    count = float(mask.sum())
    deviation = (values - values.sum() / count) * mask
    squares = float((deviation**2).sum())
    if squares == 0:
        return 1.0, 1.0
    padded = [fft.next_fast_len(2 * size, real=True) for size in mask.shape]
    kernel = fft.rfftn(_weights(spacing, padded))

    def weighted(of: np.ndarray) -> np.ndarray:
        """Sum over all other voxels of the weight times what they have."""
        whole = fft.irfftn(fft.rfftn(of, s=padded) * kernel, s=padded)
        return whole[tuple(slice(size) for size in mask.shape)]

    neighbours = weighted(mask)
    total = float((mask * neighbours).sum())
    products = float((deviation * weighted(deviation)).sum())
    differences = 2 * float((deviation**2 * neighbours).sum()) - 2 * products
    moran = count * products / (total * squares)
    geary = (count - 1) * differences / (2 * total * squares)
    return moran, geary
