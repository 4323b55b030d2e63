"""Lesions in masks."""

import numpy as np
from scipy import ndimage

SHAPE = (9, 24, 28)


def lesion(centre, radius, hole: float = 0.0) -> np.ndarray:
    distance = np.sqrt(
        sum(
            ((axis - place) * scale) ** 2
            for axis, place, scale in zip(np.indices(SHAPE), centre, (2.2, 1, 1), strict=True)
        )
    )
    rough = ndimage.gaussian_filter(np.random.default_rng(3).normal(size=SHAPE), 1.5) * 6
    return ((distance + rough < radius) & (distance >= hole)).astype(np.uint8)
