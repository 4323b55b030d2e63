"""Volumes like a liver MRI with a tumour of a given diameter, for timing radiomics."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage


def phantom(
    diameter_mm: float,
    shape: tuple[int, int, int] = (72, 208, 288),
    spacing: tuple[float, float, float] = (1.25, 1.25, 3.0),
    seed: int = 0,
) -> tuple[sitk.Image, sitk.Image]:
    """Image (float64) and mask: a body in air, tissue that varies over centimetres, a lumpy tumour
    that varies over millimetres.

    shape: slices, rows, columns; spacing: mm, of columns, rows, slices. The defaults are a common
    liver sequence.
    """
    random, steps = np.random.default_rng(seed), np.array(spacing[::-1])

    def smooth(length: float) -> np.ndarray:
        field = ndimage.gaussian_filter(
            random.standard_normal(shape, dtype=np.float32), length / steps
        )
        return field / field.std()

    noise = 12 * random.standard_normal(shape)
    z, y, x = ((np.arange(n) - n / 2) * step for n, step in zip(shape, steps, strict=True))
    z, y, x = z[:, None, None], y[None, :, None], x[None, None, :]
    body = (y / (0.42 * shape[1] * steps[1])) ** 2 + (
        x / (0.45 * shape[2] * steps[2])
    ) ** 2 + 0 * z < 1
    lumps = np.sqrt(z**2 + y**2 + x**2) + 0.04 * diameter_mm * smooth(6)
    parts, _ = ndimage.label(lumps < diameter_mm / 2)
    inside = (
        parts == parts[tuple(n // 2 for n in shape)]
        if parts[tuple(n // 2 for n in shape)]
        else parts == 1
    )
    values = (
        np.where(inside, 380 + 25 * smooth(3), np.where(body, 300 + 80 * smooth(12), 20)) + noise
    )
    image, mask = sitk.GetImageFromArray(values), sitk.GetImageFromArray(inside.astype(np.uint8))
    image.SetSpacing(spacing)
    mask.CopyInformation(image)
    return image, mask
