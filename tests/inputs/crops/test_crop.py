"""Tumour regions: all phases on the reference grid around the largest section, whatever grid they
came on."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.crops import mask_crop, tumour_crop
from analysis.study import DeepLearning

SETTINGS = DeepLearning(reference_phase="a", crop_pixels=16, field_of_view_mm=32, slices=3)


def _write(path, array, spacing, origin=(0.0, 0.0, 0.0)):
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    sitk.WriteImage(image, str(path))
    return path


def _sources(images, mask):
    """The mask belongs to the first image."""
    sources = [ImageSource(path) for path in images]
    return sources, MaskSource(mask, image=sources[0])


def _crop(images, mask):
    return tumour_crop(*_sources(images, mask), SETTINGS)


def _ball(shape, spacing, centre, radius):
    grid = np.indices(shape).astype(float)
    distance = sum(((grid[axis] * spacing[2 - axis]) - centre[2 - axis]) ** 2 for axis in range(3))
    return (distance <= radius**2).astype(np.float32)


def test_phases_of_different_grids_meet_in_one_place(tmp_path):
    centre, coarse, fine = (30.0, 26.0, 24.0), (2.0, 2.0, 4.0), (1.0, 1.0, 2.0)
    mask = _write(
        tmp_path / "mask.nii.gz", _ball((12, 30, 30), coarse, centre, 8).astype(np.uint8), coarse
    )
    first = _write(tmp_path / "a.nii.gz", _ball((12, 30, 30), coarse, centre, 8), coarse)
    second = _write(tmp_path / "b.nii.gz", _ball((24, 60, 60), fine, centre, 8), fine)
    crop = _crop([first, second], mask)
    assert crop.shape == (3, 2, 16, 16)
    assert crop.dtype == np.float32
    for channel in range(2):
        middle = crop[1, channel]
        bright = np.argwhere(middle > middle.mean() + middle.std())
        assert np.abs(bright.mean(axis=0) - 7.5).max() < 1.0  # the ball lies in the centre of both
    assert np.corrcoef(crop[:, 0].ravel(), crop[:, 1].ravel())[0, 1] > 0.9


def test_beyond_the_border_is_neutral(tmp_path):
    random = np.random.default_rng(0)
    image = _write(
        tmp_path / "a.nii.gz", random.normal(50, 5, (6, 8, 8)).astype(np.float32), (2.0, 2.0, 4.0)
    )
    mask = np.zeros((6, 8, 8), np.uint8)
    mask[2, 0, 0] = 1
    crop = _crop([image], _write(tmp_path / "m.nii.gz", mask, (2.0, 2.0, 4.0)))
    assert np.isfinite(crop).all()
    assert (crop[:, :, :6, :6] == 0).all()


def test_empty_mask_is_named(tmp_path):
    image = _write(tmp_path / "a.nii.gz", np.ones((4, 8, 8), np.float32), (1.0, 1.0, 1.0))
    mask = _write(tmp_path / "nothing.nii.gz", np.zeros((4, 8, 8), np.uint8), (1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="nothing.nii.gz is empty"):
        _crop([image], mask)


def _block(tmp_path, **settings):
    """A ball off the centre on slices four times as thick as pixels, its crop, and where its mask
    lies in it."""
    spacing = (1.0, 1.0, 4.0)
    ball = _ball((16, 60, 60), spacing, (30.0, 26.0, 28.0), 10)
    mask = _write(tmp_path / "mask.nii.gz", ball.astype(np.uint8), spacing)
    settings = DeepLearning(reference_phase="a", **settings)
    images, delineated = _sources([_write(tmp_path / "a.nii.gz", 100 + 50 * ball, spacing)], mask)
    return tumour_crop(images, delineated, settings), mask_crop(delineated, settings)


def test_a_block_is_as_fine_in_depth_as_in_plane(tmp_path):
    crop, mask = _block(tmp_path, dimensions=3, crop_pixels=32, field_of_view_mm=32)
    assert crop.shape == (32, 1, 32, 32)
    assert mask.shape == (32, 32, 32)
    places = np.argwhere(mask)
    assert np.abs(places.mean(axis=0) - 15.5).max() < 1
    sides = places.max(axis=0) - places.min(axis=0) + 1
    assert all(
        18 <= side <= 24 for side in sides
    )  # a ball of 20 mm, in voxels of 1 mm on every axis
    assert crop[:, 0][mask].mean() > crop[:, 0][~mask].mean() + 1


def test_slices_may_be_spread_and_blocks_be_flat(tmp_path):
    _, spread = _block(tmp_path, crop_pixels=32, field_of_view_mm=32, slices=3, slice_spacing_mm=12)
    assert [bool(plane.any()) for plane in spread] == [False, True, False]
    crop, flat = _block(
        tmp_path, dimensions=3, crop_pixels=32, field_of_view_mm=32, slices=5, slice_spacing_mm=4
    )
    assert crop.shape == (5, 1, 32, 32)
    assert flat.any(axis=(1, 2)).all()


@pytest.mark.parametrize(("dimensions", "slices"), [(2.5, 1), (3, None)])
def test_a_margin_shows_the_whole_tumour_whatever_its_size(tmp_path, dimensions, slices):
    for margin in (5.0, 15.0):
        _, mask = _block(
            tmp_path, dimensions=dimensions, crop_pixels=40, margin_mm=margin, slices=slices
        )
        places = np.argwhere(mask)[:, 1:]
        share = (places.max(axis=0) - places.min(axis=0) + 1) / 40
        # The ball's box is 21 mm wide and 20 mm high; its outermost pixels stand alone and can fall
        # between those of the crop.
        assert share == pytest.approx(21 / (21 + 2 * margin), abs=0.07)


def test_normalisation_by_the_whole_volume_and_clipping(tmp_path):
    random = np.random.default_rng(0)
    volume = random.normal(100, 10, (6, 40, 40)).astype(np.float32)
    volume[:, :5] = 0  # air
    volume[2, 20, 20] = 5000
    image = _write(tmp_path / "a.nii.gz", volume, (1.0, 1.0, 4.0))
    mask = np.zeros((6, 40, 40), np.uint8)
    mask[2, 18:23, 18:23] = 1
    mask = _write(tmp_path / "m.nii.gz", mask, (1.0, 1.0, 4.0))
    settings = {"reference_phase": "a", "crop_pixels": 16, "field_of_view_mm": 16, "slices": 1}
    plain, whole, clipped = (
        tumour_crop(*_sources([image], mask), DeepLearning(**settings, **more))
        for more in (
            {},
            {"normalisation": "volume"},
            {"normalisation": "volume", "clip_percentiles": [1, 99]},
        )
    )
    known = volume[volume != 0]
    assert plain.mean() == pytest.approx(0, abs=1e-5)
    assert plain.std() == pytest.approx(1, abs=1e-5)
    assert whole.max() == pytest.approx(
        (5000 * 0.25 + 100 * 0.75 - known.mean()) / known.std(), rel=0.1
    )
    assert clipped.max() < 3
    assert clipped.min() > -3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"field_of_view_mm": 80, "margin_mm": 10}, "either field_of_view_mm or margin_mm"),
        ({"dimensions": 2}, "must be 2.5"),
        ({"clip_percentiles": [99, 1]}, "the lower must come first"),
        ({"schedule": "cosine", "warmup_epochs": 60}, "fewer than epochs"),
        ({"warmup_epochs": 3}, "one_cycle has a warm-up of its own"),
        (
            {"networks": ["resnet18"], "pretrained": {"resnet50": {"file": "w.pt", "source": "x"}}},
            "resnet50 is none of this study's networks",
        ),
        ({"pretrained": {"resnet18": {"file": "w.pt"}}}, "source"),
    ],
)
def test_settings_that_contradict_each_other(settings, message):
    with pytest.raises(ValueError, match=message):
        DeepLearning(reference_phase="a", **settings)


def test_defaults_follow_the_dimensions():
    flat, block, margin = (
        DeepLearning(reference_phase="a"),
        DeepLearning(reference_phase="a", dimensions=3, crop_pixels=48),
        DeepLearning(reference_phase="a", margin_mm=10),
    )
    assert (flat.slices, flat.field_of_view_mm, block.slices, margin.field_of_view_mm) == (
        3,
        96.0,
        48,
        None,
    )
