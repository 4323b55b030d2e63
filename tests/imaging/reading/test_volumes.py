"""Volumes in one file, and one phase on the grid of another."""

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from analysis.imaging.reading import ImageSource, ReadingError, read_image
from analysis.imaging.reading.resampling import covered, same_grid
from tests.support.dicom_files import oblique


def _volume(
    shape=(6, 9, 10), spacing=(0.7, 0.9, 3.0), origin=(5.0, -4.0, 2.0), direction=None
) -> sitk.Image:
    image = sitk.GetImageFromArray(
        np.random.default_rng(0).normal(100, 20, shape).astype(np.float32)
    )
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    image.SetDirection((np.eye(3) if direction is None else direction).ravel())
    return image


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nii", "a.nrrd", "a.mha"])
def test_formats_keep_geometry_and_values(tmp_path, name):
    image = _volume(direction=oblique())
    sitk.WriteImage(image, str(tmp_path / name))
    read = read_image(tmp_path / name)
    assert same_grid(read, image, 1e-4)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(read), sitk.GetArrayFromImage(image))


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (sitk.Image([4, 5, 6], sitk.sitkVectorUInt8, 3), "3 values a voxel .colour"),
        (sitk.Image([4, 5], sitk.sitkUInt8), "a 2-D image of 4 × 5"),
        (sitk.Image([4, 5, 1], sitk.sitkUInt8), "a 2-D image of 4 × 5 × 1"),
        (
            sitk.Image([4, 5, 6, 2], sitk.sitkUInt8),
            "a 4-D image of 4 × 5 × 6 × 2; write each phase",
        ),
    ],
)
def test_other_than_one_volume_is_refused(tmp_path, image, message):
    sitk.WriteImage(image, str(tmp_path / "a.nrrd"))
    with pytest.raises(ReadingError, match=f"a.nrrd: {message}"):
        read_image(tmp_path / "a.nrrd")


@pytest.mark.parametrize("kind", ["complex64", "colour"])
def test_a_nifti_file_of_other_than_one_value_a_voxel_is_refused(tmp_path, kind):
    """Its header says that it is a volume, and it is read at once."""
    values = np.ones((6, 5, 4), [(name, "u1") for name in "RGB"] if kind == "colour" else kind)
    nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / "a.nii.gz")
    with pytest.raises(ReadingError, match="[23] values a voxel .colour"):
        read_image(tmp_path / "a.nii.gz")


def test_no_image_at_all(tmp_path):
    (tmp_path / "a.nii.gz").write_bytes(b"nothing")
    with pytest.raises(ReadingError, match="a.nii.gz: the header of this NIfTI file can't be read"):
        read_image(tmp_path / "a.nii.gz")
    with pytest.raises(ReadingError, match="b.nii.gz: no such file or folder"):
        read_image(tmp_path / "b.nii.gz")


def test_a_phase_on_the_grid_of_another(tmp_path):
    """A field that is linear in place is the same field on every grid."""

    def field(image: sitk.Image) -> sitk.Image:
        z, y, x = np.indices(image.GetSize()[::-1])
        matrix = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
        world = np.stack([x, y, z], -1) @ matrix.T + image.GetOrigin()
        filled = sitk.GetImageFromArray(world @ [1.0, -2.0, 0.5] + 100)
        filled.CopyInformation(image)
        return filled

    reference = _volume((6, 9, 10), direction=oblique())
    other = field(_volume((14, 30, 32), (0.5, 0.5, 2.0), (0.0, -8.0, -1.0)))
    for image, name in ((reference, "reference"), (other, "other")):
        sitk.WriteImage(image, str(tmp_path / f"{name}.nrrd"))
    moved = read_image(
        ImageSource(tmp_path / "other.nrrd", resample_to=ImageSource(tmp_path / "reference.nrrd"))
    )
    assert same_grid(moved, reference)
    # A spline bends at the border of its image, so a margin is left out.
    inside = sitk.GetArrayFromImage(covered(other[3:-3, 3:-3, 3:-3], reference)) > 0
    assert inside.sum() > 50
    assert not inside.all()
    np.testing.assert_allclose(
        sitk.GetArrayFromImage(moved)[inside],
        sitk.GetArrayFromImage(field(reference))[inside],
        atol=0.3,
    )
    far = _volume(origin=(500.0, 0.0, 0.0))
    sitk.WriteImage(far, str(tmp_path / "far.nrrd"))
    with pytest.raises(ValueError, match="far.nrrd: the image lies outside of the phase"):
        read_image(
            ImageSource(tmp_path / "far.nrrd", resample_to=ImageSource(tmp_path / "reference.nrrd"))
        )
