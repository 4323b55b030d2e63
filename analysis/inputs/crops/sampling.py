"""Values of an image on the grid of a crop, and beyond the image's border."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy.ndimage import map_coordinates

from analysis.study.network_input import Padding

# Each rule as SciPy calls it. An image ends at the outer border of its last voxel, and is mirrored
# there; constant and shift leave it open what lies beyond.
BEYOND = {"edge": "nearest", "mirror": "reflect"}


def _places(image: sitk.Image, grid: sitk.Image, pixels: np.ndarray) -> np.ndarray:
    """Voxel indices z, y, x (3 × pixels) of an image at pixels of a grid (pixels × z, y, x)."""

    def steps(volume: sitk.Image) -> np.ndarray:
        return np.array(volume.GetDirection()).reshape(3, 3) * volume.GetSpacing()

    points = np.array(grid.GetOrigin())[:, None] + steps(grid) @ pixels[:, ::-1].T
    return np.linalg.solve(steps(image), points - np.array(image.GetOrigin())[:, None])[::-1]


def sampled(image: sitk.Image, grid: sitk.Image, padding: Padding) -> tuple[np.ndarray, np.ndarray]:
    """Values of an image at a grid's pixels, and which of these lie in it.

    Both are slices × rows × columns; interpolation is linear. Beyond the border, half a voxel
    beyond the centre of the last one, values follow the padding, or are NaN where it has none.
    """
    values = sitk.GetArrayFromImage(
        sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, float("nan"))
    )
    inside = np.isfinite(values)
    mode = BEYOND.get(padding)
    if mode is not None and not inside.all():
        places = _places(image, grid, np.argwhere(~inside))
        values[~inside] = map_coordinates(
            sitk.GetArrayViewFromImage(image), places, order=1, mode=mode
        )
    return values, inside
