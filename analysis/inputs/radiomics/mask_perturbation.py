"""Delineations that nobody drew: a mask eroded, dilated, resized, or with a noisy contour."""

from __future__ import annotations

import hashlib

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from analysis.core.word_lists import counted
from analysis.imaging.regions.distance import signed_distance
from analysis.study import Perturbation


class NothingLeft(ValueError):
    """A perturbation that leaves no voxel: the patient has no such delineation."""


def content_seed(*parts: bytes) -> int:
    """Seed drawn from content, so that it is the same wherever a file lies."""
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest()[:8], "big")


def perturb_mask(
    mask: sitk.Image,
    kind: str,
    settings: Perturbation,
    amount: float | None = None,
    repeat: int = 0,
) -> sitk.Image:
    """Mask (0 and 1) with its outline moved.

    kind: erosion, dilation or contour_noise, by `amount` mm; volume, by `amount` as a share of its
    voxels, taken away or added in the order of their distance from the outline. amount: the
    settings' first if left out. repeat: number of the draw.

    Noise, and the order of voxels at the same distance, are drawn by a seed of the mask's own
    content, so that all phases of a patient have the same. Raises NothingLeft.
    """
    amount = settings.values(kind)[0] if amount is None else amount  # type: ignore[arg-type]
    array = sitk.GetArrayFromImage(mask) > 0
    if kind == "volume":
        return _like(mask, _resized(array, mask, amount, (settings.seed, repeat)))
    spacing = mask.GetSpacing()[::-1]
    # Only what the outline can reach is looked at; noise seldom goes beyond four standard
    # deviations.
    reach = 4 * amount if kind == "contour_noise" else amount
    region = _around(array, spacing, reach)
    distance = signed_distance(array[region], spacing)
    if kind == "contour_noise":
        seed = f"{settings.seed}" + (f":{repeat}" if repeat else "")
        moved = (
            distance
            + amount
            * _smooth_noise(
                distance.shape,
                spacing,
                settings.contour_noise_length_mm,
                content_seed(np.packbits(array[region]).tobytes(), seed.encode()),
            )
            < 0
        )
    else:
        moved = distance < (amount if kind == "dilation" else -amount)
    if not moved.any():
        raise NothingLeft(
            f"{kind} by {amount:g} mm leaves nothing of a mask of"
            f" {counted(int(array.sum()), 'voxel')}"
        )
    array[region] = moved
    return _like(mask, array)


def _like(mask: sitk.Image, array: np.ndarray) -> sitk.Image:
    changed = sitk.GetImageFromArray(array.astype(np.uint8))
    changed.CopyInformation(mask)
    return changed


def _around(array: np.ndarray, spacing: tuple[float, ...], reach: float) -> tuple[slice, ...]:
    """Box around a mask and all that lies `reach` mm from it."""
    places = np.argwhere(array)
    lows, highs = places.min(axis=0), places.max(axis=0)
    beyond = [int(np.ceil(reach / each)) + 1 for each in spacing]
    return tuple(
        slice(max(low - more, 0), high + more + 1)
        for low, high, more in zip(lows, highs, beyond, strict=True)
    )


def _smooth_noise(
    shape: tuple[int, ...], spacing: tuple[float, ...], length: float, seed: int
) -> np.ndarray:
    """A Gaussian field of mean 0 and standard deviation 1 that varies over `length` mm."""
    field = ndimage.gaussian_filter(
        np.random.default_rng(seed).standard_normal(shape),
        [length / 2 / each for each in spacing],
        mode="wrap",
    )
    return (field - field.mean()) / field.std()


def _resized(
    array: np.ndarray, mask: sitk.Image, share: float, drawn: tuple[int, int]
) -> np.ndarray:
    """Mask with round((1 + share) × its voxels) voxels, those deepest within or nearest to it."""
    spacing, voxels = mask.GetSpacing()[::-1], int(array.sum())
    wanted = round((1 + share) * voxels)
    if wanted < 1:
        raise NothingLeft(f"volume {100 * share:+g}% leaves nothing of {counted(voxels, 'voxel')}")
    # So far does a ball of the mask's extent grow, and a flat mask less.
    extent = max(
        (np.ptp(each) + 1) * step for each, step in zip(np.nonzero(array), spacing, strict=True)
    )
    region = _around(array, spacing, extent * max(share, 0) + max(spacing))
    distance = signed_distance(array[region], spacing).ravel()
    seed = content_seed(np.packbits(array[region]).tobytes(), f"volume {drawn}".encode())
    ties = np.random.default_rng(seed).permutation(distance.size)
    taken = np.lexsort((ties, distance))[:wanted]
    resized = np.zeros(distance.size, bool)
    resized[taken] = True
    result = np.zeros_like(array)
    result[region] = resized.reshape(result[region].shape)
    return result
