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


def bump(length: float = 5.0, width: float = 11.0) -> sitk.Transform:
    """A smooth displacement in the middle of the organ's image: its greatest length, its width, mm.

    Along x, y and z in fixed shares; a bell curve of the distance from the middle.
    """
    columns, rows, slices = (
        (np.arange(size) - (size - 1) / 2) * step
        for size, step in zip(SHAPE[::-1], SPACING, strict=True)
    )
    squares = slices[:, None, None] ** 2 + rows[:, None] ** 2 + columns**2
    along = np.array([0.8, -0.5, 0.33])
    bell = np.exp(-squares / (2 * width**2))[..., None]
    field = sitk.GetImageFromArray(length * bell * along / np.linalg.norm(along), isVector=True)
    field.SetSpacing(SPACING)
    return sitk.DisplacementFieldTransform(sitk.Cast(field, sitk.sitkVectorFloat64))


def bent(image: sitk.Image, transform: sitk.Transform) -> sitk.Image:
    """The image that `transform` leads from, in another contrast and with noise."""
    found = sitk.Resample(image, transform, sitk.sitkBSpline, 0.0)
    values = 200 - 0.7 * sitk.GetArrayFromImage(found)
    values += np.random.default_rng(7).normal(0, 2, SHAPE)
    made = sitk.GetImageFromArray(values.astype(np.float32))
    made.CopyInformation(image)
    return made
