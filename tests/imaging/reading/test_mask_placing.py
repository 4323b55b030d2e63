"""A mask on its image's grid: the tolerance is relative to the voxel; copying is exact; resampling
keeps place and volume."""

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.imaging.reading import ImageSource, MaskSource, ReadingError, read_image, read_mask
from analysis.imaging.reading.mask_placing import placed, resampled
from analysis.imaging.reading.resampling import grid_difference, same_grid
from analysis.study import Masks
from tests.support.dicom_files import oblique, write_segmentation, write_series


def grid(
    size=(20, 18, 10), spacing=(0.8, 0.8, 3.0), origin=(5.0, -4.0, 2.0), direction=None
) -> sitk.Image:
    image = sitk.Image(list(size), sitk.sitkUInt8)
    image.SetSpacing(spacing)
    image.SetOrigin(np.asarray(origin, float).tolist())
    image.SetDirection((np.eye(3) if direction is None else direction).ravel().tolist())
    return image


def ball(image: sitk.Image, centre, radius: float) -> sitk.Image:
    """1 within a radius (mm) of a place in the patient."""
    z, y, x = np.indices(image.GetSize()[::-1])
    matrix = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    places = np.stack([x, y, z], -1) @ matrix.T + image.GetOrigin()
    mask = sitk.GetImageFromArray(
        (np.linalg.norm(places - centre, axis=-1) <= radius).astype(np.uint8)
    )
    mask.CopyInformation(image)
    return mask


def volume(mask: sitk.Image) -> float:
    return float(sitk.GetArrayFromImage(mask).sum() * np.prod(mask.GetSpacing()))


def centroid(mask: sitk.Image) -> np.ndarray:
    return np.array(
        mask.TransformContinuousIndexToPhysicalPoint(
            np.argwhere(sitk.GetArrayFromImage(mask))[:, ::-1].mean(axis=0).tolist()
        )
    )


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (grid(origin=(5.02, -4.0, 2.0)), None),
        (grid(origin=(5.0, -4.0, 2.25)), None),  # 2.5% and 8% of a voxel
        (grid(origin=(5.2, -4.0, 2.0)), "origin"),
        (grid(spacing=(0.803, 0.8, 3.0)), None),
        (grid(spacing=(0.81, 0.8, 3.0)), "spacing"),
        (grid(direction=oblique(0.001, 0)), None),
        (grid(direction=oblique(0.05, 0)), "direction"),
        (grid(size=(20, 18, 9)), "grid"),
    ],
)
def test_the_tolerance_is_a_tenth_of_a_voxel_wherever_the_voxel_is(other, what):
    difference = grid_difference(other, grid())
    assert (None if difference is None else difference.what) == what
    assert same_grid(other, grid()) == (what is None)


def test_a_difference_says_how_much():
    difference = grid_difference(grid(origin=(5.4, -4.0, 2.0)), grid())
    assert difference.voxels == pytest.approx(0.5)
    assert difference.mm == pytest.approx(0.4)


def test_a_mask_whose_origin_is_rounded_is_read(tmp_path):
    image, mask = grid(), ball(grid(origin=(5.02, -4.02, 2.0)), (12, 3, 16), 5)
    sitk.WriteImage(mask, str(tmp_path / "mask.nii.gz"))
    read = read_mask(tmp_path / "mask.nii.gz", image)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(read), sitk.GetArrayFromImage(mask))
    assert read.GetOrigin() == image.GetOrigin()


@pytest.mark.parametrize("rule", ["nearest", "signed_distance"])
def test_resampling_onto_its_own_grid_changes_nothing(rule):
    mask = ball(
        grid(direction=oblique()),
        grid(direction=oblique()).TransformIndexToPhysicalPoint((9, 8, 5)),
        5,
    )
    assert sitk.GetArrayFromImage(mask).any()
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(resampled(mask, mask, rule)), sitk.GetArrayFromImage(mask)
    )


@settings(max_examples=20, deadline=None)
@given(
    axes=st.permutations((0, 1, 2)),
    mirrored=st.tuples(*[st.booleans()] * 3),
    start=st.tuples(*[st.integers(0, 3)] * 3),
)
def test_cropped_turned_and_mirrored_masks_are_copied_exactly(axes, mirrored, start):
    image = grid(direction=oblique())
    mask = ball(image, image.TransformIndexToPhysicalPoint((10, 9, 5)), 4)
    part = sitk.PermuteAxes(mask[start[0] :, start[1] :, start[2] :], list(axes))
    part = sitk.Flip(part, list(mirrored), False)
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(placed(part, image, Masks(), "mask")), sitk.GetArrayFromImage(mask)
    )


@pytest.mark.parametrize(("rule", "bias"), [("nearest", 0.06), ("signed_distance", 0.06)])
def test_resampling_keeps_place_and_volume(rule, bias):
    coarse, fine = (
        grid((30, 30, 14), (1.0, 1.0, 3.0), (-3.0, -11.0, -5.0), oblique()),
        grid((50, 50, 40), (0.8, 0.8, 1.0), (-8.0, -15.0, -8.0)),
    )
    centre = coarse.TransformContinuousIndexToPhysicalPoint((14.5, 14.5, 6.5))
    drawn = ball(coarse, centre, 10)
    made = placed(drawn, fine, Masks(resampling=rule), "mask", said := [])
    assert volume(made) == pytest.approx(volume(drawn), rel=bias)
    assert np.linalg.norm(centroid(made) - centre) < 0.3
    assert [(each.kind, each.level) for each in said] == [("resampled", "note")]
    truth = sitk.GetArrayFromImage(ball(fine, centre, 10)) > 0
    found = sitk.GetArrayFromImage(made) > 0
    assert 2 * (truth & found).sum() / (truth.sum() + found.sum()) > (
        0.95 if rule == "signed_distance" else 0.92
    )


def test_the_signed_distance_is_nearer_to_the_outline_than_the_nearest_neighbour():
    coarse, fine = grid((30, 30, 12), (1.0, 1.0, 4.0)), grid((30, 30, 48), (1.0, 1.0, 1.0))
    centre = (20, 10, 24)
    truth = sitk.GetArrayFromImage(ball(fine, centre, 10)) > 0
    missed = {
        rule: int(
            (
                truth
                != (sitk.GetArrayFromImage(resampled(ball(coarse, centre, 10), fine, rule)) > 0)
            ).sum()
        )
        for rule in ("nearest", "signed_distance")
    }
    assert missed["signed_distance"] < 0.8 * missed["nearest"]


def test_what_lies_outside_is_said_or_refused():
    image, drawn = grid(), ball(grid((40, 40, 20), (0.7, 0.7, 2.0)), (10, 3, 10), 5)
    beyond = grid((20, 18, 10), origin=(10.3, -4.0, 2.0))
    placed(drawn, beyond, Masks(resampling="nearest"), "mask", said := [])
    assert said[0].level == "warning"
    assert "of it lies outside of the image" in said[0].text
    with pytest.raises(
        ReadingError,
        match="mask: nothing is left of it on the grid of its image .* 100% of it outside",
    ):
        placed(drawn, grid(origin=(500.3, 0, 0)), Masks(resampling="nearest"), "mask")
    assert not sitk.GetArrayFromImage(
        placed(image, beyond, Masks(resampling="nearest"), "mask")
    ).any()


def test_a_segmentation_of_another_series_is_resampled_when_asked(tmp_path):
    shape = (9, 24, 28)
    mask = np.zeros(shape, np.uint8)
    mask[3:7, 6:16, 8:20] = 1
    images = write_series(
        tmp_path / "portal", np.ones(shape, np.uint16), frame="1.2.3", direction=oblique()
    )
    write_series(
        tmp_path / "arterial",
        np.ones((18, 26, 30), np.uint16),
        spacing=(0.8, 1.1, 1.25),
        origin=(-20.3, 10.8, 36.9),
        frame="1.2.3",
        direction=oblique(),
    )
    write_segmentation(tmp_path / "seg.dcm", images, {"tumour": mask})
    source = MaskSource(tmp_path / "seg.dcm", image=ImageSource(tmp_path / "arterial"))
    arterial = read_image(tmp_path / "arterial")
    with pytest.raises(
        ReadingError,
        match=(
            "seg.dcm, segment 1: its voxels lie between those of the image .*or let masks be"
            " resampled"
        ),
    ):
        read_mask(source, arterial)
    made = read_mask(
        MaskSource(source.path, image=source.image, masks=Masks(resampling="nearest")),
        arterial,
        said := [],
    )
    assert volume(made) == pytest.approx(mask.sum() * 0.8 * 1.1 * 2.5, rel=0.1)
    assert said[0].kind == "resampled"
    drawn = sitk.GetImageFromArray(mask)
    drawn.CopyInformation(read_image(tmp_path / "portal"))
    assert np.linalg.norm(centroid(made) - centroid(drawn)) < 0.7
