"""Place of the tumour, and the grid around it on which all phases meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from analysis.study import DeepLearning


@dataclass(frozen=True)
class Tumour:
    """Place of a tumour, in voxel indices x, y, z of the mask.

    It has the bounding box (first and last voxel), the centre of mass, and that of the largest
    axial section. spacing: mm.
    """

    low: np.ndarray
    high: np.ndarray
    centre: np.ndarray
    section: np.ndarray
    spacing: np.ndarray

    @property
    def extent_mm(self) -> np.ndarray:
        """Sides of the bounding box along x, y and z."""
        return (self.high - self.low + 1) * self.spacing


def tumour_of(mask: sitk.Image) -> Tumour:
    """Raises ValueError if the mask is empty."""
    voxels = sitk.GetArrayViewFromImage(mask)
    z, y, x = np.nonzero(voxels)
    if not len(z):
        raise ValueError("the mask is empty")
    largest = int(voxels.sum(axis=(1, 2)).argmax())
    here = z == largest
    found = np.stack([x, y, z])
    section = np.array([x[here].mean(), y[here].mean(), float(largest)])
    return Tumour(
        found.min(axis=1),
        found.max(axis=1),
        centre=found.mean(axis=1),
        section=section,
        spacing=np.array(mask.GetSpacing()),
    )


def _moved_inside(centre: np.ndarray, mask: sitk.Image, sides_mm: np.ndarray) -> np.ndarray:
    """Centre, moved as little as lets as much of a crop as possible lie in the mask's image.

    centre: voxel indices x, y, z; sides_mm: of the crop, from border to border.
    """
    half = sides_mm / np.array(mask.GetSpacing()) / 2
    ends = np.array([half - 0.5, np.array(mask.GetSize()) - 0.5 - half])
    return np.clip(centre, ends.min(axis=0), ends.max(axis=0))


def grid_around(mask: sitk.Image, settings: DeepLearning) -> sitk.Image:
    """Empty image centred on the tumour: crop_pixels square in plane, `slices` planes.

    2.5-D: around the largest axial section, planes as far apart as the reference's slices; 3-D:
    around the whole tumour, voxels as high as wide; slice_spacing_mm changes either. With margin_mm
    the square holds the bounding box and the margin, in 3-D the block does, on its longest side.
    padding shift: the whole grid is moved into the image that the mask lies on, as far as it fits.
    """
    tumour, block = tumour_of(mask), settings.dimensions == 3
    middle = (tumour.low + tumour.high) / 2
    if settings.margin_mm is None:
        assert settings.field_of_view_mm is not None
        field, centre = settings.field_of_view_mm, tumour.centre if block else tumour.section
    else:
        field = float(tumour.extent_mm[: 3 if block else 2].max()) + 2 * settings.margin_mm
        centre = middle if block else np.array([middle[0], middle[1], tumour.section[2]])
    step = field / settings.crop_pixels
    spacing = np.array(
        [step, step, settings.slice_spacing_mm or (step if block else tumour.spacing[2])]
    )
    size = np.array([settings.crop_pixels, settings.crop_pixels, settings.slices])
    if settings.padding == "shift":
        centre = _moved_inside(centre, mask, spacing * size)
    direction = np.array(mask.GetDirection()).reshape(3, 3)
    grid = sitk.Image([int(each) for each in size], sitk.sitkFloat32)
    grid.SetSpacing(spacing.tolist())
    grid.SetDirection(mask.GetDirection())
    place = np.array(mask.TransformContinuousIndexToPhysicalPoint([float(each) for each in centre]))
    grid.SetOrigin((place - direction @ (spacing * (size - 1) / 2)).tolist())
    return grid
