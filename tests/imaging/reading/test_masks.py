"""DICOM-SEG and RTSTRUCT masks are the NIfTI masks that they were made from; lesions by rule."""

import sys

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import (
    ImageSource,
    MaskSource,
    ReadingError,
    read_image,
    read_lesions,
    read_mask,
)
from analysis.imaging.reading.masks import chosen_segments
from analysis.study import Lesions
from tests.support.dicom_files import oblique, write_segmentation, write_series, write_structures
from tests.support.lesions import SHAPE, lesion


@pytest.fixture(scope="module")
def delineated(tmp_path_factory):
    """An oblique series with two lesions, one with a hole, as NIfTI label map, DICOM-SEG and
    RTSTRUCT."""
    folder, direction = tmp_path_factory.mktemp("masks"), oblique()
    images = write_series(
        folder / "series",
        np.random.default_rng(0).integers(0, 500, SHAPE).astype(np.uint16),
        direction=direction,
        shuffle=2,
    )
    masks = {
        "tumour 1": lesion((4, 9, 9), 6, hole=2.0),
        "tumour 2": lesion((5, 17, 21), 4),
        "liver": lesion((4, 12, 14), 9),
    }
    assert all(mask.sum() > 60 for mask in masks.values())
    assert not (masks["tumour 1"] & masks["tumour 2"]).any()
    write_segmentation(folder / "seg.dcm", images, masks)
    write_structures(folder / "rt.dcm", images[0], masks, direction=direction)
    labels = sitk.GetImageFromArray(masks["tumour 1"] + 2 * masks["tumour 2"])
    labels.CopyInformation(read_image(folder / "series"))
    sitk.WriteImage(labels, str(folder / "labels.nii.gz"))
    return folder, masks


@pytest.mark.parametrize("name", ["seg.dcm", "rt.dcm"])
def test_masks_are_those_of_the_nifti(delineated, name):
    folder, masks = delineated
    source = MaskSource(folder / name, ("tumour*",), image=ImageSource(folder / "series"))
    image = read_image(folder / "series")
    mask = read_mask(source, image)
    assert mask.GetDirection() == image.GetDirection()
    assert mask.GetOrigin() == image.GetOrigin()
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(mask), masks["tumour 1"] | masks["tumour 2"]
    )
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(mask),
        sitk.GetArrayFromImage(read_mask(folder / "labels.nii.gz", image)),
    )
    for each, wanted in masks.items():
        np.testing.assert_array_equal(
            sitk.GetArrayFromImage(read_mask(MaskSource(folder / name, (each,)), image)), wanted
        )


def test_a_folder_with_a_segmentation_is_a_mask(delineated, tmp_path):
    folder, masks = delineated
    (tmp_path / "seg.dcm").write_bytes((folder / "seg.dcm").read_bytes())
    mask = read_mask(MaskSource(tmp_path, (3,)), read_image(folder / "series"))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(mask), masks["liver"])
    (tmp_path / "again.dcm").write_bytes((folder / "rt.dcm").read_bytes())
    with pytest.raises(
        ReadingError, match="must hold one DICOM-SEG or RTSTRUCT file, found again.dcm, seg.dcm"
    ):
        read_mask(MaskSource(tmp_path, (3,)), read_image(folder / "series"))


def test_which_segment_is_meant(tmp_path):
    names = {1: "Liver", 2: "Tumour A", 5: "tumour B"}
    assert chosen_segments(names, ("tumour*",), tmp_path) == [2, 5]
    assert chosen_segments(names, (5, "liver"), tmp_path) == [5, 1]
    with pytest.raises(
        ReadingError,
        match="3 segments; say which is the tumour.*1 'Liver', 2 'Tumour A', 5 'tumour B'",
    ):
        chosen_segments(names, (), tmp_path)
    with pytest.raises(ReadingError, match="no segment is 'spleen'; there are 1 'Liver'"):
        chosen_segments(names, ("spleen",), tmp_path)
    assert chosen_segments({4: "x"}, (), tmp_path) == [4]


@pytest.mark.parametrize("name", ["seg.dcm", "rt.dcm"])
def test_masks_of_another_image_are_refused(delineated, tmp_path, name):
    folder, _ = delineated
    write_series(
        tmp_path / "moved",
        np.zeros(SHAPE, np.uint16),
        origin=(-20.0, 11.0, 38.7),
        direction=oblique(),
    )
    source = MaskSource(folder / name, ("tumour*",))
    with pytest.raises(
        ReadingError, match="lie between those of the image|does not lie on a slice"
    ):
        read_mask(source, read_image(tmp_path / "moved"))
    with pytest.raises(ReadingError, match="another frame of reference"):
        read_mask(
            MaskSource(folder / name, ("tumour*",), image=ImageSource(tmp_path / "moved")),
            read_image(tmp_path / "moved"),
        )
    write_series(tmp_path / "part", np.zeros((3, *SHAPE[1:]), np.uint16), direction=oblique())
    with pytest.raises(ReadingError, match="outside of the image"):
        read_mask(source, read_image(tmp_path / "part"))


def test_a_missing_highdicom_is_named_with_what_to_install(delineated, monkeypatch):
    folder, _ = delineated
    monkeypatch.setitem(sys.modules, "highdicom", None)
    with pytest.raises(
        ReadingError,
        match=(
            r"seg.dcm: reading a DICOM-SEG needs highdicom.*pip install"
            r" 'hcc-early-recurrence\[dicom\]'"
        ),
    ):
        read_mask(MaskSource(folder / "seg.dcm", ("liver",)), read_image(folder / "series"))


def test_lesions_by_rule(delineated):
    folder, masks = delineated
    image = read_image(folder / "series")
    sizes = sorted((int(masks[name].sum()) for name in ("tumour 1", "tumour 2")), reverse=True)

    def voxels(**rule):
        return [
            int(sitk.GetArrayFromImage(mask).sum())
            for mask in read_lesions(
                MaskSource(folder / "labels.nii.gz", lesions=Lesions(**rule)), image
            )
        ]

    assert voxels(rule="mean") == sizes
    assert voxels(rule="mean", least_voxels=sizes[1] + 1) == sizes[:1]
    assert voxels(rule="mean", least_voxels=10**6) == sizes[:1]  # never none at all
    assert sum(voxels(rule="mean", separated_by="pieces", least_voxels=1)) == sum(sizes)
    largest = read_mask(
        MaskSource(folder / "labels.nii.gz", lesions=Lesions(rule="largest")), image
    )
    assert sitk.GetArrayFromImage(largest).sum() == sizes[0]
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(read_mask(MaskSource(folder / "labels.nii.gz", (2,)), image)),
        masks["tumour 2"],
    )
    with pytest.raises(ReadingError, match=r"no voxel of value 7; it has \[0, 1, 2\]"):
        read_mask(MaskSource(folder / "labels.nii.gz", (7,)), image)


def test_a_mask_in_another_direction_is_refused(delineated, tmp_path):
    folder, _ = delineated
    mask = sitk.ReadImage(str(folder / "labels.nii.gz"))
    mask.SetDirection(np.eye(3).ravel())
    sitk.WriteImage(mask, str(tmp_path / "turned.nii.gz"))
    with pytest.raises(ReadingError, match="turned.nii.gz has direction.*must share one grid"):
        read_mask(tmp_path / "turned.nii.gz", read_image(folder / "series"))
