"""Tumour regions: all phases on the reference grid around the largest section, whatever grid they came on."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.images import tumour_crop
from analysis.reading import ImageSource, MaskSource
from analysis.study import DeepLearning

SETTINGS = DeepLearning(reference_phase="a", crop_pixels=16, field_of_view_mm=32, slices=3)


def _write(path, array, spacing, origin=(0.0, 0.0, 0.0)):
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    sitk.WriteImage(image, str(path))
    return path


def _crop(images, mask):
    """The mask belongs to the first image."""
    sources = [ImageSource(path) for path in images]
    return tumour_crop(sources, MaskSource(mask, image=sources[0]), SETTINGS)


def _ball(shape, spacing, centre, radius):
    grid = np.indices(shape).astype(float)
    distance = sum(((grid[axis] * spacing[2 - axis]) - centre[2 - axis]) ** 2 for axis in range(3))
    return (distance <= radius**2).astype(np.float32)


def test_phases_of_different_grids_meet_in_one_place(tmp_path):
    centre, coarse, fine = (30.0, 26.0, 24.0), (2.0, 2.0, 4.0), (1.0, 1.0, 2.0)
    mask = _write(tmp_path / "mask.nii.gz", _ball((12, 30, 30), coarse, centre, 8).astype(np.uint8), coarse)
    first = _write(tmp_path / "a.nii.gz", _ball((12, 30, 30), coarse, centre, 8), coarse)
    second = _write(tmp_path / "b.nii.gz", _ball((24, 60, 60), fine, centre, 8), fine)
    crop = _crop([first, second], mask)
    assert crop.shape == (3, 2, 16, 16) and crop.dtype == np.float32
    for channel in range(2):
        middle = crop[1, channel]
        bright = np.argwhere(middle > middle.mean() + middle.std())
        assert np.abs(bright.mean(axis=0) - 7.5).max() < 1.0  # the ball lies in the centre of both
    assert np.corrcoef(crop[:, 0].ravel(), crop[:, 1].ravel())[0, 1] > 0.9


def test_beyond_the_border_is_neutral(tmp_path):
    random = np.random.default_rng(0)
    image = _write(tmp_path / "a.nii.gz", random.normal(50, 5, (6, 8, 8)).astype(np.float32), (2.0, 2.0, 4.0))
    mask = np.zeros((6, 8, 8), np.uint8)
    mask[2, 0, 0] = 1
    crop = _crop([image], _write(tmp_path / "m.nii.gz", mask, (2.0, 2.0, 4.0)))
    assert np.isfinite(crop).all() and (crop[:, :, :6, :6] == 0).all()


def test_empty_mask_is_named(tmp_path):
    image = _write(tmp_path / "a.nii.gz", np.ones((4, 8, 8), np.float32), (1.0, 1.0, 1.0))
    mask = _write(tmp_path / "nothing.nii.gz", np.zeros((4, 8, 8), np.uint8), (1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="nothing.nii.gz is empty"):
        _crop([image], mask)
