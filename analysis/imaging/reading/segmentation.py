"""Masks of a DICOM-SEG file, by highdicom."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.imaging.reading.headers import (
    Instance,
    ReadingError,
    Remark,
    read_data_set,
    transfer_syntax,
)
from analysis.imaging.reading.mask_placing import placed
from analysis.imaging.reading.pixels import EXTRA, check_decoder
from analysis.study.images import Masks


def segment_names(instance: Instance) -> dict[int, str]:
    """Segments of a DICOM-SEG file: number and label."""
    return {
        int(item.SegmentNumber): str(item.get("SegmentLabel", ""))
        for item in instance.header.SegmentSequence
    }


def _volume_image(array: np.ndarray, matrix: np.ndarray) -> sitk.Image:
    """Image of an array on its grid in the patient's space.

    array: by the file's slice, row and column. matrix: from these indices to the patient's axes
    (LPS, mm), 4 × 4.
    """
    image = sitk.GetImageFromArray(array.astype(np.uint8))
    axes = matrix[:3, [2, 1, 0]]
    spacing = np.linalg.norm(axes, axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((axes / spacing).ravel().tolist())
    image.SetOrigin(matrix[:3, 3].tolist())
    return image


def segment_masks(
    instance: Instance,
    numbers: list[int],
    image: sitk.Image,
    rules: Masks,
    said: list[Remark] | None = None,
) -> list[sitk.Image]:
    """Masks of the segments, one each, at the places of the image's voxels that the file names.

    A fractional segment counts from one half. rules: for a segmentation of another series. said:
    gets what resampling did.

    Raises ReadingError where highdicom is absent, or voxels do not lie on those of the image and
    are not to be resampled.
    """
    # Imported here: an extra, and most studies have no DICOM-SEG.
    try:
        import highdicom
    except ImportError:
        raise ReadingError(
            f"{instance.path}: reading a DICOM-SEG needs highdicom, which is not installed; {EXTRA}"
        ) from None
    path = instance.path
    check_decoder(transfer_syntax(instance.header), path)
    segmentation = highdicom.seg.Segmentation.from_dataset(read_data_set(path), copy=False)
    masks = []
    for number in numbers:
        try:
            volume = segmentation.get_volume(segment_numbers=[number], allow_missing_positions=True)
        except Exception as error:
            raise ReadingError(f"{path}: segment {number} is no volume ({error})") from error
        drawn = _volume_image(np.asarray(volume.array)[..., 0] >= 0.5, volume.affine)
        masks.append(
            placed(drawn, image, rules=rules, place=f"{path}, segment {number}", said=said)
        )
    return masks
