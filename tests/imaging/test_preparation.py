"""Bias fields, and intensities on the scale of a reference, on images with known answers."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.cache import digest
from analysis.imaging.itk_threads import one_itk_thread
from analysis.imaging.preparation import PreparationError, bias_field, on_scale
from analysis.imaging.preparation.intensity_scale import white_stripe
from analysis.imaging.reading import ImageSource, MaskSource, ReadingError, read_image
from analysis.imaging.reading.sources import Preparation
from analysis.study.preprocessing import BiasCorrection, IntensityScale, Preprocessing

SHAPE = (16, 48, 56)
QUICK = BiasCorrection(shrink=2, iterations=[40, 40])


def _image(values, spacing=(2.0, 2.0, 3.0)):
    image = sitk.GetImageFromArray(np.asarray(values, dtype=np.float64))
    image.SetSpacing(spacing)
    return image


def _body():
    _, y, x = np.indices(SHAPE)
    return ((x - 28) / 25) ** 2 + ((y - 24) / 21) ** 2 < 1


def _biased():
    """A body of two tissues, the field over it, and what a scanner would show."""
    z, y, x = np.indices(SHAPE)
    tissue = np.where((x // 8 + y // 8 + z // 4) % 2 == 0, 140.0, 100.0)
    field = np.exp(0.4 * np.sin(x / 40 + 0.3) * np.cos(y / 45))
    noise = np.random.default_rng(1).normal(0, 1, SHAPE)
    return tissue, field, np.where(_body(), tissue * field, 0) + noise


def _spread(values):
    return values.std() / values.mean()


def test_n4_removes_a_smooth_field_that_is_known():
    tissue, field, seen = _biased()
    found = bias_field(_image(seen), QUICK).values(SHAPE)
    inside = _body()
    assert _spread(field[inside]) > 0.06
    assert _spread((found / field)[inside]) < 0.01
    corrected = sitk.GetArrayFromImage(bias_field(_image(seen), QUICK).removed_from(_image(seen)))
    bright = inside & (tissue == 140)
    assert _spread(corrected[bright]) < 0.2 * _spread(seen[bright])


def test_a_field_is_itks_own_and_has_the_same_bytes_twice():
    image = _image(_biased()[2])
    first, again = bias_field(image, QUICK), bias_field(image, QUICK)
    assert first.logarithm.tobytes() == again.logarithm.tobytes()
    with one_itk_thread():
        whole = sitk.Cast(image, sitk.sitkFloat32)
        inside = sitk.And(whole > 0, sitk.OtsuThreshold(whole, 0, 1, 200))
        fit = sitk.N4BiasFieldCorrectionImageFilter()
        fit.SetMaximumNumberOfIterations(QUICK.iterations)
        fit.Execute(*(sitk.Shrink(each, [2, 2, 2]) for each in (whole, inside)))
        theirs = sitk.GetArrayFromImage(fit.GetLogBiasFieldAsImage(whole))
    np.testing.assert_allclose(np.log(first.values(SHAPE)), theirs, atol=2e-5)


def test_an_image_with_nothing_to_fit_on_is_refused():
    nothing = np.zeros(SHAPE)
    nothing[4:6, 4:6, 4:6] = 5
    with pytest.raises(PreparationError, match="to fit a field on"):
        bias_field(_image(nothing), QUICK)


def _organ():
    values = np.random.default_rng(2).normal(400, 30, SHAPE)
    mask = np.zeros(SHAPE, np.uint8)
    mask[4:8, 10:20, 10:20] = 1
    values[mask > 0] += 100
    outline = sitk.GetImageFromArray(mask)
    outline.SetSpacing((2.0, 2.0, 3.0))
    return values, mask > 0, outline


def test_an_organ_is_the_scale_exactly():
    values, inside, outline = _organ()
    settings = IntensityScale(method="organ", mask="{patient_id}")
    found = sitk.GetArrayFromImage(on_scale(_image(values), settings, outline))
    assert found[inside].mean() == pytest.approx(0, abs=1e-9)
    assert found[inside].std() == pytest.approx(100)
    share = IntensityScale(method="organ", mask="{patient_id}", by="percentile", scale=1)
    found = sitk.GetArrayFromImage(on_scale(_image(values), share, outline))
    np.testing.assert_allclose(found, values / np.median(values[inside]))
    # Another gain and another offset of the scanner give the same intensities.
    other = sitk.GetArrayFromImage(on_scale(_image(3 * values + 50), settings, outline))
    first = sitk.GetArrayFromImage(on_scale(_image(values), settings, outline))
    np.testing.assert_allclose(other, first, atol=1e-8)


@pytest.mark.parametrize(("peak", "expected"), [("largest", 200.0), ("brightest", 300.0)])
def test_a_white_stripe_lies_around_a_peak_of_the_histogram(peak, expected):
    random = np.random.default_rng(3)
    values = np.concatenate([random.normal(200, 8, 6000), random.normal(300, 8, 3000)])
    stripe = white_stripe(values, IntensityScale(method="white_stripe", peak=peak))
    assert stripe.mean() == pytest.approx(expected, abs=3)
    assert len(stripe) == pytest.approx(0.1 * len(values), rel=0.02)
    image = np.zeros(SHAPE)
    image[2:8].flat[: len(values)] = values
    scaled = sitk.GetArrayFromImage(
        on_scale(_image(image), IntensityScale(method="white_stripe", peak=peak))
    )
    assert abs(scaled[image > 0][np.abs(image[image > 0] - expected) < 1].mean()) < 100


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda values, mask: (values, mask * 0), "0 voxels"),
        (lambda values, mask: (values * 0 + 7, mask), "one value"),
    ],
)
def test_a_reference_that_says_nothing_is_refused(change, words):
    values, inside, _ = _organ()
    values, mask = change(values, inside.astype(np.uint8))
    with pytest.raises(PreparationError, match=words):
        on_scale(
            _image(values),
            IntensityScale(method="organ", mask="{patient_id}"),
            sitk.GetImageFromArray(mask),
        )


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"method": "organ"}, "needs mask"),
        ({"method": "organ", "mask": "spleen.nii"}, "patient_id"),
        ({"method": "white_stripe", "segment": 3}, "there is no mask"),
    ],
)
def test_keys_that_make_no_sense_are_refused(keys, words):
    with pytest.raises(ValueError, match=words):
        IntensityScale(**keys)


def _files(folder):
    values, _, outline = _organ()
    sitk.WriteImage(_image(values), str(folder / "image.nii.gz"))
    sitk.WriteImage(outline, str(folder / "spleen.nii.gz"))
    image = ImageSource(folder / "image.nii.gz")
    settings = Preprocessing(
        bias_correction=QUICK, intensity=IntensityScale(method="organ", mask="{patient_id}")
    )
    reference = MaskSource(folder / "spleen.nii.gz", image=image)
    return image, Preparation(settings, reference, folder / "cache")


def test_reading_corrects_first_and_scales_then_and_keeps_the_field(tmp_path):
    stored, preparation = _files(tmp_path)
    source = ImageSource(stored.path, preparation=preparation)
    found = read_image(source)
    kept = list((tmp_path / "cache" / "bias_fields").rglob("*.pickle"))
    assert len(kept) == 1
    image = sitk.Cast(read_image(stored), sitk.sitkFloat64)
    corrected = bias_field(image, QUICK).removed_from(image)
    assert preparation.settings.intensity is not None
    assert preparation.reference is not None
    mask = sitk.ReadImage(str(preparation.reference.path))
    by_hand = on_scale(corrected, preparation.settings.intensity, mask)
    np.testing.assert_array_equal(*map(sitk.GetArrayFromImage, (found, by_hand)))
    # Without a cache, as for a new patient, the voxels are the same.
    alone = ImageSource(
        stored.path, preparation=Preparation(preparation.settings, preparation.reference)
    )
    assert sitk.Hash(read_image(alone)) == sitk.Hash(found)


def test_keys_of_the_cache_change_with_every_part_and_stay_without_any(tmp_path):
    stored, preparation = _files(tmp_path)
    settings = preparation.settings
    others = [
        None,
        preparation,
        Preparation(settings.model_copy(update={"intensity": None}), None),
        Preparation(settings.model_copy(update={"bias_correction": None}), preparation.reference),
    ]
    found = {digest(ImageSource(stored.path, preparation=each)) for each in others}
    assert len(found) == 4
    assert len(ImageSource(stored.path).content()) == 3
    elsewhere = Preparation(settings, preparation.reference, tmp_path / "other")
    assert digest(ImageSource(stored.path, preparation=elsewhere)) in found


def test_a_fault_names_the_image(tmp_path):
    stored, preparation = _files(tmp_path)
    empty = sitk.ReadImage(str(tmp_path / "spleen.nii.gz")) * 0
    empty[0, 0, 0] = 1
    sitk.WriteImage(empty, str(tmp_path / "spleen.nii.gz"))
    with pytest.raises(ReadingError, match=r"image.nii.gz: its intensity reference has 1 voxel,"):
        read_image(ImageSource(stored.path, preparation=preparation))
