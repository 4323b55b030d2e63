"""Why narrow Gaussians are refused: what ITK's Laplacian of Gaussian makes of white noise."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.study.extraction_reach import NARROWEST, WIDEST_PADDING, check_padding, check_sigmas

NOISE = np.random.default_rng(0).normal(size=(24, 24, 24))
INSIDE = (slice(6, -6),) * 3


def by_itk(sigma):
    """PyRadiomics's filter on voxels of 1 mm."""
    laplacian = sitk.LaplacianRecursiveGaussianImageFilter()
    laplacian.SetNormalizeAcrossScale(True)
    laplacian.SetSigma(sigma)
    return sitk.GetArrayFromImage(laplacian.Execute(sitk.GetImageFromArray(NOISE)))[INSIDE]


def exact(sigma):
    """Laplacian of Gaussian of the image that the voxels sample, by its spectrum."""
    frequencies = [2 * np.pi * np.fft.fftfreq(length) for length in NOISE.shape]
    square = sum(np.meshgrid(*[each**2 for each in frequencies], indexing="ij"))
    spectrum = np.fft.fftn(NOISE) * -square * np.exp(-square * sigma**2 / 2)
    return sigma**2 * np.fft.ifftn(spectrum).real[INSIDE]


def neighbours():
    """Difference of each voxel from its six neighbours."""
    sums = sum(np.roll(NOISE, step, axis) for axis in range(3) for step in (-1, 1))
    return (sums - 6 * NOISE)[INSIDE]


def error(sigma):
    return float(np.std(by_itk(sigma) - exact(sigma)) / np.std(exact(sigma)))


def test_narrow_gaussians_are_one_image_the_difference_from_neighbours():
    for sigma in (0.05, 0.1, 0.2):
        alike = np.corrcoef(by_itk(sigma).ravel(), neighbours().ravel())[0, 1]
        assert alike > 0.999
    assert np.std(by_itk(0.1)) / np.std(by_itk(0.05)) == pytest.approx(4, rel=0.05)
    assert error(0.1) > 0.3


def test_a_gaussian_of_a_voxel_is_right():
    assert error(1.0) < 0.05
    assert error(2.0) < 0.05


def test_sigmas_are_held_against_the_finest_side_of_a_voxel():
    check_sigmas([NARROWEST], (1.0, 1.0, 5.0))
    check_sigmas([0.1], (1.0, None, 1.0))  # a side that is not known yet
    with pytest.raises(ValueError, match="0.4 mm lies within one voxel of 1 mm"):
        check_sigmas([2.0, 0.4], (1.0, 1.0, 5.0))


def test_padding_has_a_limit():
    check_padding(WIDEST_PADDING)
    with pytest.raises(ValueError, match="201 voxels around the mask reach beyond the image"):
        check_padding(WIDEST_PADDING + 1)
