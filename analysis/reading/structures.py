"""Masks of an RTSTRUCT file: its contours filled on the image's grid.

Filled here, with Matplotlib's test of points in a polygon: rt-utils needs OpenCV and rounds contours to whole pixels, so that a
mask does not come back as it was.
"""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from matplotlib.path import Path as Polygon

from analysis.reading.headers import Instance, ReadingError
from analysis.reading.masks import binary_image

# How far, in slices, a contour's points may lie from the slice that they are on.
OFF_PLANE = 0.25


def structure_names(instance: Instance) -> dict[int, str]:
    return {int(item.ROINumber): str(item.get("ROIName", "")) for item in instance.header.get("StructureSetROISequence", [])}


def frames_of_reference(instance: Instance) -> set[str]:
    """Frames of reference that a mask's coordinates are in."""
    items = [*instance.header.get("ReferencedFrameOfReferenceSequence", []), *instance.header.get("StructureSetROISequence", [])]
    found = {str(value) for item in items for value in (item.get("FrameOfReferenceUID"), item.get("ReferencedFrameOfReferenceUID")) if value}
    return found or ({instance.frame_of_reference} if instance.frame_of_reference else set())


def _contours(instance: Instance, number: int, image: sitk.Image) -> list[np.ndarray]:
    """Closed contours of a structure, points × (x, y, z) in indices of the image."""
    matrix = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    contours = []
    for structure in instance.header.get("ROIContourSequence", []):
        if int(structure.ReferencedROINumber) != number:
            continue
        for position, contour in enumerate(structure.get("ContourSequence", []), start=1):
            kind = str(contour.get("ContourGeometricType", ""))
            if not kind.startswith("CLOSED"):
                if kind == "POINT":
                    continue
                raise ReadingError(f"{instance.path}: contour {position} of structure {number} is {kind or 'of no type'}; only closed planar contours enclose a volume")
            points = np.array(contour.ContourData, float).reshape(-1, 3)
            if len(points) >= 3:
                contours.append(np.linalg.solve(matrix, (points - image.GetOrigin()).T).T)
    return contours


def _fill(contour: np.ndarray, shape: tuple[int, int]) -> tuple[slice, slice, np.ndarray]:
    """Voxels (rows, columns) whose centre lies within a contour, as a patch."""
    low = np.maximum(np.floor(contour[:, :2].min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(contour[:, :2].max(axis=0)).astype(int) + 1, (shape[1], shape[0]))
    columns, rows = np.arange(low[0], high[0]), np.arange(low[1], high[1])
    grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    inside = Polygon(np.vstack([contour[:, :2], contour[:1, :2]]), closed=True).contains_points(grid) if len(grid) else np.zeros(0, bool)
    return slice(low[1], max(high[1], low[1])), slice(low[0], max(high[0], low[0])), inside.reshape(len(rows), len(columns))


def structure_masks(instance: Instance, numbers: list[int], image: sitk.Image) -> list[sitk.Image]:
    """One mask a structure: voxels whose centre is within an odd number of its contours on their slice, so that a contour inside of
    another is a hole. Raises ReadingError for contours that are not on the image's slices, or outside of the image."""
    columns, rows, slices = image.GetSize()
    masks = []
    for number in numbers:
        array = np.zeros((slices, rows, columns), bool)
        for position, contour in enumerate(_contours(instance, number, image), start=1):
            place = round(float(contour[:, 2].mean()))
            where = f"{instance.path}: contour {position} of structure {number} ({structure_names(instance).get(number, '')})"
            if np.abs(contour[:, 2] - place).max() > OFF_PLANE:
                raise ReadingError(f"{where} does not lie on a slice of the image; was it drawn on another series or in another plane?")
            if not 0 <= place < slices or (contour[:, :2].min(axis=0) > (columns, rows)).any() or (contour[:, :2].max(axis=0) < 0).any():
                raise ReadingError(f"{where} lies outside of the image; is it the structure set of another series?")
            down, across, inside = _fill(contour, (rows, columns))
            array[place, down, across] ^= inside
        masks.append(binary_image(array, image))
    return masks
