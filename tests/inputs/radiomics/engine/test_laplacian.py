"""Laplacians of Gaussians have the bits of ITK's filter, whatever the size, spacing and width."""

import platform

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inputs.radiomics.engine import laplacian as module
from analysis.inputs.radiomics.engine.filters import filtered
from analysis.inputs.radiomics.engine.laplacian import laplacian
from analysis.inputs.radiomics.engine.region import Region
from analysis.study import Extraction

INTEL = platform.machine() in ("x86_64", "AMD64")


def by_itk(image, spacing, sigma):
    whole = sitk.GetImageFromArray(image)
    whole.SetSpacing(spacing)
    return sitk.GetArrayFromImage(
        sitk.LaplacianRecursiveGaussian(whole, sigma, normalizeAcrossScale=True)
    )


@st.composite
def boxes(draw):
    """Shape of an image and a box in it, which may touch its border."""
    shape = draw(st.tuples(*[st.integers(4, 30)] * 3))
    box = []
    for length in shape:
        start = draw(st.integers(0, length - 1))
        box.append(slice(start, draw(st.integers(start + 1, length))))
    return shape, tuple(box)


@settings(max_examples=60, deadline=None)
@given(
    boxes(),
    st.tuples(*[st.floats(0.3, 5)] * 3),
    st.floats(0.4, 6),
    st.sampled_from([1e-3, 1.0, 1e5]),
    st.integers(0, 99),
)
@pytest.mark.skipif(not INTEL, reason="other compilers may fuse operations; ITK is asked there")
def test_its_bits_are_itks(place, spacing, sigma, scale, seed):
    shape, box = place
    image = scale * np.random.default_rng(seed).standard_normal(shape)
    ours = module._laplacian(image, spacing, box, sigma)
    assert ours.dtype == np.float32
    np.testing.assert_array_equal(ours, by_itk(image, spacing, sigma)[box])


@pytest.mark.skipif(not INTEL, reason="other compilers may fuse operations; ITK is asked there")
@pytest.mark.parametrize("shape", [(4, 4, 300), (20, 20, 20), (5, 17, 60)])
def test_more_lines_than_go_side_by_side(shape):
    image = np.random.default_rng(1).standard_normal(shape)
    box = tuple(slice(0, length) for length in shape)
    assert image.size > 3 * module.SIDE_BY_SIDE
    ours = module._laplacian(image, (1.0, 1.0, 1.0), box, 2.0)
    np.testing.assert_array_equal(ours, by_itk(image, (1.0, 1.0, 1.0), 2.0))
    assert module._has_itks_bits()


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_voxel_without_a_number_spoils_the_same_voxels(odd):
    image = np.zeros((6, 7, 8))
    image[3, 3, 3] = odd
    box = (slice(1, 5), slice(0, 7), slice(2, 8))
    with np.errstate(invalid="ignore"):
        ours = laplacian(image, (1.0, 1.0, 1.0), box, 2.0)
    np.testing.assert_array_equal(ours, by_itk(image, (1.0, 1.0, 1.0), 2.0)[box])


def test_itk_is_asked_where_its_bits_are_others(monkeypatch):
    image = np.random.default_rng(2).standard_normal((9, 9, 9))
    asked = []
    monkeypatch.setattr(module, "_has_itks_bits", lambda: False)
    monkeypatch.setattr(
        module, "_by_itk", lambda *of: asked.append(of) or by_itk(of[0], of[1], of[2])
    )
    box = (slice(2, 7), slice(2, 7), slice(2, 7))
    ours = laplacian(image, (1.0, 1.0, 1.0), box, 1.5)
    np.testing.assert_array_equal(ours, by_itk(image, (1.0, 1.0, 1.0), 1.5)[box])
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("shape", "left_out"), [((3, 9, 9), {1.0, 2.0, 9.0}), ((9, 9, 9), {9.0}), ((10, 10, 10), set())]
)
def test_what_pyradiomics_leaves_out_as_too_wide(shape, left_out):
    image = np.random.default_rng(3).standard_normal(shape)
    box = tuple(slice(0, length) for length in shape)
    region = Region(image, np.ones(shape, bool), box, (1.0, 1.0, 1.0), True)
    extraction = Extraction(wavelet=None, log_sigma_mm=[1.0, 2.0, 9.0])
    names = [name for name, _, _ in filtered(region, extraction, exact=False)]
    wanted = [
        f"log-sigma-{sigma:.0f}-0-mm-3D" for sigma in (1.0, 2.0, 9.0) if sigma not in left_out
    ]
    assert names == ["original", *wanted]
