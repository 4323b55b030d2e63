"""Voxels of a mask on the grid of its image.

They are copied where the two share their voxels, and resampled where the study asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from analysis.core.word_lists import counted
from analysis.imaging.reading.headers import ReadingError, Remark
from analysis.imaging.reading.resampling import ALIGNED, affine, corners, grid_difference
from analysis.study.images import Masks

# What a study file says to have masks resampled; `convert` says it in the terms of its rules.
IN_THE_STUDY = "(masks: {resampling: nearest} or signed_distance in the study file)"
# A change of a mask's volume by resampling that is worth a look.
CHANGED = 0.2


def binary_image(array: np.ndarray, image: sitk.Image) -> sitk.Image:
    """0 and 1 on the image's grid."""
    mask = sitk.GetImageFromArray(array.astype(np.uint8))
    mask.CopyInformation(image)
    return mask


def shared_voxels(mask: sitk.Image, image: sitk.Image) -> np.ndarray | None:
    """Transformation from voxel indices of the mask to those of the image.

    It maps indices (x, y, z, 1) by 4 × 4 whole numbers, where the mask's voxels are voxels of the
    image's lattice: cropped, padded, turned or mirrored. None where they lie between the image's,
    by more than ALIGNED of a voxel.
    """
    steps = np.linalg.solve(affine(image), affine(mask))
    whole = np.round(steps)
    if (
        not (np.abs(whole[:3, :3]).sum(axis=0) == 1).all()
        or not (np.abs(whole[:3, :3]).sum(axis=1) == 1).all()
    ):
        return None
    moved = (steps - whole) @ corners(mask.GetSize())
    return whole.astype(int) if np.abs(moved).max() <= ALIGNED else None


def _indices(mask: sitk.Image) -> np.ndarray:
    """n × (x, y, z, 1) of the mask's voxels."""
    found = np.argwhere(sitk.GetArrayViewFromImage(mask) > 0)[:, ::-1]
    return np.column_stack([found, np.ones(len(found), found.dtype)])


def _outside(places: np.ndarray, image: sitk.Image) -> np.ndarray:
    beyond = (places[:, :3] < -0.5) | (places[:, :3] > np.array(image.GetSize()) - 0.5)
    return np.asarray(beyond.any(axis=1))


def _copied(mask: sitk.Image, image: sitk.Image, steps: np.ndarray, place: str) -> sitk.Image:
    places = _indices(mask) @ steps.T
    outside = _outside(places, image)
    if outside.any():
        raise ReadingError(
            f"{place}: {int(outside.sum())} of {counted(len(outside), 'voxel lies', 'voxels lie')}"
            " outside of the image; is it the segmentation of another series?"
        )
    array = np.zeros(image.GetSize()[::-1], np.uint8)
    array[tuple(places[:, axis] for axis in (2, 1, 0))] = 1
    return binary_image(array, image)


def signed_distance(inside: np.ndarray, spacing: Sequence[float]) -> np.ndarray:
    """Signed distance (mm) from the outline of a mask.

    The outline is half-way between voxels inside and outside; the distance is negative inside.
    spacing: of the array's axes.
    """
    return ndimage.distance_transform_edt(
        ~inside, sampling=spacing
    ) - ndimage.distance_transform_edt(inside, sampling=spacing)


def resampled(mask: sitk.Image, image: sitk.Image, rule: str) -> sitk.Image:
    """Mask resampled onto the image's grid.

    nearest: each voxel has the value of the mask's nearest voxel. signed_distance: voxels within
    the outline that linear interpolation of the signed distance gives, which is smooth where the
    mask's slices are thick. It is done by hand over SciPy's exact distances: SimpleITK's map is
    zero on the outermost voxels inside, so that its outline is half a voxel too far in.
    """
    if rule == "nearest":
        return binary_image(
            sitk.GetArrayFromImage(
                sitk.Resample(mask, image, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
            )
            > 0,
            image,
        )
    places = _indices(mask)[:, :3]
    low, high = places.min(axis=0), places.max(axis=0)
    part = sitk.ConstantPad(
        sitk.RegionOfInterest(mask, (high - low + 1).tolist(), low.tolist()), [2] * 3, [2] * 3, 0
    )
    distance = sitk.GetImageFromArray(
        signed_distance(sitk.GetArrayFromImage(part) > 0, part.GetSpacing()[::-1])
    )
    distance.CopyInformation(part)
    return binary_image(
        sitk.GetArrayFromImage(
            sitk.Resample(distance, image, sitk.Transform(), sitk.sitkLinear, 1e6)
        )
        < 0,
        image,
    )


def placed(
    mask: sitk.Image, image: sitk.Image, rules: Masks, place: str, said: list[Remark] | None = None
) -> sitk.Image:
    """Mask (above 0) as 0 and 1 on the image's grid.

    place: how errors name it. said: gets what resampling did.

    Raises ReadingError for voxels between those of the image where the study does not ask for
    resampling, and for a mask outside of the image.
    """
    mask = sitk.Cast(mask > 0, sitk.sitkUInt8)
    steps = shared_voxels(mask, image)
    if steps is not None:
        return _copied(mask, image, steps, place)
    if rules.resampling == "none":
        # Slices may be stored in the other order, which is no difference of place.
        axes = sitk.DICOMOrientImageFilter.GetOrientationFromDirectionCosines(image.GetDirection())
        difference = grid_difference(sitk.DICOMOrient(mask, axes), image)
        raise ReadingError(
            f"{place}: its voxels lie between those of the image ({difference}); segment the image"
            f" itself, or let masks be resampled {IN_THE_STUDY}"
        )
    places = _indices(mask)
    if not len(places):
        return binary_image(np.zeros(image.GetSize()[::-1], bool), image)
    outside = _outside(places @ np.linalg.solve(affine(image), affine(mask)).T, image).mean()
    made = resampled(mask, image, rules.resampling)
    before = len(places) * float(np.prod(mask.GetSpacing())) / 1000
    after = int(sitk.GetArrayViewFromImage(made).sum()) * float(np.prod(image.GetSpacing())) / 1000
    if outside == 1 or not after:
        raise ReadingError(
            f"{place}: nothing is left of it on the grid of its image ({before:.3g} ml before,"
            f" {outside:.0%} of it outside of the image)"
        )
    if said is not None:
        changed = abs(after - before) > CHANGED * before
        words = (
            f"resampled ({rules.resampling.replace('_', ' ')}) from voxels of {_mm(mask)} to those"
            f" of its image, {_mm(image)}: {before:.3g} ml became {after:.3g} ml"
        )
        said.append(
            Remark(
                words + (f"; {outside:.0%} of it lies outside of the image" if outside else ""),
                "warning" if changed or outside else "note",
                "resampled",
            )
        )
    return made


def _mm(image: sitk.Image) -> str:
    return " × ".join(f"{each:.3g}" for each in image.GetSpacing()) + " mm"
