"""Regions in and around a tumour against known distances and volumes, and where they end."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource
from analysis.imaging.reading.sources import RegionSource
from analysis.imaging.regions import EmptyRegion, carved, regions_of
from analysis.imaging.regions.border import air_of
from analysis.imaging.regions.distance import signed_distance
from analysis.study.images import Lesions
from analysis.study.regions import Region

RING = Region(ring={"from_mm": 0, "to_mm": 5})


def picture(array, spacing=(1.0, 1.0, 1.0)):
    """spacing: z, y, x."""
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing[::-1])
    return image


def source(region, folder=None, name="mine", **more):
    """Of a mask that is not read, or of mask.nii.gz in a folder."""
    lesions = more.pop("lesions", Lesions())
    path = ImageSource(None).path if folder is None else folder / "mask.nii.gz"
    return MaskSource(path, lesions=lesions, region=RegionSource(name, region, **more))


def made(region, tumour, image=None, spacing=(1.0, 1.0, 1.0), others=None, **more):
    values = np.full(tumour.shape, 100.0) if image is None else image
    found = carved(
        source(region, **more),
        picture(values.astype(float), spacing),
        picture(tumour.astype(np.uint8), spacing),
        others,
    )
    return found, sitk.GetArrayFromImage(found.mask) > 0


def ball(radius_mm, size=41, spacing=(1.0, 1.0, 1.0)):
    axes = [(np.arange(size) - size // 2) * each for each in spacing]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    return z**2 + y**2 + x**2 <= radius_mm**2


def test_distances_are_those_of_every_pair_of_voxels():
    random = np.random.default_rng(3)
    inside = random.random((5, 6, 7)) < 0.2
    spacing = (3.0, 0.7, 1.1)
    found = signed_distance(inside, spacing)
    padded = np.pad(inside, 1)
    places = np.array(list(product(*map(range, padded.shape)))).reshape(*padded.shape, 3)
    for at in product(*map(range, inside.shape)):
        own = np.array(at) + 1
        # What lies beyond the image is outside of the tumour, and no tumour.
        others = places[padded != inside[at]]
        least = np.sqrt((((others - own) * spacing) ** 2).sum(axis=1)).min() - 0.35
        assert found[at] == pytest.approx(-least if inside[at] else least)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.0, 0.8, 0.8)])
def test_volumes_of_a_ball_lie_within_the_shell_of_a_voxel(spacing):
    tumour, unit = ball(10, spacing=spacing, size=61 if spacing[0] == 1 else 81), np.prod(spacing)
    near = max(spacing)
    outer = {
        Region(ring={"from_mm": 0, "to_mm": 5}): (10, 15),
        Region(ring={"from_mm": 3, "to_mm": 8}): (13, 18),
        Region(expanded={"by_mm": 4}): (0, 14),
        Region(core={"margin_mm": 4}): (0, 6),
        Region(rim={"width_mm": 4}): (6, 10),
    }
    for region, (low, high) in outer.items():
        found, voxels = made(region, tumour, spacing=spacing)
        volume = voxels.sum() * unit
        for change in (-1, 1):
            edge = 4 / 3 * np.pi * ((high + change * near) ** 3 - max(low - change * near, 0) ** 3)
            assert change * (edge - volume) > 0, (region.words, volume, edge)
        assert found.voxels == voxels.sum()
        assert found.cut == 0


def test_a_box_grows_by_whole_voxels_of_each_axis():
    tumour = np.zeros((13, 31, 31), bool)
    tumour[5:8, 12:19, 12:19] = True
    spacing = (3.0, 1.0, 1.0)
    _, voxels = made(Region(expanded={"by_mm": 5}), tumour, spacing=spacing)
    # 5 mm and half of the smallest spacing beyond the outermost centre: one slice, five rows.
    assert [int(voxels.any(axis=axes).sum()) for axes in ((1, 2), (0, 2), (0, 1))] == [5, 17, 17]
    _, core = made(Region(core={"margin_mm": 2}), tumour, spacing=spacing)
    # The slices' centres lie 2.5 mm inside of the outline, two rows of each side less than 2 mm.
    assert core.sum() == 3 * 3 * 3
    assert core[5:8, 14:17, 14:17].all()


def test_rings_share_no_voxel_and_leave_none_out():
    tumour = ball(6, size=41)
    first, second, both = (
        made(Region(ring={"from_mm": low, "to_mm": high}), tumour)[1]
        for low, high in ((0, 5), (5, 10), (0, 10))
    )
    assert not (first & second).any()
    assert np.array_equal(first | second, both)
    assert not (both & tumour).any()
    assert np.array_equal(made(Region(expanded={"by_mm": 10}), tumour)[1], both | tumour)
    core = made(Region(core={"margin_mm": 2.5}), tumour)[1]
    rim = made(Region(rim={"width_mm": 2.5}), tumour)[1]
    assert not (core & rim).any()
    assert np.array_equal(core | rim, tumour)


def test_what_lies_beyond_the_image_is_counted():
    tumour = np.zeros((9, 20, 20), bool)
    tumour[0:3, 8:12, 8:12] = True
    within, _ = made(RING, np.pad(tumour, 8))
    found, _ = made(RING, tumour)
    assert found.voxels + found.beyond_image == within.voxels
    assert found.beyond_image > 0
    assert found.share_cut == pytest.approx(found.beyond_image / within.voxels)


def test_another_lesion_is_no_surroundings():
    tumour, other = np.zeros((9, 24, 24), bool), np.zeros((9, 24, 24), bool)
    tumour[3:6, 8:12, 8:12], other[3:6, 8:12, 14:20] = True, True
    alone, _ = made(RING, tumour)
    found, voxels = made(RING, tumour, others=other)
    assert not (voxels & other).any()
    assert found.other_lesions == alone.voxels - found.voxels > 0


def test_a_ring_of_a_ct_ends_at_air_and_lung():
    tumour = np.zeros((9, 24, 24), bool)
    tumour[3:6, 8:12, 8:12] = True
    image = np.full(tumour.shape, 60.0)
    image[:, :, 14:] = -800
    image[:, 5, :14] = -100  # fat stays
    _, voxels = made(RING, tumour, image, air="ct")
    assert not voxels[:, :, 14:].any()
    assert voxels[:, 5, 8:12].any()
    assert made(RING, tumour, image, air="none")[1][:, :, 14:].any()


def test_air_of_an_mr_is_dark_and_joined_with_the_border_of_the_image():
    tumour = np.zeros((9, 24, 24), bool)
    tumour[3:6, 8:12, 8:12] = True
    image = np.full(tumour.shape, 90.0)
    image[tumour] = 120
    image[:, :, 15:] = 4
    image[4, 13, 8:12] = 3  # a vessel in the slice
    image[0, 0, 0] = 0
    air = air_of(image, tumour, "mr")
    assert air[:, :, 15:].all()
    assert not air[4, 13, 8:12].any()
    assert not air[tumour].any()
    # The unit of the signal does not matter.
    assert np.array_equal(air_of(image * 37 + 5, tumour, "mr"), air)
    found, voxels = made(RING, tumour, image, air="mr")
    assert not voxels[:, :, 15:].any()
    assert found.beyond_border > 0


def lesion_files(folder, labels, organ=None):
    sitk.WriteImage(picture(labels.astype(np.uint8)), str(folder / "mask.nii.gz"))
    if organ is not None:
        sitk.WriteImage(picture(organ.astype(np.uint8)), str(folder / "organ.nii.gz"))


def test_an_organ_ends_the_ring_and_not_the_tumour(tmp_path):
    tumour = np.zeros((9, 24, 24), bool)
    tumour[3:6, 8:12, 8:12] = True
    organ = np.zeros(tumour.shape, np.uint8)
    organ[:, :, :11], organ[:, :, 11:] = 2, 7
    lesion_files(tmp_path, tumour, organ)
    liver = MaskSource(tmp_path / "organ.nii.gz", (2,))
    for region in (RING, Region(expanded={"by_mm": 5})):
        found, voxels = made(region, tumour, organ=liver)
        assert not (voxels & ~tumour)[:, :, 11:].any()
        assert found.beyond_border > 0
    assert voxels[tumour].all()


def test_each_lesion_has_a_ring_that_stays_out_of_all_others(tmp_path):
    labels = np.zeros((9, 24, 40), np.uint8)
    labels[3:6, 8:12, 8:12], labels[3:6, 8:14, 14:20], labels[4, 9, 6] = 1, 2, 3
    lesion_files(tmp_path, labels)
    image = picture(np.full(labels.shape, 100.0))
    rule = Lesions(rule="mean", least_voxels=10)
    drawn = [picture((labels == number).astype(np.uint8)) for number in (2, 1)]
    found = regions_of(source(RING, tmp_path, lesions=rule), image, drawn)
    for each in found:
        # The third is too small to be analysed, and a lesion all the same.
        assert not (sitk.GetArrayFromImage(each.mask) > 0)[labels > 0].any()
        assert each.other_lesions > 0


@pytest.mark.parametrize(
    ("region", "organ", "words"),
    [
        (
            Region(core={"margin_mm": 3}),
            False,
            r"region 'mine' is empty: the tumour is too small for tumour core \(without 3 mm\);"
            r" choose fewer millimetres \(radiomics.regions.mine\), or leave the patient out",
        ),
        (
            RING,
            True,
            r"region 'mine' is empty: of \d+ voxels \d+ beyond the organ's mask; look at the masks",
        ),
        (
            Region(ring={"from_mm": 0, "to_mm": 0.2}),
            False,
            "region 'mine' is empty: no voxel's centre lies so far from the outline; make it wider",
        ),
    ],
)
def test_an_empty_region_says_why(tmp_path, region, organ, words):
    tumour = np.zeros((15, 24, 24), bool)
    tumour[6:9, 8:12, 8:12] = True
    lesion_files(tmp_path, tumour, tumour)
    more = {"organ": MaskSource(tmp_path / "organ.nii.gz")} if organ else {}
    with pytest.raises(EmptyRegion, match=words):
        regions_of(
            source(region, tmp_path, **more),
            picture(np.full(tumour.shape, 1.0)),
            [picture(tumour.astype(np.uint8))],
        )
