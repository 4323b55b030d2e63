"""Voxels of the mask that stay by their intensity, as PyRadiomics's `resegmentMask` keeps them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.inputs.radiomics.engine.region import Degenerate, Region, bounding_box
from analysis.study import Extraction


def resegmented(region: Region, settings: Extraction) -> tuple[Region, np.ndarray]:
    """Region with the mask of the voxels that stay, and the mask of shape in its box.

    region: exact, since rounding would decide about voxels at a limit. Shape is of the drawn mask,
    cut to the new box as PyRadiomics cuts it, or of the voxels that stay. Raises Degenerate.
    """
    chosen = settings.resegment
    if chosen is None:
        return region, region.mask[region.box]
    inside = region.image[region.mask]
    limits = np.array(sorted(chosen.range))
    if chosen.mode == "relative":
        limits = inside.max() * limits
    elif chosen.mode == "sigma":
        limits = inside.mean() + inside.std() * limits
    stays = inside >= limits[0]
    if limits.size == 2:
        stays &= inside <= limits[1]
    if np.count_nonzero(stays) <= 1:
        raise Degenerate
    mask = np.zeros_like(region.mask)
    mask[region.mask] = stays
    box = bounding_box(mask, settings)
    return replace(region, mask=mask, box=box), (mask if chosen.shape else region.mask)[box]
