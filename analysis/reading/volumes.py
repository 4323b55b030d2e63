"""Volumes in one file: NIfTI, NRRD, MHA and whatever else SimpleITK reads."""

from __future__ import annotations

from pathlib import Path

import SimpleITK as sitk

from analysis.reading.headers import ReadingError
from analysis.reading.nifti import check_whole, is_nifti


def read_volume(path: Path, layers: bool = False) -> sitk.Image:
    """A volume as it is stored. layers: several values a voxel are a segmentation's layers. Raises ReadingError for colour, 2-D and
    4-D images."""
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
        shape = check_whole(path) if is_nifti(path) else None
        size = reader.GetSize()
        if reader.GetNumberOfComponents() != 1 and not layers:
            raise ReadingError(f"{path}: {reader.GetNumberOfComponents()} values a voxel (colour or a vector image); only images of one value a voxel can be used")
        real = [length for length in size if length > 1]
        if len(real) > 3:
            raise ReadingError(f"{path}: a {len(size)}-D image of {' × '.join(map(str, size))}; write each phase as a volume of its own")
        if len(real) < 3 and (len(size) < 3 or size[2] == 1):
            raise ReadingError(f"{path}: a 2-D image of {' × '.join(map(str, size))}; a volume has at least two slices")
        image = reader.Execute()
        if shape is not None and [each for each in shape if each > 1] != real:
            raise ReadingError(f"{path}: its header says {' × '.join(map(str, shape))} voxels to one reader and {' × '.join(map(str, size))} to another; export it again")
    except RuntimeError as error:
        raise ReadingError(f"{path}: SimpleITK can't read this file ({str(error).strip().splitlines()[-1]})") from error
    return image if image.GetDimension() == 3 else image[:, :, :, 0]
