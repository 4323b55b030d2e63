"""Mean and standard deviation of a whole image, with the bits of ITK's StatisticsImageFilter.

Own code, as ITK's sums took a third of the engine's time for a tumour of 2 cm. ITK adds voxels in
their order, with Kahan's compensation, and writes every intermediate value to memory; here the same
operations stay in registers. Of whole numbers, which most stored images hold, every sum is exact,
and so the same in any order: they are added many at once. Where a build of ITK has other bits (a
processor whose compiler fuses multiplication and addition), ITK itself is asked.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import SimpleITK as sitk

from analysis.imaging.itk_threads import one_itk_thread
from analysis.inputs.radiomics.engine.compiled import compiled

# Sums that go side by side.
LANES = 8
# From this number on, whole numbers are further apart than 1, and sums of them are rounded.
EXACT = 2.0**53
# Added to a smaller number and taken away again, it leaves that number rounded to a whole one.
ROUNDER = 1.5 * 2.0**52


@compiled
def _sums_of_whole_numbers(values):
    """Sum, sum of squares, and whether all values are whole; stops at the first that is not."""
    total, squares = np.zeros(LANES), np.zeros(LANES)
    rest = values.size - values.size % LANES
    for start in range(0, rest, LANES):
        broken = False
        for lane in range(LANES):
            value = values[start + lane]
            broken |= (value + ROUNDER) - ROUNDER != value
            total[lane] += value
            squares[lane] += value * value
        if broken:
            return 0.0, 0.0, False
    for place in range(rest, values.size):
        value = values[place]
        if (value + ROUNDER) - ROUNDER != value:
            return 0.0, 0.0, False
        total[0] += value
        squares[0] += value * value
    return total.sum(), squares.sum(), True


@compiled
def _compensated_sums(values):
    """Sum and sum of squares, in order and with Kahan's compensation."""
    total, lost, squares, lost_of_squares = 0.0, 0.0, 0.0, 0.0
    for value in values:
        step = value - lost
        after = total + step
        lost = (after - total) - step
        total = after
        step = value * value - lost_of_squares
        after = squares + step
        lost_of_squares = (after - squares) - step
        squares = after
    # ITK adds the sum of its thread to nothing, and what was lost with its sign turned: where that
    # is half a unit in the last place, it matters.
    return total + lost, squares + lost_of_squares


def _sums(values: np.ndarray) -> tuple[float, float]:
    total, squares, whole = _sums_of_whole_numbers(values)
    # A sum of whole numbers is at most that of their squares.
    if whole and squares < EXACT:
        return total, squares
    return _compensated_sums(values)


def _mean_and_sd(values: np.ndarray) -> tuple[float, float]:
    total, squares = _sums(values)
    count = values.size
    if count < 2:
        return total / count, np.nan
    variance = (squares - total * total / count) / (count - 1)
    return total / count, float(np.sqrt(variance)) if variance >= 0 else np.nan


def _by_itk(image: sitk.Image) -> tuple[float, float]:
    whole = sitk.StatisticsImageFilter()
    with one_itk_thread():
        whole.Execute(image)
    return whole.GetMean(), whole.GetSigma()


@cache
def _has_itks_bits() -> bool:
    """True if this machine's build of ITK gives the bits of this module, on a small image."""
    values = np.random.default_rng(0).normal(300, 80, (9, 11, 13))
    return _mean_and_sd(values.ravel()) == _by_itk(sitk.GetImageFromArray(values))


def mean_and_sd(image: sitk.Image) -> tuple[float, float]:
    """Mean and standard deviation (of the sample) of all voxels of a float64 image.

    The standard deviation is not a number where there is one voxel, or a value that is none. The
    bits are those of SimpleITK's StatisticsImageFilter on one thread.
    """
    if _has_itks_bits():
        return _mean_and_sd(sitk.GetArrayViewFromImage(image).ravel())
    return _by_itk(image)
