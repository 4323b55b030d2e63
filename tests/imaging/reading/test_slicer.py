"""3D Slicer's segmentations: segments by name or label value, layers, and extents cropped to what
was drawn."""

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
from analysis.inputs.checks.images import look_at
from analysis.study import Lesions, Masks
from tests.support.dicom_files import oblique, write_series
from tests.support.nrrd_files import write_slicer

SHAPE = (8, 14, 16)
ONE = [
    {"LabelValue": 1, "Layer": 0, "Name": "liver"},
    {"LabelValue": 2, "Layer": 0, "Name": "tumour"},
]
LAYERS = [
    {"LabelValue": 1, "Layer": 0, "Name": "liver"},
    {"LabelValue": 1, "Layer": 1, "Name": "tumour"},
]


def box(*slices) -> np.ndarray:
    array = np.zeros(SHAPE, np.uint8)
    array[slices] = 1
    return array


TUMOUR, LIVER = (
    box(slice(2, 6), slice(4, 9), slice(5, 12)),
    box(slice(1, 7), slice(2, 12), slice(3, 14)),
)


@pytest.fixture
def image(tmp_path):
    write_series(
        tmp_path / "series",
        np.random.default_rng(1).integers(50, 90, SHAPE).astype(np.uint16),
        direction=oblique(),
    )
    return ImageSource(tmp_path / "series")


def drawn(source: MaskSource, image: ImageSource, said=None) -> np.ndarray:
    return sitk.GetArrayFromImage(read_mask(source, read_image(image), said))


@pytest.mark.parametrize("wanted", ["tumour", "TUM*", 2])
def test_a_segment_of_one_layer_is_named_or_numbered(tmp_path, image, wanted):
    path = write_slicer(
        tmp_path / "a.seg.nrrd", np.where(TUMOUR > 0, 2, LIVER), ONE, direction=oblique()
    )
    np.testing.assert_array_equal(drawn(MaskSource(path, (wanted,)), image), TUMOUR)
    assert look_at(image, MaskSource(path, (wanted,), image=image), None).findings == ()


def test_layers_that_overlap_are_read_by_name(tmp_path, image):
    path = write_slicer(
        tmp_path / "a.seg.nrrd", np.stack([LIVER, TUMOUR]), LAYERS, direction=oblique()
    )
    for name, expected in (("tumour", TUMOUR), ("liver", LIVER)):
        np.testing.assert_array_equal(drawn(MaskSource(path, (name,)), image), expected)
    assert look_at(image, MaskSource(path, ("tumour",), image=image), None).findings == ()
    lesions = read_lesions(
        MaskSource(path, ("*",), Lesions(rule="mean", least_voxels=1)), read_image(image)
    )
    assert [int(sitk.GetArrayFromImage(each).sum()) for each in lesions] == [
        LIVER.sum(),
        TUMOUR.sum(),
    ]
    with pytest.raises(
        ReadingError,
        match=(
            "label values are not unique over its layers, so that segment: must give a name, one or"
            " several of 'liver', 'tumour'"
        ),
    ):
        drawn(MaskSource(path, (1,)), image)


def test_files_without_layers_in_the_header_have_one_a_segment(tmp_path, image):
    path = write_slicer(
        tmp_path / "a.seg.nrrd",
        np.stack([LIVER, TUMOUR]),
        [{"Name": "liver"}, {"Name": "tumour"}],
        direction=oblique(),
    )
    np.testing.assert_array_equal(drawn(MaskSource(path, ("tumour",)), image), TUMOUR)


@pytest.mark.parametrize("layers", [ONE, LAYERS])
def test_several_segments_are_never_taken_together_unasked(tmp_path, image, layers):
    array = np.where(TUMOUR > 0, 2, LIVER) if layers is ONE else np.stack([LIVER, TUMOUR])
    path = write_slicer(tmp_path / "a.seg.nrrd", array, layers, direction=oblique())
    with pytest.raises(
        ReadingError,
        match=(
            "2 segments; say which is the tumour with segment:, one or several of 1 'liver', 2"
            " 'tumour'"
        ),
    ):
        drawn(MaskSource(path), image)
    with pytest.raises(
        ReadingError, match="no segment is 'lesion'; there are 1 'liver', 2 'tumour'"
    ):
        drawn(MaskSource(path, ("lesion",)), image)
    found = look_at(image, MaskSource(path, image=image), None).findings
    assert [(each.level, each.of) for each in found] == [("error", "mask")]
    assert "say which is the tumour" in found[0].what


def test_an_extent_cropped_to_what_was_drawn_is_put_in_its_place(tmp_path, image):
    corner = (3, 2, 1)  # x, y, z
    origin = np.array([-20.0, 11.0, 37.5]) + oblique() @ (np.array(corner) * [0.8, 1.1, 2.5])
    part = np.where(TUMOUR > 0, 2, LIVER)[1:7, 2:12, 3:14]
    path = write_slicer(tmp_path / "a.seg.nrrd", part, ONE, origin=origin, direction=oblique())
    said = []
    np.testing.assert_array_equal(
        drawn(MaskSource(path, ("tumour",), masks=Masks(resampling="nearest")), image, said), TUMOUR
    )
    np.testing.assert_array_equal(drawn(MaskSource(path, ("tumour",)), image, said), TUMOUR)
    assert not said
    beyond = write_slicer(
        tmp_path / "b.seg.nrrd",
        part,
        ONE,
        origin=origin + oblique() @ [0, 0, 2.5 * 4],
        direction=oblique(),
    )
    with pytest.raises(
        ReadingError,
        match="b.seg.nrrd, segment 'tumour': 70 of 140 voxels lie outside of the image",
    ):
        drawn(MaskSource(beyond, ("tumour",)), image)


def test_another_grid_is_refused_or_resampled_when_asked(tmp_path, image):
    origin = np.array([-20.0, 11.0, 37.5]) + oblique() @ [0.4, 0, 0]
    path = write_slicer(
        tmp_path / "a.seg.nrrd", TUMOUR, ONE[:1], origin=origin, direction=oblique()
    )
    with pytest.raises(
        ReadingError,
        match=(
            r"a.seg.nrrd, segment 'liver': its voxels lie between those of the image \(origin .* up"
            r" to 0.5 voxels or 0.4 mm apart\).*masks: .resampling: nearest"
        ),
    ):
        drawn(MaskSource(path), image)
    said = []
    moved = drawn(MaskSource(path, masks=Masks(resampling="signed_distance")), image, said)
    assert abs(int(moved.sum()) - int(TUMOUR.sum())) <= 20
    assert said[0].kind == "resampled"
    assert said[0].text.startswith("resampled (signed distance) from voxels of 0.8 × 1.1 × 2.5 mm")


def test_a_layer_that_is_not_there_is_said(tmp_path, image):
    path = write_slicer(
        tmp_path / "a.seg.nrrd",
        TUMOUR,
        [{"Name": "tumour", "LabelValue": 1, "Layer": 3}],
        direction=oblique(),
    )
    with pytest.raises(ReadingError, match="a segment's layer is not in the file"):
        drawn(MaskSource(path), image)
