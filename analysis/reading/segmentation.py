"""Masks of a DICOM-SEG file, by highdicom."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.reading.headers import Instance, ReadingError, read_data_set, transfer_syntax
from analysis.reading.masks import binary_image
from analysis.reading.pixels import EXTRA, check_decoder

# How far, in voxels, the segmentation's voxels may lie from those of the image.
ALIGNED = 0.05


def segment_names(instance: Instance) -> dict[int, str]:
    return {int(item.SegmentNumber): str(item.get("SegmentLabel", "")) for item in instance.header.SegmentSequence}


def _steps(affine: np.ndarray, image: sitk.Image) -> np.ndarray:
    """From indices of the segmentation (slice, row, column) to those of the image (x, y, z): 4 × 4."""
    grid = np.eye(4)
    grid[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    grid[:3, 3] = image.GetOrigin()
    return np.linalg.solve(grid, affine)


def segment_masks(instance: Instance, numbers: list[int], image: sitk.Image) -> list[sitk.Image]:
    """One mask a segment, at the places of the image's voxels that the file names; a fractional segment counts from one half.

    Raises ReadingError where highdicom is absent, or voxels do not lie on those of the image.
    """
    try:
        import highdicom
    except ImportError:
        raise ReadingError(f"{instance.path}: reading a DICOM-SEG needs highdicom, which is not installed; {EXTRA}") from None
    path = instance.path
    check_decoder(transfer_syntax(instance.header), path)
    segmentation = highdicom.seg.Segmentation.from_dataset(read_data_set(path), copy=False)
    size = np.array(image.GetSize())
    masks = []
    for number in numbers:
        try:
            volume = segmentation.get_volume(segment_numbers=[number], allow_missing_positions=True)
        except Exception as error:
            raise ReadingError(f"{path}: segment {number} is no volume ({error})") from error
        steps = _steps(volume.affine, image)
        inside = np.argwhere(np.asarray(volume.array)[..., 0] >= 0.5)
        if np.abs(np.round(steps[:3, :3])).sum() != 3:
            raise ReadingError(f"{path}: segment {number} is on another grid than its image (spacing or direction differ); segment the image itself")
        places = inside @ steps[:3, :3].T + steps[:3, 3]
        if len(places) and np.abs(places - np.round(places)).max() > ALIGNED:
            raise ReadingError(f"{path}: voxels of segment {number} lie between those of the image; segment the image itself")
        x, y, z = np.round(places).astype(int).T
        outside = (x < 0) | (y < 0) | (z < 0) | (x >= size[0]) | (y >= size[1]) | (z >= size[2])
        if outside.any():
            raise ReadingError(f"{path}: {int(outside.sum())} of {len(outside)} voxels of segment {number} lie outside of the image; is it the segmentation of another series?")
        array = np.zeros(size[::-1], np.uint8)
        array[z, y, x] = 1
        masks.append(binary_image(array, image))
    return masks
