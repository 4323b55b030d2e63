"""What networks see of values with a unit, and of a crop that reaches beyond its image."""

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.crops import is_worth_telling, padded_crop, padding_by_phase, tumour_crop
from analysis.inputs.crops.cohort_crops import GEOMETRY, CropWork
from analysis.study import DeepLearning, NetworkInput

SIDE = 24


def _deep(**settings):
    return DeepLearning(
        reference_phase="a", **{"crop_pixels": 16, "field_of_view_mm": 16, "slices": 1} | settings
    )


def _write(path, values, spacing=(1.0, 1.0, 1.0), direction=None):
    image = sitk.GetImageFromArray(values)
    image.SetSpacing(spacing)
    if direction is not None:
        image.SetDirection(direction)
    sitk.WriteImage(image, str(path))
    return ImageSource(path)


def _case(tmp_path, values, place, spacing=(1.0, 1.0, 1.0)):
    """Image, and a mask of one voxel at `place` (slice, row, column) on its grid."""
    image = _write(tmp_path / "image.nii.gz", values.astype(np.float32), spacing)
    drawn = np.zeros(values.shape, np.uint8)
    drawn[place] = 1
    _write(tmp_path / "mask.nii.gz", drawn, spacing)
    return image, MaskSource(tmp_path / "mask.nii.gz", image=image)


def _noise(shape=(4, 24, 24)):
    return np.random.default_rng(0).gamma(2, 3, shape).astype(np.float32)


@pytest.mark.parametrize(
    ("seen", "same"),
    [
        ({"normalisation": "crop"}, True),
        ({"normalisation": "volume"}, True),
        ({"normalisation": "none"}, False),
        ({"normalisation": "none", "divide_by": 10}, False),
        ({"normalisation": "window", "window": {"low": 1, "high": 30}}, False),
        ({"normalisation": "reference"}, False),
    ],
)
def test_a_factor_is_seen_where_the_scale_is_kept(tmp_path, seen, same):
    values, crops = _noise(), []
    for factor in (1, 3):
        source, mask = _case(tmp_path, factor * values, (1, 12, 12))
        crops.append(tumour_crop([source], mask, _deep(**seen)))
    assert np.allclose(*crops, atol=1e-4) == same


def test_values_are_those_of_the_rule(tmp_path):
    values = _noise()
    source, mask = _case(tmp_path, values, (1, 12, 12))
    # The crop's pixels are the image's voxels, half a voxel on: even sides around one voxel.
    deep = _deep(crop_pixels=17, field_of_view_mm=17)
    around = values[1, 4:21, 4:21]
    inputs = [
        NetworkInput(normalisation="none", divide_by=10),
        NetworkInput(normalisation="window", window={"low": 2, "high": 7}),
        NetworkInput(normalisation="reference"),
        NetworkInput(normalisation="crop"),
    ]
    crop = tumour_crop([source] * 4, mask, deep, inputs)[0]
    np.testing.assert_allclose(crop[0], around / 10, rtol=1e-5)
    np.testing.assert_allclose(crop[1], (np.clip(around, 2, 7) - 2) / 5, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(crop[2], around, rtol=1e-5)
    np.testing.assert_allclose(crop[3], (around - around.mean()) / around.std(), atol=1e-4)


def _corner(tmp_path, **settings):
    """A crop of 17 × 17 pixels around the first voxel of a slice: eight lie beyond, both ways."""
    source, mask = _case(tmp_path, 1 + np.arange(2 * SIDE * SIDE).reshape(2, SIDE, SIDE), (0, 0, 0))
    deep = _deep(crop_pixels=17, field_of_view_mm=17, **{"normalisation": "none"} | settings)
    return padded_crop([source], mask, deep)


def _beyond(padding, tmp_path, **settings):
    return _corner(tmp_path, padding=padding, **settings).values[0, 0]


def test_the_share_beyond_the_image_is_exact(tmp_path):
    assert _corner(tmp_path).beyond == (pytest.approx(1 - 81 / 289),)
    # Two more slices, of which one lies beyond.
    assert _corner(tmp_path, slices=3).beyond == (pytest.approx(1 - 2 / 3 * 81 / 289),)


def test_each_rule_shows_what_it_says(tmp_path):
    plane = 1 + np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    inside = plane[:9, :9]
    constant = _beyond("constant", tmp_path)
    np.testing.assert_array_equal(constant[8:, 8:], inside)
    assert not constant[:8].any()
    assert not constant[:, :8].any()
    np.testing.assert_allclose(_beyond("edge", tmp_path), np.pad(inside, ((8, 0), (8, 0)), "edge"))
    np.testing.assert_allclose(
        _beyond("mirror", tmp_path), np.pad(plane, 8, "symmetric")[:17, :17], rtol=1e-6
    )
    shifted = _corner(tmp_path, padding="shift")
    np.testing.assert_array_equal(shifted.values[0, 0], plane[:17, :17])
    assert shifted.beyond == (0.0,)
    # The share counts what lies beyond, whatever is shown there.
    assert _corner(tmp_path, padding="mirror").beyond == _corner(tmp_path).beyond
    unknown = _beyond("constant", tmp_path, normalisation="reference")
    np.testing.assert_array_equal(np.isnan(unknown), constant == 0)


def test_a_normalised_phase_takes_its_mean_and_spread_from_what_lies_in_the_image(tmp_path):
    edge, constant = (
        _beyond(padding, tmp_path, normalisation="crop") for padding in ("edge", "constant")
    )
    np.testing.assert_allclose(edge[8:, 8:], constant[8:, 8:])
    np.testing.assert_allclose(edge[:8, 8:], np.repeat(constant[8:9, 8:], 8, axis=0))


def test_a_crop_larger_than_its_image_is_moved_as_little_as_possible(tmp_path):
    values = _noise((2, 10, 10))
    source, mask = _case(tmp_path, values, (0, 0, 4))
    deep = _deep(crop_pixels=17, field_of_view_mm=17, normalisation="none", padding="shift")
    crop = padded_crop([source], mask, deep)
    # Seventeen rows and columns hold all ten of the image. The tumour is at column 4 of the image,
    # which may stay in the middle; its row is moved until the image's last row is the crop's.
    assert crop.beyond == (pytest.approx(1 - 100 / 289),)
    np.testing.assert_allclose(crop.values[0, 0, 7:, 4:14], values[0], rtol=1e-5)


def test_a_crop_that_fits_is_not_moved(tmp_path):
    source, mask = _case(tmp_path, _noise(), (1, 12, 12))
    shifted, constant = (
        tumour_crop([source], mask, _deep(padding=padding)) for padding in ("shift", "constant")
    )
    np.testing.assert_array_equal(shifted, constant)


def test_the_edge_of_an_oblique_image_is_that_of_its_nearest_place(tmp_path):
    """A second phase on a turned grid of other voxels, evaluated by SimpleITK where each pixel's
    place, moved to the image's last voxels, lies."""
    _, mask = _case(tmp_path, _noise(), (1, 12, 12))
    turned = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
    other = _write(tmp_path / "b.nii.gz", _noise((3, 10, 12)), (1.5, 1.25, 2.0), turned)
    deep = _deep(normalisation="none", padding="edge", slices=3, crop_pixels=16)
    crop = padded_crop([other], mask, deep)
    assert 0.2 < crop.beyond[0] < 0.9
    image, last = sitk.ReadImage(str(other.path), sitk.sitkFloat32), np.array([11, 9, 2])
    for row, column, plane in np.random.default_rng(1).integers(0, [16, 16, 3], (60, 3)):
        place = (12 - 7.5 + column, 12 - 7.5 + row, float(plane))
        index = np.clip(image.TransformPhysicalPointToContinuousIndex(place), 0, last)
        expected = image.EvaluateAtContinuousIndex(index.tolist(), sitk.sitkLinear)
        assert crop.values[plane, 0, row, column] == pytest.approx(expected, rel=1e-4)


def test_counts_by_phase_and_what_is_worth_telling():
    shares = pd.DataFrame({"a": [0.0, 0.1, 0.2, 0.6], "b": [0.0, 0.0, 0.0, 0.1]})
    first, second = padding_by_phase(shares)
    assert (first.patients, first.over_tenth, first.over_half) == (4, 2, 1)
    assert (first.median, first.lowest, first.highest) == (pytest.approx(0.15), 0.0, 0.6)
    assert (second.over_tenth, second.over_half) == (0, 0)
    assert is_worth_telling(shares)
    assert not is_worth_telling(shares[["b"]])
    many = pd.DataFrame({"a": [0.2] + [0.0] * 19})
    assert not is_worth_telling(many)
    assert is_worth_telling(many.iloc[:19])


def _work(deep, *inputs):
    source = ImageSource("image.nii.gz")
    return CropWork(
        (source,),
        MaskSource("mask.nii.gz", image=source),
        settings=deep,
        inputs=inputs or (deep.every_input,),
        code="",
        folder=None,
    )


def test_settings_of_before_are_digested_as_before():
    assert list(_deep().model_dump()) == [
        *("networks", "reference_phase", "dimensions", "crop_pixels", "field_of_view_mm"),
        *("margin_mm", "slices", "slice_spacing_mm", "normalisation", "clip_percentiles"),
        *("augmentation", "epochs", "batch_size", "learning_rate", "weight_decay", "width"),
        *("members", "class_weights", "schedule", "warmup_epochs", "early_stopping", "precision"),
        *("device", "gradient_checkpointing", "pretrained"),
    ]
    assert GEOMETRY == (
        *("dimensions", "crop_pixels", "field_of_view_mm", "margin_mm", "slices"),
        *("slice_spacing_mm", "normalisation", "clip_percentiles"),
    )
    assert _work(_deep()).later == []
    assert _work(_deep(normalisation="volume")).later == []
    assert _work(_deep(padding="edge")).later
    assert _work(_deep(), NetworkInput(normalisation="none")).later
    assert _work(_deep(), NetworkInput(normalisation="volume")).later


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"normalisation": "window"}, "needs the window, such as window"),
        ({"window": {"low": 0, "high": 1}}, r"window is for normalisation: window \(found: crop\)"),
        ({"divide_by": 10}, r"divide_by is for normalisation: none \(found: crop\)"),
        ({"normalisation": "window", "window": {"low": 1, "high": 1}}, "low must be below high"),
        ({"normalisation": "none", "divide_by": 0}, "greater than 0"),
        ({"normalisation": "none", "clip_percentiles": [1, 99]}, "is for normalisation: crop or"),
    ],
)
def test_scales_that_contradict_themselves(settings, message):
    with pytest.raises(ValueError, match=message):
        _deep(**settings)
