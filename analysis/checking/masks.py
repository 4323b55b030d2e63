"""What can be wrong with a mask: its values, its extent, and whether features can be computed in it."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.checking.finding import Finding
from analysis.reading import ImageSource, MaskSource
from analysis.study import Extraction

FEW_VOXELS = 64
# More values than this are no labels.
MOST_LABELS = 20
# A mask of a tumour hardly ever fills more of its image than this.
LARGEST_SHARE = 0.8


def mask_values(mask: sitk.Image, source: MaskSource, found: list[Finding]) -> np.ndarray | None:
    values = sitk.GetArrayViewFromImage(mask)
    labels = np.unique(values)
    if not np.isfinite(labels).all():
        found.append(Finding("error", "mask", "it has voxels that are not finite (NaN or infinite)", "set them to 0"))
        return None
    others = labels[labels != 0]
    if len(labels) > MOST_LABELS or (others != np.round(others)).any() or (others < 0).any():
        found.append(Finding("error", "mask", f"it is no mask: {len(labels)} different values from {labels[0]:g} to {labels[-1]:g}", "give 0 for background and 1 for tumour; a map of probabilities has to be cut first"))
        return None
    if not len(others):
        found.append(Finding("error", "mask", "it is empty", "draw the tumour, or take the patient out of the table"))
        return None
    if len(others) > 1 and source.lesions.rule == "all" and not source.segment:
        found.append(Finding("warning", "mask", f"it has the labels {', '.join(f'{each:g}' for each in others)}; all of them count as tumour", "keep the tumour's label alone if others mean something else"))
    elif len(others) == 1 and others[0] != 1:
        found.append(Finding("note", "mask", f"its tumour has the value {others[0]:g} instead of 1"))
    inside = values != 0
    if inside.all():
        found.append(Finding("error", "mask", "it covers the whole image", "draw the tumour; a background is needed, if only one voxel wide"))
        return None
    if inside.mean() > LARGEST_SHARE:
        found.append(Finding("warning", "mask", f"it covers {inside.mean():.0%} of its image", "is background the tumour's value?"))
    return inside


def extent(inside: np.ndarray, texture: bool, found: list[Finding]) -> None:
    voxels = int(inside.sum())
    places = [np.flatnonzero(inside.any(axis=tuple(other for other in range(3) if other != axis))) for axis in range(3)]
    flat = sum(each[-1] > each[0] for each in places) < 2
    if voxels == 1 or (flat and texture):
        found.append(Finding("error" if texture else "warning", "mask", "it has one voxel" if voxels == 1 else f"its {voxels} voxels lie on one line", "draw the tumour; a texture needs an area"))
    elif voxels < FEW_VOXELS:
        found.append(Finding("warning", "mask", f"it has {voxels} voxels", "a texture of so few says little; make sure that the tumour was drawn on this image"))
    names = ("slice", "row", "column")
    edges = [names[axis] for axis, each in enumerate(places) if inside.shape[axis] > 1 and (each[0] == 0 or each[-1] == inside.shape[axis] - 1)]
    if edges and inside.mean() <= LARGEST_SHARE:
        found.append(Finding("warning", "mask", f"it touches the border of its image (first or last {', '.join(edges)})", "make sure that the tumour is not cut off"))


def are_few(inside: np.ndarray, mask: sitk.Image, extraction: Extraction) -> bool:
    """Whether so little is left of a mask, resampled as the features ask for, that they may not be there."""
    share = 1.0 if extraction.resampled_spacing_mm is None else float(np.prod(mask.GetSpacing()) / np.prod(extraction.resampled_spacing_mm))
    return inside.sum() * min(share, 1.0) < FEW_VOXELS


def try_features(image: ImageSource, mask: MaskSource, extraction: Extraction, found: list[Finding]) -> None:
    """The features themselves: what few voxels become by resampling, no rule of ours would say as they do."""
    from analysis.radiomics import extract_features
    try:
        extract_features(image, mask, extraction)
    except (ValueError, RuntimeError) as error:
        reason = str(error).removeprefix(f"{image.path} with mask {mask.path}: ")
        found.append(Finding("error", "mask", f"features can't be computed in it ({reason})", "draw more of the tumour, or resample to smaller voxels (resampled_spacing_mm in the study file)"))
