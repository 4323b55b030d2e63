"""One image and its mask: every fault that can be seen by looking at them."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.checks.images import look_at
from analysis.study import Extraction

SHAPE = (8, 12, 10)
FEATURES = Extraction(resampled_spacing_mm=None, bin_count=32)


def _look(image, mask, extraction):
    source = ImageSource(image)
    return look_at(source, MaskSource(mask, image=source), extraction)


def volume(values, spacing=(1.0, 1.0, 3.0), direction=None, origin=(0.0, 0.0, 0.0)):
    image = sitk.GetImageFromArray(values)
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    if direction:
        image.SetDirection(direction)
    return image


def grey():
    return np.random.default_rng(0).normal(100, 10, SHAPE).astype(np.float32)


def tumour(value=1, kind=np.uint8):
    mask = np.zeros(SHAPE, kind)
    mask[2:6, 3:8, 3:8] = value
    return mask


def changed(values, place, value):
    values[place] = value
    return values


def look(tmp_path, image, mask, extraction=FEATURES):
    for name, each in (("image", image), ("mask", mask)):
        path = tmp_path / f"{name}.nii.gz"
        if isinstance(each, bytes):
            path.write_bytes(each)
        else:
            sitk.WriteImage(each, str(path))
    return _look(tmp_path / "image.nii.gz", tmp_path / "mask.nii.gz", extraction)


def test_a_sound_pair_has_no_findings(tmp_path):
    seen = look(tmp_path, volume(grey()), volume(tumour()))
    assert seen.findings == ()
    assert seen.grid.size == (10, 12, 8)
    assert seen.grid.axes == ("+L", "+P", "+S")


@pytest.mark.parametrize(
    ("image", "mask", "level", "of", "words"),
    [
        (b"no image", volume(tumour()), "error", "image", "can't be read"),
        (volume(grey()), b"", "error", "mask", "can't be read"),
        (sitk.GetImageFromArray(grey()[3]), volume(tumour()), "error", "image", "2 axes"),
        (
            sitk.JoinSeries([volume(grey()), volume(grey())]),
            volume(tumour()),
            "error",
            "image",
            "4 axes",
        ),
        (
            sitk.Compose([volume(grey())] * 3),
            volume(tumour()),
            "error",
            "image",
            "3 values a voxel",
        ),
        (
            volume(grey()),
            volume(tumour()[1:]),
            "error",
            "mask",
            "its grid is 10 × 12 × 7, its image's 10 × 12 × 8",
        ),
        (volume(grey()), volume(tumour(), spacing=(1, 1, 2)), "error", "mask", "its spacing is"),
        (volume(grey()), volume(tumour(), origin=(5, 0, 0)), "error", "mask", "its origin is"),
        (
            volume(grey()),
            volume(tumour(), direction=(-1, 0, 0, 0, -1, 0, 0, 0, 1)),
            "error",
            "mask",
            "flipped or rotated",
        ),
        (volume(grey()), volume(tumour(0)), "error", "mask", "it is empty"),
        (
            volume(grey()),
            volume(np.ones(SHAPE, np.uint8)),
            "error",
            "mask",
            "covers the whole image",
        ),
        (
            volume(grey()),
            volume(changed(np.ones(SHAPE, np.uint8), (0, 0, 0), 0)),
            "warning",
            "mask",
            "covers 100% of its image",
        ),
        (volume(grey()), volume(changed(tumour(), (2, 3, 3), 2)), "warning", "mask", "labels 1, 2"),
        (volume(grey()), volume(tumour(255)), "note", "mask", "value 255 instead of 1"),
        (volume(grey()), volume(tumour(0.5, np.float32)), "error", "mask", "it is no mask"),
        (volume(grey()), volume(grey()), "error", "mask", "it is no mask: 960 different values"),
        (
            volume(grey()),
            volume(changed(tumour(0), (4, 4, 4), 1)),
            "error",
            "mask",
            "it has one voxel",
        ),
        (
            volume(grey()),
            volume(changed(tumour(0), (4, 4, slice(2, 6)), 1)),
            "error",
            "mask",
            "lie on one line",
        ),
        (
            volume(grey()),
            volume(changed(tumour(0), (4, slice(3, 6), slice(3, 6)), 1)),
            "warning",
            "mask",
            "it has 9 voxels",
        ),
        (
            volume(grey()),
            volume(changed(tumour(), (slice(0, 6), slice(3, 8), slice(3, 8)), 1)),
            "warning",
            "mask",
            "border of its image (first or last slice)",
        ),
        (
            volume(changed(grey(), (0, 0, 0), np.nan)),
            volume(tumour()),
            "error",
            "image",
            "1 of 960 voxels are not finite",
        ),
        (
            volume(changed(grey(), (4, 4, 4), np.inf)),
            volume(tumour()),
            "error",
            "image",
            "not finite",
        ),
        (
            volume(np.full(SHAPE, 7, np.int16)),
            volume(tumour()),
            "error",
            "image",
            "all voxels have the value 7",
        ),
        (
            volume(changed(grey(), (slice(2, 6), slice(3, 8), slice(3, 8)), 5)),
            volume(tumour()),
            "warning",
            "image",
            "all voxels of the tumour have the value 5",
        ),
        (
            volume(grey(), spacing=(0.001, 0.001, 0.003)),
            volume(tumour(), spacing=(0.001, 0.001, 0.003)),
            "warning",
            "image",
            "its voxels measure",
        ),
    ],
)
def test_each_fault_is_seen_and_nothing_else_is_wrong(tmp_path, image, mask, level, of, words):
    found = look(tmp_path, image, mask).findings
    assert [(each.level, each.of) for each in found] == [(level, of)], found
    assert words in found[0].what, found
    assert found[0].mend or level == "note", found


def test_other_formats_show_what_is_not_finite_too(tmp_path):
    sitk.WriteImage(volume(changed(grey(), (0, 0, 0), np.nan)), str(tmp_path / "image.mha"))
    sitk.WriteImage(volume(tumour()), str(tmp_path / "mask.mha"))
    assert (
        "not finite"
        in _look(tmp_path / "image.mha", tmp_path / "mask.mha", FEATURES).findings[0].what
    )


@pytest.mark.parametrize(
    ("extraction", "words"),
    [
        (
            Extraction(resampled_spacing_mm=(9.0, 9.0, 9.0), log_sigma_mm=[]),
            (
                "features can't be computed in it (PyRadiomics failed on a mask of 100 voxels: mask"
                " only contains 1 segmented voxel"
            ),
        ),
        (Extraction(resampled_spacing_mm=None, bin_count=8), "not finite"),
    ],
)
def test_what_resampling_leaves_of_a_mask_is_tried(tmp_path, extraction, words):
    mask = (
        tumour()
        if extraction.resampled_spacing_mm
        else changed(changed(np.zeros(SHAPE, np.uint8), (1, 1, 1), 1), (6, 9, 8), 1)
    )
    errors = [
        finding
        for finding in look(tmp_path, volume(grey()), volume(mask), extraction=extraction).findings
        if finding.level == "error"
    ]
    assert len(errors) == 1
    assert words in errors[0].what
    assert "resampled_spacing_mm" in errors[0].mend
    assert not [
        finding
        for finding in look(tmp_path, volume(grey()), volume(mask), extraction=None).findings
        if finding.level == "error"
    ]


def test_without_textures_a_single_voxel_is_a_warning(tmp_path):
    found = look(
        tmp_path, volume(grey()), volume(changed(tumour(0), (4, 4, 4), 1)), extraction=None
    ).findings
    assert [each.level for each in found] == ["warning"]
