"""NIfTI headers that contradict themselves or are sheared: what is used, how far the other is, and
never ITK's own words."""

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.cache import digest
from analysis.imaging.reading import ImageSource, MaskSource, ReadingError, read_image
from analysis.imaging.reading.nifti_header import forms
from analysis.imaging.reading.resampling import affine
from analysis.inputs.checks.images import look_at

SHAPE = (12, 10, 6)


def matrix(turn=0.1, spacing=(0.8, 0.8, 3.0), origin=(5.0, 6.0, 7.0), shear=0.0) -> np.ndarray:
    found = np.eye(4)
    found[:3, :3] = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    ) @ np.diag(spacing)
    found[0, 2] += shear
    found[:3, 3] = origin
    return found


def write(path, sform=None, qform=None, codes=(1, 1), pixdim=None, values=None):
    values = (
        np.random.default_rng(0).integers(0, 900, SHAPE).astype(np.int16)
        if values is None
        else values
    )
    image = nib.Nifti1Image(values, None)
    image.header.set_zooms(pixdim or (0.8, 0.8, 3.0))
    image.header.set_sform(sform, codes[0] if sform is not None else 0)
    image.header.set_qform(qform, codes[1] if qform is not None else 0)
    if pixdim:
        image.header["pixdim"][1:4] = pixdim
    nib.save(image, path)
    return values


def used(path):
    said = []
    image = read_image(path, said=said)
    return np.diag([-1, -1, 1, 1]) @ affine(image), said


@pytest.mark.parametrize(
    ("sform", "qform"),
    [(matrix(), matrix()), (matrix(), None), (None, matrix()), (matrix(), matrix(0.1005))],
)
def test_a_header_that_agrees_with_itself_needs_no_word(tmp_path, sform, qform):
    values = write(tmp_path / "a.nii", sform, qform)
    found, said = used(tmp_path / "a.nii")
    np.testing.assert_allclose(found, matrix(), atol=2e-3)
    assert not said
    np.testing.assert_array_equal(sitk.GetArrayFromImage(read_image(tmp_path / "a.nii")), values.T)


@pytest.mark.parametrize("codes", [(1, 1), (2, 1), (1, 2), (4, 1)])
def test_two_forms_that_disagree_are_said_with_the_one_used_and_how_far(tmp_path, codes):
    write(tmp_path / "a.nii.gz", matrix(), matrix(0.1, origin=(5.0, 8.0, 7.0)), codes)
    found, said = used(tmp_path / "a.nii.gz")
    name = "sform" if np.allclose(found, matrix(), atol=1e-4) else "qform"
    assert name == "sform" or np.allclose(found[:3, 3], (5, 8, 7), atol=1e-4)
    assert [each.level for each in said] == ["warning"]
    assert (
        said[0].text
        == "its header says twice where it lies, and voxels lie up to 2 mm (2.5 voxels) apart by"
        f" sform and qform; the {name} is used; one of them is wrong"
    )


def test_a_sheared_form_beside_a_sound_one_is_said(tmp_path):
    write(tmp_path / "a.nii", matrix(shear=0.6), matrix())
    found, said = used(tmp_path / "a.nii")
    np.testing.assert_allclose(found, matrix(), atol=1e-4)
    assert "up to 3 mm" in said[0].text
    assert "the qform is used; the sform's axes are sheared (first and third: 78.7" in said[0].text


def test_a_sheared_header_is_refused_with_its_angle(tmp_path):
    write(tmp_path / "a.nii", matrix(0, shear=0.6))
    message = (
        r"a.nii: the axes of its header are sheared: the first and third \(sform\) meet at 78.69°"
        r" and not at 90°.*mm from their places; export the series again without the tilt"
    )
    with pytest.raises(ReadingError, match=message) as caught:
        read_image(tmp_path / "a.nii")
    assert "ITK" not in str(caught.value)
    write(tmp_path / "mask.nii", matrix(0), values=np.ones(SHAPE, np.uint8))
    found = look_at(
        ImageSource(tmp_path / "a.nii"), MaskSource(tmp_path / "mask.nii"), None
    ).findings
    assert "are sheared: the first and third (sform) meet at 78.69°" in found[0].what
    assert "without the tilt" in found[0].mend


def test_axes_that_rounding_made_oblique_are_read(tmp_path):
    rounded = matrix(0.1, shear=0.003)
    values = write(tmp_path / "a.nii.gz", rounded)
    found, said = used(tmp_path / "a.nii.gz")
    np.testing.assert_allclose(found, rounded, atol=4e-3)
    np.testing.assert_array_equal(
        sitk.GetArrayFromImage(read_image(tmp_path / "a.nii.gz")), values.T
    )
    assert not said
    direction = np.array(read_image(tmp_path / "a.nii.gz").GetDirection()).reshape(3, 3)
    np.testing.assert_allclose(direction @ direction.T, np.eye(3), atol=1e-9)


def test_two_voxel_sizes_are_said(tmp_path):
    write(tmp_path / "a.nii", matrix(), pixdim=(1.0, 1.0, 1.0))
    _, said = used(tmp_path / "a.nii")
    assert said[0].text.startswith(
        "its header gives voxels of 0.8 × 0.8 × 3 mm by the sform and of 1 × 1 × 1 mm by pixdim;"
        " the direction of the sform and the size of pixdim are used"
    )


def test_a_header_without_a_place_is_said(tmp_path, capfd):
    write(tmp_path / "a.nii")
    _found, said = used(tmp_path / "a.nii")
    assert [each.level for each in said] == ["note"]
    assert "qform and sform are not set" in said[0].text
    write(tmp_path / "b.nii", matrix(shear=0.6), matrix())
    read_image(tmp_path / "b.nii")
    assert capfd.readouterr().err == ""  # ITK warns of the scales of a sheared sform there


def test_a_quaternion_that_is_no_rotation_is_no_form(tmp_path):
    write(tmp_path / "a.nii", matrix(), matrix())
    header = bytearray((tmp_path / "a.nii").read_bytes())
    header[256:260] = np.float32(1.6).tobytes()  # quatern_b
    (tmp_path / "a.nii").write_bytes(header)
    assert set(forms(tmp_path / "a.nii")) == {"sform"}


def test_the_check_says_so_of_image_and_mask(tmp_path):
    write(tmp_path / "a.nii", matrix(), matrix(0.1, origin=(5.0, 8.0, 7.0)))
    drawn = np.zeros(SHAPE, np.uint8)
    drawn[3:8, 3:8, 1:5] = 1
    write(tmp_path / "mask.nii", matrix(), matrix(), values=drawn)
    found = look_at(
        ImageSource(tmp_path / "a.nii"), MaskSource(tmp_path / "mask.nii"), None
    ).findings
    assert [(each.level, each.of) for each in found] == [("warning", "image")]
    assert "the sform is used" in found[0].what


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.nrrd", b"", "the file is empty"),
        (
            "a.nrrd",
            b"NRRD0004\ntype: short\ndimension: 3\n",
            "it begins like NRRD, and is damaged, cut off, or wrongly named",
        ),
        ("a.nrrd", b"\x89PNG\r\n\x1a\n", "it is a picture (PNG) and no volume"),
        ("a.xyz", b"hello", "no image of a kind that is known (NIfTI, NRRD, MHA, DICOM)"),
        (
            "a.mhd",
            (
                b"ObjectType = Image\nNDims = 3\nDimSize = 4 4 4\nElementType ="
                b" MET_SHORT\nElementDataFile = voxels.raw\n"
            ),
            "the file with its voxels, voxels.raw, is not there",
        ),
        (
            "a.nhdr",
            (
                b"NRRD0004\ntype: short\ndimension: 3\nsizes: 4 4 4\nencoding: raw\nendian:"
                b" little\ndata file: voxels.raw\n"
            ),
            "the file with its voxels, voxels.raw, is not there",
        ),
    ],
)
def test_why_a_file_is_not_read_is_said_in_plain_words(tmp_path, capfd, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadingError) as caught:
        read_image(path)
    write(tmp_path / "mask.nii", matrix(0), values=np.ones(SHAPE, np.uint8))
    found = look_at(ImageSource(path), MaskSource(tmp_path / "mask.nii"), None).findings
    for text in (str(caught.value), found[0].what + found[0].mend):
        assert words in text
        assert not any(raw in text for raw in ("ITK", "sitk", ".cxx", "Exception", "0x"))
    assert not capfd.readouterr().err


def test_a_cache_sees_voxels_that_lie_beside_their_header(tmp_path):
    image = sitk.GetImageFromArray(np.zeros((4, 5, 6), np.int16))
    sitk.WriteImage(image, str(tmp_path / "a.mhd"))
    before = [digest(ImageSource(tmp_path / "a.mhd")), digest(MaskSource(tmp_path / "a.mhd"))]
    (tmp_path / "a.raw").write_bytes(b"\x01" * 240)
    assert not set(before) & {
        digest(ImageSource(tmp_path / "a.mhd")),
        digest(MaskSource(tmp_path / "a.mhd")),
    }
    assert read_image(tmp_path / "a.mhd")[0, 0, 0] == 257
