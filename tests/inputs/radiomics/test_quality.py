"""What each patient's features rest on, and features of hospital files."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource, read_image
from analysis.inputs.radiomics import extract_features, patient_quality
from analysis.inputs.radiomics.quality import THUMBNAIL, thumbnail
from analysis.results.quality import pack, unpack
from analysis.study import Extraction, Lesions, Masks
from tests.support.dicom_files import oblique, write_segmentation, write_series
from tests.support.lesions import SHAPE, lesion

SETTINGS = Extraction(
    log_sigma_mm=[], normalise=False, bin_width=25, bin_count=None, resampled_spacing_mm=None
)


def _files(folder, values: np.ndarray, mask: np.ndarray, spacing=(1.0, 1.0, 2.0)):
    paths = []
    for name, array in (("image", values), ("mask", mask)):
        image = sitk.GetImageFromArray(array)
        image.SetSpacing(spacing)
        paths.append(folder / f"{name}.nii.gz")
        sitk.WriteImage(image, str(paths[-1]))
    return ImageSource(paths[0]), MaskSource(paths[1])


def _values() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 400, SHAPE).astype(np.int16)


def test_a_region_is_pictured_where_its_tumour_is(tmp_path):
    from analysis.imaging.reading.sources import RegionSource
    from analysis.inputs.radiomics.region_thumbnails import region_thumbnail
    from analysis.study.regions import Region

    mask = np.zeros(SHAPE, np.uint8)
    mask[2:6, 8:14, 10:18] = 1
    image, drawn = _files(tmp_path, _values(), mask)
    _, tumour = thumbnail(read_image(image), read_image(drawn.path))

    def shown(**region):
        source = RegionSource("mine", Region(**region), air="none")
        return region_thumbnail(image, replace(drawn, region=source))

    core, ring = shown(core={"margin_mm": 1.5}), shown(ring={"to_mm": 2})
    assert tumour[core > 0].all()
    assert 0 < core.sum() < tumour.sum()
    assert ring.any()
    assert not tumour[ring > 0].any()


def test_numbers_by_hand(tmp_path):
    values, mask = _values(), np.zeros(SHAPE, np.uint8)
    mask[2:6, 8:14, 10:18] = 1
    found = patient_quality(*_files(tmp_path, values, mask), SETTINGS)
    inside = values[mask > 0]
    assert (
        found.voxels,
        found.analysed_voxels,
        found.lesions,
        found.regridded,
        found.warnings,
    ) == (192, 192, 1, False, "")
    assert found.volume_ml == pytest.approx(192 * 2 / 1000)
    assert (found.intensity_low, found.intensity_median, found.intensity_high) == (
        inside.min(),
        np.median(inside),
        inside.max(),
    )
    assert found.grey_levels == len(np.unique(np.floor((inside - inside.min()) / 25)))
    assert (
        found.factor_x,
        found.factor_z,
    ) == (1, 1)
    finer = patient_quality(
        *_files(tmp_path, values, mask),
        SETTINGS.model_copy(update={"resampled_spacing_mm": (1.0, 1.0, 1.0)}),
    )
    assert (finer.factor_x, finer.factor_y, finer.factor_z) == (
        1,
        1,
        2,
    )
    assert finer.analysed_voxels == pytest.approx(2 * 192, rel=0.15)


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (lambda values, mask: (values, mask * (np.indices(SHAPE)[0] == 3)), "mask under 64 voxels"),
        (
            lambda values, mask: (np.where(mask > 0, 7, values).astype(np.int16), mask),
            "one grey level",
        ),
        (
            lambda values, mask: (values, np.roll(mask, -8, axis=1)),
            "mask touches the border of the image",
        ),
        (
            lambda values, mask: (values, mask * (np.indices(SHAPE)[2] != 14)),
            "2 separate pieces in one mask",
        ),
    ],
)
def test_warnings(tmp_path, change, warning):
    mask = np.zeros(SHAPE, np.uint8)
    mask[2:6, 8:14, 10:18] = 1
    values, mask = change(_values(), mask)
    assert (
        patient_quality(*_files(tmp_path, values, mask.astype(np.uint8)), SETTINGS).warnings
        == warning
    )


def test_a_phase_that_does_not_cover_the_tumour_is_said_to(tmp_path):
    mask = np.zeros(SHAPE, np.uint8)
    mask[2:6, 8:14, 10:18] = 1
    reference, drawn = _files(tmp_path, _values(), mask)
    part = sitk.ReadImage(str(reference.path))[:, :, 4:]
    sitk.WriteImage(part, str(tmp_path / "part.nii.gz"))
    moved = ImageSource(tmp_path / "part.nii.gz", resample_to=reference)
    found = patient_quality(moved, MaskSource(drawn.path, image=moved), SETTINGS)
    assert found.regridded
    assert found.warnings == "96 voxels of the mask beyond the border of the image"


def test_the_thumbnail_shows_the_largest_section(tmp_path):
    values, mask = np.zeros(SHAPE, np.int16), np.zeros(SHAPE, np.uint8)
    mask[2, 10:12, 10:12], mask[5, 6:16, 8:20] = 1, 1
    values[5][mask[5] > 0] = 100
    image, drawn = _files(tmp_path, values, mask)
    grey, outline = thumbnail(read_image(image), sitk.ReadImage(str(drawn.path)))
    assert grey.shape == outline.shape == (THUMBNAIL, THUMBNAIL)
    assert set(np.unique(outline)) == {
        0,
        1,
    }
    assert (grey[outline > 0] > 127).mean() > 0.9
    assert np.corrcoef(grey.ravel(), outline.ravel())[0, 1] > 0.9
    rows, columns = np.nonzero(outline)
    assert abs(rows.mean() - 35.5) < 1
    assert abs(columns.mean() - 35.5) < 1
    assert np.ptp(columns) > np.ptp(rows)
    np.testing.assert_array_equal(unpack(pack(grey), THUMBNAIL), grey)


def test_features_of_dicom_files_are_those_of_the_nifti(tmp_path):
    """And of several lesions by rule."""
    masks = {"tumour 1": lesion((4, 9, 9), 6), "tumour 2": lesion((5, 17, 21), 4)}
    images = write_series(tmp_path / "series", _values(), direction=oblique(), intercept=3)
    write_segmentation(tmp_path / "seg.dcm", images, masks)
    image = ImageSource(tmp_path / "series")
    sitk.WriteImage(read_image(image), str(tmp_path / "image.nrrd"))

    def features(rule: str, segment: str = "tumour*") -> dict[str, float]:
        return extract_features(
            image,
            MaskSource(tmp_path / "seg.dcm", (segment,), Lesions(rule=rule, least_voxels=1), image),
            SETTINGS,
        )

    together = sitk.GetImageFromArray(masks["tumour 1"] | masks["tumour 2"])
    together.CopyInformation(read_image(image))
    sitk.WriteImage(together, str(tmp_path / "mask.nrrd"))
    every, first, second = features("all"), features("all", "tumour 1"), features("all", "tumour 2")
    # A text header has fewer digits of the geometry.
    assert every == pytest.approx(
        extract_features(tmp_path / "image.nrrd", tmp_path / "mask.nrrd", SETTINGS), rel=1e-8
    )
    assert features("largest") == first
    mean, largest = features("mean"), features("max")
    for name in (
        "original_shape_VoxelVolume",
        "original_glcm_Contrast",
        "wavelet-LLH_firstorder_Mean",
    ):
        assert mean[name] == pytest.approx((first[name] + second[name]) / 2)
        assert largest[name] == max(first[name], second[name])
    assert every["original_shape_VoxelVolume"] == pytest.approx(
        first["original_shape_VoxelVolume"] + second["original_shape_VoxelVolume"]
    )


def test_what_was_done_to_a_mask_is_counted(tmp_path):
    mask = np.zeros(SHAPE, np.uint8)
    mask[[2, 3, 5, 6], 8:14, 10:18] = 1
    image, drawn = _files(tmp_path, _values(), mask)
    plain = patient_quality(image, drawn, SETTINGS)
    assert (plain.mask_resampled, plain.gaps_filled, plain.voxels) == (False, False, 192)
    filled = patient_quality(image, replace(drawn, masks=Masks(gaps="interpolate")), SETTINGS)
    assert (filled.mask_resampled, filled.gaps_filled, filled.voxels) == (False, True, 240)
    moved = sitk.ReadImage(str(drawn.path))
    moved.SetOrigin((0.4, 0.0, 0.0))
    sitk.WriteImage(moved, str(drawn.path))
    resampled = patient_quality(image, replace(drawn, masks=Masks(resampling="nearest")), SETTINGS)
    assert (resampled.mask_resampled, resampled.gaps_filled, resampled.voxels) == (True, False, 192)
