"""Mean and standard deviation of a whole image have the bits of ITK's StatisticsImageFilter."""

import platform

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.imaging.itk_threads import one_itk_thread
from analysis.inputs.radiomics.engine import whole_image as module
from analysis.inputs.radiomics.engine.whole_image import mean_and_sd

INTEL = platform.machine() in ("x86_64", "AMD64")
FUSED = pytest.mark.skipif(
    not INTEL, reason="other compilers may fuse operations; ITK is asked there"
)
KINDS = {
    "noise": lambda random, shape: random.normal(0, 1, shape),
    "beside zero": lambda random, shape: random.normal(1e6, 1e-3, shape),
    "of all sizes": lambda random, shape: (
        random.choice([-1, 1], shape) * 2.0 ** random.integers(-60, 60, shape)
    ),
    "32 bits": lambda random, shape: random.normal(300, 80, shape).astype(np.float32),
    "whole": lambda random, shape: random.integers(-1000, 4000, shape),
    "whole, one is not": lambda random, shape: np.where(
        np.arange(np.prod(shape)).reshape(shape) == np.prod(shape) - 1,
        0.5,
        random.integers(0, 9, shape),
    ),
    "whole, squares beyond 53 bits": lambda random, shape: random.integers(0, 2**40, shape),
    "beyond the largest": lambda random, shape: random.normal(0, 1e200, shape),
    "one level": lambda random, shape: np.full(shape, 103.7),
}


def itks(values):
    with one_itk_thread():
        whole = sitk.StatisticsImageFilter()
        whole.Execute(sitk.GetImageFromArray(values))
    return whole.GetMean(), whole.GetSigma()


@FUSED
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.tuples(*[st.integers(1, 20)] * 3),
    st.integers(0, 99),
)
def test_its_bits_are_itks(kind, shape, seed):
    values = np.asarray(KINDS[kind](np.random.default_rng(seed), shape), np.float64)
    ours = module._mean_and_sd(values.ravel())
    np.testing.assert_array_equal(ours, itks(values))
    assert module._has_itks_bits()


@FUSED
@pytest.mark.parametrize("count", [2, 3, 4, 7, 60])
def test_bits_of_few_voxels(count):
    """Their sums lie half-way between two numbers as often as anywhere."""
    random = np.random.default_rng(count)
    for values in random.normal(0, 1, (300, 1, 1, count)):
        np.testing.assert_array_equal(module._mean_and_sd(values.ravel()), itks(values))


@FUSED
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_bits_of_an_image_of_usual_size(kind):
    values = np.asarray(KINDS[kind](np.random.default_rng(7), (40, 100, 101)), np.float64)
    np.testing.assert_array_equal(module._mean_and_sd(values.ravel()), itks(values))


def test_whole_numbers_are_told_from_others():
    whole = np.random.default_rng(0).integers(-50, 50, 1003).astype(float)
    assert module._sums_of_whole_numbers(whole) == (whole.sum(), (whole**2).sum(), True)
    for place in (0, 500, 999, 1000, 1002):
        for odd in (0.5, 1e-300, 7 - 2.0**-40, np.nan):
            values = whole.copy()
            values[place] = odd
            assert not module._sums_of_whole_numbers(values)[2], (place, odd)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_voxel_without_a_number_leaves_no_deviation(odd):
    values = np.zeros((6, 7, 8))
    values[3, 3, 3] = odd
    assert np.isnan(mean_and_sd(sitk.GetImageFromArray(values))[1])


def test_itk_is_asked_where_its_bits_are_others(monkeypatch):
    image = sitk.GetImageFromArray(np.random.default_rng(2).normal(5, 2, (9, 9, 9)))
    ours, asked = mean_and_sd(image), []
    by_itk = module._by_itk
    monkeypatch.setattr(module, "_has_itks_bits", lambda: False)
    monkeypatch.setattr(module, "_by_itk", lambda each: asked.append(each) or by_itk(each))
    np.testing.assert_allclose(mean_and_sd(image), ours, rtol=1e-12)
    assert asked == [image]
