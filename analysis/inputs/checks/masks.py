"""Faults of a mask: its values, its extent, and whether features can be computed in it."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from analysis.core.word_lists import counted, listed
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.imaging.reading.gaps import Gap, drawn_axis, find_gaps, pieces
from analysis.imaging.reading.slice_ranges import slices_in_words
from analysis.inputs.checks.extraction import likely_reason, losing_keys
from analysis.inputs.checks.finding import Finding
from analysis.inputs.radiomics import extract_features
from analysis.study import Extraction

FEW_VOXELS = 64
# More values than this are no labels.
MOST_LABELS = 20
# A mask of a tumour hardly ever fills more of its image than this.
LARGEST_SHARE = 0.8
# A piece below this share of the largest is small beside it, and may be a slip of the hand; so many
# are listed.
STRAY = 0.05
MOST_STRAY = 5


def mask_values(mask: sitk.Image, source: MaskSource, found: list[Finding]) -> np.ndarray | None:
    """Voxels of the tumour as a boolean array; None where the mask's values leave no answer.

    What is wrong with the values is added to `found`.
    """
    values = sitk.GetArrayViewFromImage(mask)
    labels = np.unique(values)
    if not np.isfinite(labels).all():
        found.append(
            Finding(
                "error",
                "mask",
                "it has voxels that are not finite (NaN or infinite)",
                "set them to 0",
            )
        )
        return None
    others = labels[labels != 0]
    if len(labels) > MOST_LABELS or (others != np.round(others)).any() or (others < 0).any():
        found.append(
            Finding(
                "error",
                "mask",
                f"it is no mask: {counted(len(labels), 'different value')} from {labels[0]:g} to"
                f" {labels[-1]:g}",
                "give 0 for background and 1 for tumour; a map of probabilities has to be cut"
                " first",
            )
        )
        return None
    if not len(others):
        found.append(
            Finding(
                "error",
                "mask",
                "it is empty",
                "draw the tumour, or take the patient out of the table",
            )
        )
        return None
    if len(others) > 1 and source.lesions.rule == "all" and not source.segment:
        found.append(
            Finding(
                "warning",
                "mask",
                f"it has the labels {', '.join(f'{each:g}' for each in others)}; all of them count"
                " as tumour",
                "keep the tumour's label alone if others mean something else",
            )
        )
    elif len(others) == 1 and others[0] != 1:
        found.append(
            Finding("note", "mask", f"its tumour has the value {others[0]:g} instead of 1")
        )
    inside = values != 0
    if inside.all():
        found.append(
            Finding(
                "error",
                "mask",
                "it covers the whole image",
                "draw the tumour; a background is needed, if only one voxel wide",
            )
        )
        return None
    if inside.mean() > LARGEST_SHARE:
        found.append(
            Finding(
                "warning",
                "mask",
                f"it covers {inside.mean():.0%} of its image",
                "is background the tumour's value?",
            )
        )
    return inside


def extent(inside: np.ndarray, texture: bool, found: list[Finding]) -> None:
    """Check of the extent of a mask.

    There is a finding where it is one voxel or a line, an error where a texture is wanted of it.
    inside: boolean array.
    """
    voxels = int(inside.sum())
    places = [
        np.flatnonzero(inside.any(axis=tuple(other for other in range(3) if other != axis)))
        for axis in range(3)
    ]
    flat = sum(each[-1] > each[0] for each in places) < 2
    if voxels == 1 or (flat and texture):
        found.append(
            Finding(
                "error" if texture else "warning",
                "mask",
                "it has one voxel"
                if voxels == 1
                else f"its {counted(voxels, 'voxel lies', 'voxels lie')} on one line",
                "draw the tumour; a texture needs an area",
            )
        )
    elif voxels < FEW_VOXELS:
        found.append(
            Finding(
                "warning",
                "mask",
                f"it has {counted(voxels, 'voxel')}",
                "a texture of so few says little; make sure that the tumour was drawn on this"
                " image",
            )
        )
    names = ("slice", "row", "column")
    edges = [
        names[axis]
        for axis, each in enumerate(places)
        if inside.shape[axis] > 1 and (each[0] == 0 or each[-1] == inside.shape[axis] - 1)
    ]
    if edges and inside.mean() <= LARGEST_SHARE:
        found.append(
            Finding(
                "warning",
                "mask",
                f"it touches the border of its image (first or last {', '.join(edges)})",
                "make sure that the tumour is not cut off",
            )
        )


def separate_pieces(mask: sitk.Image, least_voxels: int, found: list[Finding]) -> None:
    """Check for gaps between drawn slices, and for small pieces far from the rest.

    mask: as the study reads it. least_voxels: pieces below are left out by the study's rule, so
    that nothing is said of them.
    """
    labels = pieces(sitk.GetArrayViewFromImage(mask) > 0)
    spacing = mask.GetSpacing()[::-1]
    axis = drawn_axis(spacing)
    gaps = find_gaps(labels, axis)
    if gaps:
        empty = slices_in_words([place + 1 for gap in gaps for place in gap.slices])
        verb = "is" if " " not in empty.removeprefix("slice ") else "are"
        found.append(
            Finding(
                "warning",
                "mask",
                f"{empty} between drawn ones of a lesion {verb} empty{_across(axis)}",
                "draw on them, or let them be filled by shape-based interpolation (masks: {gaps:"
                " interpolate} in the study file)",
            )
        )
    lesion = _joined(labels, gaps)
    sizes = np.bincount(lesion.ravel())
    main = int(sizes[1:].argmax()) + 1
    stray = [
        number
        for number in range(1, len(sizes))
        if number != main and max(least_voxels, 1) <= sizes[number] < STRAY * sizes[main]
    ]
    if stray:
        shown = stray[:MOST_STRAY]
        far = _distances(lesion, main, shown, spacing)
        told = []
        for number in shown:
            slices = np.flatnonzero((lesion == number).any(axis=_others(axis))) + 1
            voxels = "voxel" if sizes[number] == 1 else "voxels"
            told.append(
                f"{sizes[number]} {voxels} in {slices_in_words(slices.tolist())},"
                f" {far[number]:.0f} mm away"
            )
        more = f", and {len(stray) - len(shown)} more" if len(stray) > len(shown) else ""
        found.append(
            Finding(
                "warning",
                "mask",
                f"{len(stray)} small piece{' is' if len(stray) == 1 else 's are'} apart from the"
                f" largest of {counted(sizes[main], 'voxel')}:"
                f" {'; '.join(told)}{more}{_across(axis)}",
                "erase what is no tumour; a lesion of its own stays",
            )
        )


def _others(axis: int) -> tuple[int, ...]:
    return tuple(each for each in range(3) if each != axis)


def _across(axis: int) -> str:
    """Words for the axis that slices are counted along, where it is not the file's own."""
    return (
        ""
        if axis == 0
        else f" (slices are counted along the file's {('third', 'second', 'first')[axis]} axis)"
    )


def _joined(labels: np.ndarray, gaps: list[Gap]) -> np.ndarray:
    """Pieces on both sides of a gap as one, by the lower number."""
    numbers = np.arange(labels.max() + 1)
    for gap in gaps:
        low, high = sorted((numbers[gap.before], numbers[gap.after]))
        numbers[numbers == high] = low
    return np.asarray(numbers[labels])


def _distances(
    lesion: np.ndarray, main: int, stray: list[int], spacing: tuple[float, ...]
) -> dict[int, float]:
    """Least distance (mm) of each stray piece from the main one, voxel centre to voxel centre."""
    places = np.argwhere(lesion > 0)
    part = lesion[
        tuple(
            slice(low, high + 1)
            for low, high in zip(places.min(axis=0), places.max(axis=0), strict=True)
        )
    ]
    distance = ndimage.distance_transform_edt(part != main, sampling=spacing)
    return {number: float(distance[part == number].min()) for number in stray}


def are_few(inside: np.ndarray, mask: sitk.Image, extraction: Extraction) -> bool:
    """True if a mask has too few voxels after resampling.

    So little is then left of the mask, resampled as the features ask for, that the features may not
    be there.
    """
    share = float(np.prod(mask.GetSpacing()) / np.prod(extraction.spacing_of(mask.GetSpacing())))
    return inside.sum() * min(share, 1.0) < FEW_VOXELS


def try_features(
    image: ImageSource, mask: MaskSource, extraction: Extraction, found: list[Finding]
) -> None:
    """Check whether features can be computed in a mask.

    It computes the features themselves: no rule of ours would say as they do what few voxels become
    by resampling.
    """
    try:
        extract_features(image, mask, extraction)
    except (ValueError, RuntimeError) as error:
        reason = str(error).removeprefix(f"{image.path} with mask {mask.path}: ")
        keys = losing_keys(extraction)
        found.append(
            Finding(
                "error",
                "mask",
                f"features can't be computed in it ({likely_reason(reason, extraction)})",
                "draw more of the tumour, or resample to smaller voxels (resampled_spacing_mm in"
                " the study file)" + (f", or change {listed(keys)} there" if keys else ""),
            )
        )
