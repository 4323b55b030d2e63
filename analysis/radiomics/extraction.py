"""PyRadiomics on one image and mask: 14 shape + 93 × (original, 8 wavelet bands, one per LoG sigma) features."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.radiomics.engines import image_features
from analysis.study import Extraction


def _binary_mask(path: Path, image: sitk.Image) -> sitk.Image:
    mask = sitk.Cast(sitk.ReadImage(str(path)) > 0, sitk.sitkUInt8)
    if mask.GetSize() != image.GetSize():
        raise ValueError(f"mask {path.name} has grid {mask.GetSize()}, its image {image.GetSize()}; both must share one grid")
    # Headers written by different tools differ in the last digits of origin and direction; larger differences are faults.
    for what, ours, theirs in (("spacing", mask.GetSpacing(), image.GetSpacing()), ("origin", mask.GetOrigin(), image.GetOrigin())):
        if not np.allclose(ours, theirs, atol=1e-2):
            raise ValueError(f"mask {path.name} has {what} {ours}, its image {theirs}; both must share one grid")
    mask.CopyInformation(image)
    return mask


def extract_features(image_path: Path, mask_path: Path, settings: Extraction, alter: Callable[[sitk.Image, sitk.Image], sitk.Image] | None = None) -> dict[str, float]:
    """Features of one image, named as PyRadiomics names them (`original_glcm_Contrast`).

    alter: what is done to the image before, given its mask; for negative controls. Values are float64; units follow PyRadiomics (shape in mm). Raises ValueError, naming the file, for an
    empty mask, different grids, or a feature that is not a finite number.
    """
    image = sitk.ReadImage(str(image_path), sitk.sitkFloat64)
    mask = _binary_mask(mask_path, image)
    voxels = int(sitk.GetArrayViewFromImage(mask).sum())
    if voxels == 0:
        raise ValueError(f"mask {mask_path} is empty")
    image = image if alter is None else alter(image, mask)
    try:
        features = image_features(image, mask, settings)
    except Exception as error:
        raise ValueError(f"PyRadiomics failed on {image_path} with mask {mask_path} ({voxels} voxels): {error}") from error
    wrong = [name for name, value in features.items() if not np.isfinite(value)]
    if wrong:
        raise ValueError(f"{image_path}: {len(wrong)} feature(s) are not finite, first {wrong[0]}; the mask has {voxels} voxels")
    return features


def feature_classes(names: Iterable[str]) -> dict[str, int]:
    """How many of `names` (`{phase}_{filter}_{class}_{feature}`) are shape, first_order and texture features."""
    counts = {"shape": 0, "first_order": 0, "texture": 0}
    for name in names:
        kind = "shape" if "_shape_" in name else "first_order" if "_firstorder_" in name else "texture"
        counts[kind] += 1
    return counts
