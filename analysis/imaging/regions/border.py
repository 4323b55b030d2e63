"""Where regions around a tumour end: at the border of an organ, at air, or with the image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask
from analysis.imaging.reading.read import not_imaged
from analysis.study.regions import Air

# Half-way between soft tissue and lung.
AIR_HU = -400.0
# Of an MR image without a unit: darker than this share of the way from its lowest value to the
# tumour's median, as air is, whose signal is noise.
AIR_SHARE = 0.1


def stored_volume(source: Path | ImageSource, volume: sitk.Image) -> sitk.Image:
    """The image before any preparation, float64: what air is told by, and regions are made on.

    volume: what was read from the source; it comes back where the source has no preparation.
    """
    if not isinstance(source, ImageSource) or source.preparation is None:
        return volume
    return read_image(replace(source, preparation=None), sitk.sitkFloat64)


def air_of(image: np.ndarray, tumour: np.ndarray, air: Air) -> np.ndarray:
    """Voxels of air: boolean, of the image's shape.

    ct: below AIR_HU. mr: darker than AIR_SHARE of the way from the image's lowest value to the
    tumour's median, and joined with the border of the image by such voxels (faces), so that dark
    vessels and bile ducts inside the body are none. none: no voxel.
    """
    if air == "none":
        return np.zeros(image.shape, bool)
    if air == "ct":
        return np.asarray(image < AIR_HU)
    low = float(image.min())
    dark = image < low + AIR_SHARE * (float(np.median(image[tumour])) - low)
    pieces, count = ndimage.label(dark & ~tumour)
    if not count:
        return np.zeros(image.shape, bool)
    at_border = set()
    for axis in range(image.ndim):
        for face in (0, -1):
            at_border |= set(np.unique(np.take(pieces, face, axis=axis)).tolist())
    return np.isin(pieces, sorted(at_border - {0}))


def border_cut(
    mask: MaskSource, image: sitk.Image, tumour: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Voxels beyond the border at which a region ends, and those that were not imaged.

    Both are boolean and of the image's shape, None where there are none. mask: with its region.
    image: the stored one (`stored_volume`), as a scale of its own may move what air is.
    """
    source = mask.region
    assert source is not None
    beyond: np.ndarray | None = None
    if source.organ is not None:
        beyond = sitk.GetArrayFromImage(read_mask(source.organ, image)) == 0
    elif source.air in ("ct", "mr"):
        beyond = air_of(sitk.GetArrayViewFromImage(image), tumour, source.air)
    return beyond, (None if mask.image is None else not_imaged(mask.image, image))
