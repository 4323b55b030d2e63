"""Laplacian of a Gaussian inside a box, with the bits of ITK's recursive filter.

Own code, as ITK filters one line after the other over the whole image, a third of the engine's
time: here many lines go side by side, and of each pass only what the box needs is kept. Between
passes values are rounded to 32 bits, and operations have the order of ITK's
RecursiveSeparableImageFilter and LaplacianRecursiveGaussianImageFilter. Where a build of ITK has
other bits (a processor whose compiler fuses multiplication and addition), ITK itself is asked.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.recursive_gaussian import second_derivative, smoothing
from analysis.inputs.radiomics.engine.region import Box

# Lines that go side by side: their intermediate values stay in the processor's cache.
SIDE_BY_SIDE = 256
# Voxels that ITK's filter must have of a line, and that the recursion looks back.
REACH = 4


@compiled
def _filtered_ends(x, left, there, back, coefficients):
    """First four values of either recursion; beyond its ends a line goes on as it ends."""
    forward, backward, d, before, behind = coefficients
    last = x.shape[0] - 1
    for k in range(min(there.shape[1], x.shape[1] - left)):
        first, end = np.float64(x[0, left + k]), np.float64(x[last, left + k])
        for i in range(REACH):
            at = last - i
            value = x[i, left + k] * forward[0]
            mirrored = x[min(at + 1, last), left + k] * backward[0]
            for j in range(1, REACH):
                value += x[max(i - j, 0), left + k] * forward[j]
                mirrored += x[min(at + j + 1, last), left + k] * backward[j]
            recursion, mirrored_recursion = 0.0, 0.0
            for j in range(1, REACH + 1):
                if j <= i:
                    recursion += there[i - j, k] * d[j - 1]
                    mirrored_recursion += back[at + j, k] * d[j - 1]
                else:
                    recursion += first * before[j - 1]
                    mirrored_recursion += end * behind[j - 1]
            there[i, k] = value - recursion
            back[at, k] = mirrored - mirrored_recursion


@compiled
def _filtered_lines(data, start, stop, coefficients):
    """Voxels `start` to `stop` of filtered lines, in 32 bits; data: blocks × length × lines."""
    blocks, length, lines = data.shape
    result = np.empty((blocks, stop - start, lines), np.float32)
    there, back = np.empty((length, SIDE_BY_SIDE)), np.empty((length, SIDE_BY_SIDE))
    n0, n1, n2, n3 = coefficients[0]
    m1, m2, m3, m4 = coefficients[1]
    d1, d2, d3, d4 = coefficients[2]
    turns = (lines + SIDE_BY_SIDE - 1) // SIDE_BY_SIDE
    for part in range(blocks * turns):
        x = data[part // turns]
        left = part % turns * SIDE_BY_SIDE
        side = min(SIDE_BY_SIDE, lines - left)
        _filtered_ends(x, left, there, back, coefficients)
        for i in range(REACH, stop):
            for k in range(side):
                at = left + k
                there[i, k] = (
                    x[i, at] * n0 + x[i - 1, at] * n1 + x[i - 2, at] * n2 + x[i - 3, at] * n3
                ) - (
                    there[i - 1, k] * d1
                    + there[i - 2, k] * d2
                    + there[i - 3, k] * d3
                    + there[i - 4, k] * d4
                )
        for i in range(length - REACH - 1, start - 1, -1):
            for k in range(side):
                at = left + k
                back[i, k] = (
                    x[i + 1, at] * m1 + x[i + 2, at] * m2 + x[i + 3, at] * m3 + x[i + 4, at] * m4
                ) - (
                    back[i + 1, k] * d1
                    + back[i + 2, k] * d2
                    + back[i + 3, k] * d3
                    + back[i + 4, k] * d4
                )
        for i in range(start, stop):
            for k in range(side):
                result[part // turns, i - start, left + k] = there[i, k] + back[i, k]
    return result


def _along(values: np.ndarray, axis: int, part: slice, coefficients: np.ndarray) -> np.ndarray:
    """Values filtered along an axis, of which `part` is kept."""
    if axis == 2:
        lines = np.ascontiguousarray(values.transpose(0, 2, 1))
        return _filtered_lines(lines, part.start, part.stop, coefficients).transpose(0, 2, 1)
    lines = np.ascontiguousarray(values)
    if axis == 0:
        lines = lines.reshape(1, values.shape[0], -1)
    kept = _filtered_lines(lines, part.start, part.stop, coefficients)
    return kept if axis == 1 else kept.reshape(-1, *values.shape[1:])


def _laplacian(
    image: np.ndarray, spacing: tuple[float, float, float], box: Box, sigma_mm: float
) -> np.ndarray:
    total = np.zeros([each.stop - each.start for each in box], np.float32)
    for direction, step in enumerate(spacing):
        values = _along(image, 2 - direction, box[2 - direction], second_derivative(sigma_mm, step))
        for other, width in enumerate(spacing):
            if other != direction:
                values = _along(values, 2 - other, box[2 - other], smoothing(sigma_mm / width))
        total = (total + values.astype(np.float64) * (1.0 / (step * step))).astype(np.float32)
    return total


def _by_itk(image: np.ndarray, spacing: tuple[float, float, float], sigma_mm: float) -> np.ndarray:
    whole = sitk.GetImageFromArray(image)
    whole.SetSpacing(spacing)
    return sitk.GetArrayFromImage(
        sitk.LaplacianRecursiveGaussian(whole, sigma_mm, normalizeAcrossScale=True)
    )


@cache
def _has_itks_bits() -> bool:
    """True if this machine's build of ITK gives the bits of this module, on a small image."""
    image = np.random.default_rng(0).standard_normal((9, 11, 13))
    spacing, box = (1.1, 0.9, 1.3), (slice(0, 9), slice(0, 11), slice(0, 13))
    ours = _laplacian(image, spacing, box, 2.1)
    return bool(np.array_equal(ours, _by_itk(image, spacing, 2.1)))


def laplacian(
    image: np.ndarray, spacing: tuple[float, float, float], box: Box, sigma_mm: float
) -> np.ndarray:
    """Laplacian of a Gaussian, times sigma², of the voxels in `box`; 32 bits.

    image: float64, (z, y, x), at least four voxels along each axis. spacing: mm, of (x, y, z).
    sigma_mm: standard deviation of the Gaussian. Its bits are those of SimpleITK's
    LaplacianRecursiveGaussian, normalised across scale.
    """
    if _has_itks_bits():
        return _laplacian(image, spacing, box, sigma_mm)
    return _by_itk(image, spacing, sigma_mm)[box]
