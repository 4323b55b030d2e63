"""Cubic B-spline resampling of a part of an image.

Only the part that is needed is resampled, with the values of ITK's filter.

ITK turns the whole image into spline coefficients first, and evaluates 64 of them a voxel. The
coefficients depend on distant voxels by powers of √3 - 2, so a crop with MARGIN voxels around gives
the same to the last digit, and both steps are separable: one axis after the other. A library
(scipy.ndimage) does either, with another rule at the image's border.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled

# |√3 - 2|^32 = 5e-19: less than rounding.
MARGIN = 32
POLE = np.sqrt(3.0) - 2.0
# ITK's BSplineDecompositionImageFilter sums its first coefficient up to this tolerance.
HORIZON = int(np.ceil(np.log(1e-10) / np.log(abs(POLE))))


@compiled
def _cubic_weights(fraction):
    """Weights (points × 4) of the four coefficients around points `fraction` beyond the second."""
    weights = np.empty((fraction.size, 4))
    for point in range(fraction.size):
        w = fraction[point]
        weights[point, 3] = w * w * w / 6.0
        weights[point, 0] = 1.0 / 6.0 + 0.5 * w * (w - 1.0) - weights[point, 3]
        weights[point, 2] = w + weights[point, 0] - 2.0 * weights[point, 3]
        weights[point, 1] = 1.0 - weights[point, 0] - weights[point, 2] - weights[point, 3]
    return weights


@compiled
def _mirrored_places(first, length):
    """Coefficients (points × 4) that the weights belong to, mirrored at either end of the line."""
    places = np.empty((first.size, 4), np.int64)
    for point in range(first.size):
        for tap in range(4):
            place = first[point] - 1 + tap
            if place < 0:
                place = -place
            if place > length - 1:
                place = 2 * (length - 1) - place
            places[point, tap] = place
    return places


@compiled
def _first_coefficient(row, pole, horizon):
    """Initial value of the causal filter: the sum of the mirrored line, up to ITK's tolerance."""
    length = row.size
    power = pole
    if horizon < length:
        total = row[0]
        for k in range(1, horizon):
            total += power * row[k]
            power *= pole
        return total
    mirrored = pole ** (length - 1)
    total = row[0] + mirrored * row[length - 1]
    mirrored *= mirrored / pole
    for k in range(1, length - 1):
        total += (power + mirrored) * row[k]
        power *= pole
        mirrored /= pole
    return total / (1.0 - power * power)


@compiled
def _to_coefficients(row, pole, horizon):
    """Samples to spline coefficients, in place: Unser's recursive filter, forwards and back."""
    length = row.size
    row[0] = _first_coefficient(row, pole, horizon)
    for k in range(1, length):
        row[k] += pole * row[k - 1]
    row[length - 1] = (pole / (pole * pole - 1.0)) * (pole * row[length - 2] + row[length - 1])
    for k in range(length - 2, -1, -1):
        row[k] = pole * (row[k + 1] - row[k])


@compiled
def _resample_lines(lines, first, fraction, inside, pole, horizon):
    """Spline values of the rows of `lines` at first + fraction; 0 where not inside.

    The rows become spline coefficients first.
    """
    count, length = lines.shape
    points = first.size
    result = np.zeros((count, points))
    weights = _cubic_weights(fraction)
    places = _mirrored_places(first, length)
    gain = (1.0 - pole) * (1.0 - 1.0 / pole)
    row = np.empty(length)
    for line in range(count):
        for k in range(length):
            row[k] = gain * lines[line, k]
        _to_coefficients(row, pole, horizon)
        for point in range(points):
            if inside[point]:
                value = 0.0
                for tap in range(4):
                    value += weights[point, tap] * row[places[point, tap]]
                result[line, point] = value
    return result


def resample(
    values: np.ndarray, coordinates: list[np.ndarray], before: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray | None:
    """Cubic B-spline interpolation at a grid of continuous indices.

    It gives before(`values`) (three axes) at the product of `coordinates`, one array of continuous
    indices an axis.

    before: applied to the crop that is needed. Zero outside the image, as ITK has it. None where
    rounding decides whether a coordinate is outside, or an axis is too short to be filtered: then
    ITK must be asked.
    """
    if min(values.shape) < 4:
        return None
    for length, at in zip(values.shape, coordinates, strict=True):
        if np.any(np.abs(at - (length - 0.5)) < 1e-6) or np.any(np.abs(at + 0.5) < 1e-6):
            return None
    insides = [
        (at >= -0.5) & (at < length - 0.5)
        for length, at in zip(values.shape, coordinates, strict=True)
    ]
    if not all(inside.any() for inside in insides):
        return None
    firsts = [np.floor(at) for at in coordinates]
    lows = [
        max(int(first[inside].min()) - 1 - MARGIN, 0)
        for first, inside in zip(firsts, insides, strict=True)
    ]
    highs = [
        min(int(first[inside].max()) + 3 + MARGIN, length)
        for first, inside, length in zip(firsts, insides, values.shape, strict=True)
    ]
    result = before(values[tuple(slice(low, high) for low, high in zip(lows, highs, strict=True))])
    for axis in (2, 1, 0):
        part = np.ascontiguousarray(np.moveaxis(result, axis, -1))
        at, first = coordinates[axis], firsts[axis]
        lines = _resample_lines(
            part.reshape(-1, part.shape[-1]),
            (first - lows[axis]).astype(np.int64),
            at - first,
            insides[axis],
            POLE,
            HORIZON,
        )
        result = np.moveaxis(lines.reshape(*part.shape[:-1], at.size), -1, axis)
    return np.ascontiguousarray(result)
