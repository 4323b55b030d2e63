"""Masks of an RTSTRUCT file: its contours filled on the image's grid."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.imaging.reading.contours import Contour, Remarks, area
from analysis.imaging.reading.headers import Instance, ReadingError, Remark
from analysis.imaging.reading.mask_placing import binary_image
from analysis.imaging.reading.resampling import affine

# How far, in slices, a contour's points may lie from the slice that they are on.
OFF_PLANE = 0.25


def structure_names(instance: Instance) -> dict[int, str]:
    """Structures of an RTSTRUCT file: number and name."""
    return {
        int(item.ROINumber): str(item.get("ROIName", ""))
        for item in instance.header.get("StructureSetROISequence", [])
    }


def frames_of_reference(instance: Instance) -> set[str]:
    """Frames of reference that a mask's coordinates are in."""
    items = [
        *instance.header.get("ReferencedFrameOfReferenceSequence", []),
        *instance.header.get("StructureSetROISequence", []),
    ]
    found = {
        str(value)
        for item in items
        for value in (item.get("FrameOfReferenceUID"), item.get("ReferencedFrameOfReferenceUID"))
        if value
    }
    return found or ({instance.frame_of_reference} if instance.frame_of_reference else set())


def _contours(
    instance: Instance, number: int, image: sitk.Image, remarks: Remarks
) -> list[Contour]:
    """Closed contours of a structure, in voxels of the image.

    Raises ReadingError for one that is not on its slices or is outside.
    """
    columns, rows, slices = image.GetSize()
    matrix, name = affine(image)[:3, :3], structure_names(instance).get(number, "")
    found = []
    drawn = [
        contour
        for structure in instance.header.get("ROIContourSequence", [])
        if int(structure.ReferencedROINumber) == number
        for contour in structure.get("ContourSequence", [])
    ]
    for position, contour in enumerate(drawn, start=1):
        kind = str(contour.get("ContourGeometricType", ""))
        where = f"{instance.path}: contour {position} of structure {number} ({name})"
        if not kind.startswith("CLOSED") and kind != "POINT":
            raise ReadingError(
                f"{where} is {kind or 'of no type'}; only closed planar contours enclose a volume"
            )
        points = np.linalg.solve(
            matrix, (np.array(contour.ContourData, float).reshape(-1, 3) - image.GetOrigin()).T
        ).T
        depth = points[:, 2].mean()
        place = round(float(depth))
        off = float(np.abs(points[:, 2] - place).max())
        if len(points) < 3 or kind == "POINT":
            remarks.left_out.append(place + 1)
            continue
        if off > OFF_PLANE:
            raise ReadingError(
                f"{where} does not lie on a slice of the image: {off * image.GetSpacing()[2]:.2f}"
                f" mm from the nearest, {off:.0%} of the distance between slices; was it drawn on"
                " another series or in another plane?"
            )
        if (
            not 0 <= place < slices
            or (points[:, :2].min(axis=0) > (columns, rows)).any()
            or (points[:, :2].max(axis=0) < 0).any()
        ):
            raise ReadingError(
                f"{where} lies outside of the image; is it the structure set of another series?"
            )
        # A voxel's width beyond the outermost centres is still the image's.
        if (points[:, :2] < -1).any() or (points[:, :2] > (columns, rows)).any():
            remarks.beyond.append(place + 1)
        found.append(Contour(position, kind, place, points[:, :2]))
    return found


def structure_masks(
    instance: Instance, numbers: list[int], image: sitk.Image, said: list[Remark] | None = None
) -> list[sitk.Image]:
    """Masks of the structures, one each.

    They are the voxels whose centre is within its contours, as `area` combines those of a slice.

    said: gets what is no plain area or hole (doubled, overlapping and empty contours), with slices
    counted from 1. Raises ReadingError for contours that are not on the image's slices, or outside
    of the image.
    """
    columns, rows, slices = image.GetSize()
    masks = []
    for number in numbers:
        array, remarks = np.zeros((slices, rows, columns), bool), Remarks()
        by_slice: dict[int, list[Contour]] = {}
        for contour in _contours(instance, number, image, remarks):
            by_slice.setdefault(contour.place, []).append(contour)
        for place, contours in by_slice.items():
            array[place] = area(contours, (rows, columns), remarks)
        masks.append(binary_image(array, image))
        if said is not None:
            said += [Remark(f"structure {number}: {text}", "warning") for text in remarks.words()]
    return masks
