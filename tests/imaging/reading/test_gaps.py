"""Empty slices between drawn ones: found, told from two lesions, and filled as the shape goes
on."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask
from analysis.imaging.reading.gaps import drawn_axis, fill_gaps, find_gaps, pieces
from analysis.imaging.reading.mask_placing import signed_distance
from analysis.inputs.checks.images import look_at
from analysis.study import Masks

SPACING = (0.9, 0.9, 3.0)


def ball(radius=18.0, shape=(17, 50, 50), centre=(8, 24, 25)) -> np.ndarray:
    """A ball (mm) on voxels of SPACING."""
    places = (np.indices(shape) - np.array(centre)[:, None, None, None]) * np.array(SPACING[::-1])[
        :, None, None, None
    ]
    return np.linalg.norm(places, axis=0) <= radius


def image_of(array: np.ndarray, spacing=SPACING) -> sitk.Image:
    image = sitk.GetImageFromArray(array.astype(np.uint8))
    image.SetSpacing(spacing)
    return image


def every_other(array: np.ndarray, first=2) -> np.ndarray:
    drawn = np.zeros_like(array)
    drawn[first::2] = array[first::2]
    return drawn


def gap_slices(array: np.ndarray, axis=0) -> list[int]:
    return sorted({place for gap in find_gaps(pieces(array), axis) for place in gap.slices})


def test_every_other_slice_is_found_and_filled_as_the_shape_goes_on():
    whole = ball()
    drawn = every_other(whole)
    places = np.flatnonzero(drawn.any(axis=(1, 2)))
    assert gap_slices(drawn) == [place for place in range(places[0], places[-1]) if place % 2]
    filled = sitk.GetArrayFromImage(fill_gaps(image_of(drawn), said := [])) > 0
    np.testing.assert_array_equal(filled[::2], drawn[::2])  # drawn slices stay
    inside = slice(places[0], places[-1] + 1)
    dice = 2 * (filled & whole)[inside].sum() / (filled[inside].sum() + whole[inside].sum())
    assert dice > 0.96
    assert said[0].kind == "filled"
    assert "empty slices 4, 6, 8" in said[0].text
    assert "shape-based interpolation" in said[0].text


def test_a_prism_is_filled_with_itself_and_a_cone_with_its_middle():
    array = np.zeros((9, 20, 20), bool)
    array[2, 5:12, 6:13] = array[4, 5:12, 6:13] = True
    np.testing.assert_array_equal(sitk.GetArrayFromImage(fill_gaps(image_of(array)))[3], array[2])
    array[4] = False
    array[4, 3:14, 4:15] = True  # two voxels wider on each side: one wider half-way
    middle = np.zeros((20, 20), bool)
    middle[4:13, 5:14] = True
    found = sitk.GetArrayFromImage(fill_gaps(image_of(array)))[3] > 0
    assert (found & ~middle).sum() == 0
    assert (middle & ~found).sum() <= 4


@pytest.mark.parametrize(
    ("change", "slices"),
    [
        (lambda array: array, []),
        (lambda array: np.where(np.indices(array.shape)[0] == 8, False, array), [8]),
        (
            lambda array: np.where(np.isin(np.indices(array.shape)[0], [7, 8, 9]), False, array),
            [7, 8, 9],
        ),
        (
            lambda array: np.where(np.isin(np.indices(array.shape)[0], [6, 7, 8, 9]), False, array),
            [],
        ),  # two lesions, as far as anybody knows
    ],
)
def test_a_gap_is_short_and_between_areas_that_lie_above_each_other(change, slices):
    assert gap_slices(change(ball())) == slices


def test_two_lesions_beside_each_other_are_no_gap():
    array = np.zeros((12, 30, 30), bool)
    array[1:5, 3:10, 3:10] = array[6:10, 18:26, 18:26] = True
    assert gap_slices(array) == []
    array[1:9, 14:17, 3:10] = True  # another beside the first, two rows away
    assert gap_slices(array) == []


def test_a_ring_and_a_hollow_are_no_gap():
    hollow = ball() & ~ball(9.0)
    assert gap_slices(hollow) == []


def test_slices_are_those_across_which_voxels_are_widest():
    assert drawn_axis((3.0, 0.9, 0.9)) == 0
    assert drawn_axis((0.9, 3.0, 0.9)) == 1
    assert drawn_axis((1.0, 1.0, 1.0)) == 0
    turned = np.moveaxis(every_other(ball()), 0, 1)
    filled = sitk.GetArrayFromImage(fill_gaps(image_of(turned, (0.9, 3.0, 0.9))))
    np.testing.assert_array_equal(
        np.moveaxis(filled, 1, 0), sitk.GetArrayFromImage(fill_gaps(image_of(every_other(ball()))))
    )


def test_the_signed_distance_is_zero_half_way_between_voxels():
    inside = np.zeros((1, 1, 8), bool)
    inside[..., 3:6] = True
    np.testing.assert_allclose(
        signed_distance(inside[0], (1.0, 2.0))[0], [6, 4, 2, -2, -4, -2, 2, 4]
    )


def look(tmp_path, mask: np.ndarray, **masks):
    values = np.random.default_rng(0).normal(100, 9, mask.shape).astype(np.float32)
    for name, image in (("image", image_of(np.zeros(mask.shape))), ("mask", image_of(mask))):
        written = sitk.GetImageFromArray(values) if name == "image" else image
        written.CopyInformation(image)
        sitk.WriteImage(written, str(tmp_path / f"{name}.nii.gz"))
    image = ImageSource(tmp_path / "image.nii.gz")
    return image, MaskSource(tmp_path / "mask.nii.gz", image=image, masks=Masks(**masks))


def test_the_check_names_empty_slices_and_what_filled_them(tmp_path):
    image, mask = look(tmp_path, every_other(ball()))
    found = look_at(image, mask, None).findings
    assert [(each.level, each.of) for each in found] == [("warning", "mask")]
    assert found[0].what == "slices 4, 6, 8, 10, 12, 14 between drawn ones of a lesion are empty"
    assert "masks: {gaps: interpolate}" in found[0].mend
    image, mask = look(tmp_path, every_other(ball()), gaps="interpolate")
    found = look_at(image, mask, None).findings
    assert [each.level for each in found] == ["note"]
    assert found[0].what.startswith(
        "empty slices 4, 6, 8, 10, 12, 14 filled by shape-based interpolation ("
    )
    assert sitk.GetArrayFromImage(read_mask(mask, read_image(image)))[3].any()


def test_the_check_names_stray_pieces_with_slice_size_and_distance(tmp_path):
    array = ball(9.0, centre=(8, 14, 14))
    array[15, 45, 14] = True
    found = look_at(*look(tmp_path, array), None).findings
    distance = min(
        np.linalg.norm((place - np.array([15, 45, 14])) * SPACING[::-1])
        for place in np.argwhere(ball(9.0, centre=(8, 14, 14)))
    )
    assert [(each.level, each.what) for each in found] == [
        (
            "warning",
            (
                f"1 small piece is apart from the largest of {array.sum() - 1} voxels: 1 voxel in"
                f" slice 16, {distance:.0f} mm away"
            ),
        )
    ]
    array[2:5, 38:45, 36:45] = True  # a second lesion is none
    assert len(look_at(*look(tmp_path, array), None).findings) == 1
