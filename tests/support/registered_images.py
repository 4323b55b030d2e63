"""Made images of an organ, shifted by a known vector and in another contrast."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

SHAPE, SPACING = (16, 32, 32), (1.5, 1.5, 2.0)


def organ(
    shift: tuple[float, ...] = (0.0, 0.0, 0.0), contrast: float = 1.0, seed: int = 0
) -> sitk.Image:
    """Blurred balls of known places, moved by `shift` (x, y, z in mm), with noise of the seed."""
    steps = np.array(SPACING[::-1])
    places = np.stack(np.meshgrid(*map(np.arange, SHAPE), indexing="ij"), axis=-1) * steps
    places = places - np.array(shift[::-1])
    random, values = np.random.default_rng(3), np.zeros(SHAPE)
    for _ in range(12):
        centre = random.uniform(0.2, 0.8, 3) * SHAPE * steps
        radius, height = random.uniform(4, 10), random.uniform(40, 200)
        distance = np.linalg.norm(places - centre, axis=-1) - radius
        values += height / (1 + np.exp(distance))
    values = 100 * contrast * np.sin(values / 80) + 0.3 * values
    values += np.random.default_rng(seed).normal(0, 2, SHAPE)
    image = sitk.GetImageFromArray(values.astype(np.float32))
    image.SetSpacing(SPACING)
    return image
