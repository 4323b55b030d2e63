"""Histograms matched by landmarks, against values by hand and an implementation of its own."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.cache import digest
from analysis.imaging.preparation import PreparationError, landmarks, matched, standard_scale
from analysis.imaging.preparation.histogram_matching import PERCENTILES, mapped
from analysis.imaging.reading import (
    ImageSource,
    MaskSource,
    ReadingError,
    image_landmarks,
    read_image,
)
from analysis.imaging.reading.sources import Preparation
from analysis.study.preprocessing import IntensityScale, Preprocessing

SHAPE = (6, 20, 20)
NYUL = Preprocessing(intensity=IntensityScale(method="nyul"))
STANDARD = (0.0, 40.0, 90.0, 140.0, 180.0, 230.0, 280.0, 330.0, 380.0, 430.0, 500.0)


def _image(values):
    image = sitk.GetImageFromArray(np.asarray(values, dtype=np.float64))
    image.SetSpacing((2.0, 2.0, 3.0))
    return image


def _body(seed, scale=1.0):
    """Dark air around a body of skewed intensities, and where the body is."""
    random = np.random.default_rng(seed)
    inside = np.zeros(SHAPE, bool)
    inside[:, 4:16, 4:16] = True
    body = scale * (300 + 40 * random.gamma(2.0, size=SHAPE))
    return np.where(inside, body, random.uniform(0, 5, SHAPE)), inside


def test_landmarks_are_percentiles_of_the_foreground():
    assert PERCENTILES == (1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99)
    values = np.zeros(SHAPE)
    values[0, :10, :10] = np.arange(1, 101).reshape(10, 10)
    mask = (values > 0).astype(np.uint8)
    # Of 1, 2, …, 100 percentile p is 1 + 99 p / 100.
    expected = [1 + 0.99 * each for each in PERCENTILES]
    np.testing.assert_allclose(landmarks(_image(values), _image(mask)), expected)
    body, inside = _body(1)
    np.testing.assert_allclose(
        landmarks(_image(body)), np.percentile(body[inside], PERCENTILES), rtol=1e-12
    )


def test_the_standard_scale_is_the_mean_of_landmarks_on_one_range():
    each = np.array([[10.0, 20.0, 30.0], [0.0, 75.0, 100.0]])
    # The middle lies at 1/2 of the first range and at 3/4 of the second.
    np.testing.assert_allclose(standard_scale(each, 200.0), [0.0, 125.0, 200.0])


def test_mapping_is_linear_between_landmarks_and_goes_on_beyond_them():
    own, standard = np.array([10.0, 20.0, 40.0]), [0.0, 100.0, 120.0]
    values = np.array([10.0, 15.0, 20.0, 30.0, 40.0, 5.0, 50.0])
    found = mapped(values, own, standard)
    np.testing.assert_allclose(found, [0.0, 50.0, 100.0, 110.0, 120.0, -50.0, 130.0])


def test_matching_agrees_with_an_implementation_of_its_own():
    images = [_body(seed, scale) for seed, scale in ((1, 1.0), (2, 3.7), (3, 0.4))]
    each = np.array([landmarks(_image(values)) for values, _ in images])
    standard = standard_scale(each, 500.0)
    # Shah et al.'s two steps, voxel by voxel.
    marks = []
    for values, inside in images:
        own = [np.percentile(values[inside], each) for each in PERCENTILES]
        marks.append([(one - own[0]) / (own[-1] - own[0]) * 500 for one in own])
    by_hand = np.mean(marks, axis=0)
    np.testing.assert_allclose(standard, by_hand)
    values, inside = images[1]
    own = [np.percentile(values[inside], each) for each in PERCENTILES]
    found = sitk.GetArrayFromImage(matched(_image(values), standard))
    for place in [(0, 5, 5), (3, 10, 7), (2, 0, 0), tuple(np.argwhere(values == values.max())[0])]:
        value = values[place]
        piece = int(np.clip(np.searchsorted(own, value) - 1, 0, len(own) - 2))
        slope = (by_hand[piece + 1] - by_hand[piece]) / (own[piece + 1] - own[piece])
        assert found[place] == pytest.approx(by_hand[piece] + slope * (value - own[piece]))


def test_an_image_in_another_unit_is_the_same_afterwards():
    values, _ = _body(4)
    first, other = (
        sitk.GetArrayFromImage(matched(_image(each), STANDARD))
        for each in (values, 12 + 7 * values)
    )
    np.testing.assert_allclose(first, other, atol=1e-9)
    order = np.argsort(values, axis=None)
    assert (np.diff(first.ravel()[order]) >= 0).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda body: np.minimum(body, 350), "percentiles 70 and 80 .* are both 350"),
        (lambda body: np.where(body > 200, 300, body), "percentiles 1 and 10"),
    ],
)
def test_an_image_whose_percentiles_are_equal_is_refused_by_its_file(tmp_path, change, words):
    body, inside = _body(5)
    body = change(body)
    mask = _image(inside.astype(np.uint8))
    if "70" in words:
        words = r"percentiles \d+ and \d+ .* are both 350"
    with pytest.raises(PreparationError, match=words):
        landmarks(_image(body), mask)
    path = tmp_path / "clipped.nii.gz"
    sitk.WriteImage(_image(body), str(path))
    sitk.WriteImage(mask, str(tmp_path / "body.nii.gz"))
    source = ImageSource(path)
    reference = MaskSource(tmp_path / "body.nii.gz", image=source)
    prepared = ImageSource(path, preparation=Preparation(NYUL, reference, standard=STANDARD))
    for reader in (image_landmarks, read_image):
        with pytest.raises(ReadingError, match=r"clipped\.nii\.gz: percentiles"):
            reader(prepared)


def test_a_small_foreground_is_refused():
    mask = np.zeros(SHAPE, np.uint8)
    mask[0, 0, :2] = 1
    with pytest.raises(PreparationError, match="foreground has 2 voxels"):
        landmarks(_image(_body(6)[0]), _image(mask))


def test_a_source_is_read_on_its_scale_and_never_without_one(tmp_path):
    values, _ = _body(7)
    path = tmp_path / "image.nii.gz"
    sitk.WriteImage(_image(values), str(path))
    stored = ImageSource(path)
    unknown = ImageSource(path, preparation=Preparation(NYUL))
    known = ImageSource(path, preparation=Preparation(NYUL, standard=STANDARD))
    found = sitk.GetArrayFromImage(read_image(known))
    np.testing.assert_allclose(found, sitk.GetArrayFromImage(matched(_image(values), STANDARD)))
    np.testing.assert_allclose(image_landmarks(unknown), landmarks(_image(values)))
    with pytest.raises(RuntimeError, match="no standard scale was learnt"):
        read_image(unknown)
    higher = ImageSource(path, preparation=Preparation(NYUL, standard=(*STANDARD[:-1], 501.0)))
    assert len({digest(each) for each in (stored, unknown, known, higher)}) == 4
