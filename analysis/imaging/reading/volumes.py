"""Volumes in one file: NIfTI, NRRD, MHA and whatever else SimpleITK reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.imaging.reading.detached_headers import voxel_files
from analysis.imaging.reading.headers import ReadingError, Remark
from analysis.imaging.reading.nifti import check_whole, is_nifti
from analysis.imaging.reading.nifti_header import forms, header_remarks, straightened

# What a header of a NIfTI file leaves unclear is said in this package's own words; ITK's name its
# source files.
sitk.ProcessObject.SetGlobalWarningDisplay(False)
# How ITK says that no form of a NIfTI header has perpendicular axes.
SHEARED = "orthonormal"
# First bytes of files that are given for images: what is never a volume, and what should have been
# one.
NO_VOLUMES = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"PK": "an archive (zip) or a document",
    b"\x93NUMPY": "a NumPy array",
    b"%PDF": "a document (PDF)",
}
VOLUMES = {
    b"\x1f\x8b": "a packed file (gzip)",
    b"NRRD": "NRRD",
    b"\x5c\x01\x00\x00": "NIfTI",
    b"\x00\x00\x01\x5c": "NIfTI",
}


def refuse_no_volume(path: Path) -> None:
    """Raise ReadingError for a file that can be no volume.

    It is raised before libraries print their own words about the file.
    """
    with path.open("rb") as file:
        start = file.read(16)
    absent = next((each for each in voxel_files(path) if not each.is_file()), None)
    kind = next((name for sign, name in NO_VOLUMES.items() if start.startswith(sign)), None)
    if not start:
        reason = "the file is empty"
    elif absent:
        reason = f"the file with its voxels, {absent.name}, is not there"
    elif kind:
        reason = f"it is {kind} and no volume"
    else:
        return
    raise ReadingError(f"{path}: the image can't be read: {reason}; export or copy it again")


def _why_unread(path: Path) -> str:
    """Reason why a file that SimpleITK refuses may not be read.

    It is found from the file itself: ITK's words are about its source code.
    """
    with path.open("rb") as file:
        start = file.read(16)
    kind = next((name for sign, name in VOLUMES.items() if start.startswith(sign)), None)
    return (
        f"it begins like {kind}, and is damaged, cut off, or wrongly named"
        if kind
        else "it is damaged, or no image of a kind that is known (NIfTI, NRRD, MHA, DICOM)"
    )


def read_volume(path: Path, layers: bool = False, said: list[Remark] | None = None) -> sitk.Image:
    """Volume as it is stored.

    layers: several values a voxel are a segmentation's layers. said: gets what contradicts itself
    in its header. Raises ReadingError for colour, 2-D and 4-D images, and for what can't be read.
    """
    refuse_no_volume(path)
    shape = check_whole(path) if is_nifti(path) else None
    try:
        image = _by_simpleitk(path, layers, shape)
    except RuntimeError as error:
        if shape is None or SHEARED not in str(error) or len(_real(shape)) != 3 or not forms(path):
            raise ReadingError(
                f"{path}: the image can't be read: {_why_unread(path)}; export or copy it again"
            ) from error
        image = straightened(path, forms(path))
    image = image if image.GetDimension() == 3 else image[:, :, :, 0]
    if said is not None and shape is not None:
        said += header_remarks(path, image)
    return image


def _real(shape: Sequence[int]) -> list[int]:
    """Lengths of the dimensions that an image extends in."""
    return [length for length in shape if length > 1]


def _by_simpleitk(path: Path, layers: bool, shape: tuple[int, ...] | None) -> sitk.Image:
    """shape: of a NIfTI file as nibabel has it."""
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    # A file whose header nibabel has found to be a volume's is read at once.
    image = reader.Execute() if shape is not None and len(_real(shape)) == 3 else None
    if image is None:
        reader.ReadImageInformation()
    # The reader counts two for a complex number, and an image one.
    size, components = reader.GetSize(), reader.GetNumberOfComponents()
    if components != 1 and not layers:
        raise ReadingError(
            f"{path}: {counted(components, 'value')} a voxel (colour or a vector image); only"
            " images of one value a voxel can be used"
        )
    real = _real(size)
    if len(real) > 3:
        raise ReadingError(
            f"{path}: a {len(size)}-D image of {' × '.join(map(str, size))}; write each phase as a"
            " volume of its own"
        )
    if len(real) < 3 and (len(size) < 3 or size[2] == 1):
        raise ReadingError(
            f"{path}: a 2-D image of {' × '.join(map(str, size))}; a volume has at least two slices"
        )
    if image is None:
        image = reader.Execute()
    if shape is not None and _real(shape) != real:
        raise ReadingError(
            f"{path}: its header says {' × '.join(map(str, shape))} voxels to one reader and"
            f" {' × '.join(map(str, size))} to another; export it again"
        )
    return image
