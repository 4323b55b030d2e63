"""Augmentation: random changes of training pictures, a whole batch at once.

The spatial ones are composed into one matrix a picture and sampled once, by PyTorch: MONAI's
dictionary of per-picture transforms does the same at forty times the cost, which was more than that
of a training step of ResNet-18.
"""

from __future__ import annotations

import math

import torch
from torch.nn.functional import affine_grid, grid_sample

from models.deep.settings import Augmentation

# Share of pictures that are zoomed, and that get noise.
SHARE = 0.3


def _uniform(
    size: tuple[int, ...], low: float, high: float, random: torch.Generator
) -> torch.Tensor:
    return low + (high - low) * torch.rand(size, generator=random)


def _matrices(
    count: int, dimensions: int, settings: Augmentation, random: torch.Generator
) -> torch.Tensor:
    """Random affine matrices for the augmentation of images.

    They are count × d × (d + 1), as `affine_grid` reads them: in normalised coordinates, columns
    first, then rows, then slices.
    """
    matrix = torch.eye(dimensions).repeat(count, 1, 1)
    # Turns and zoom are of the plane; slices may be as thick as they like.
    turns = (
        torch.randint(4, (count,), generator=random)
        if settings.quarter_turns
        else torch.zeros(count)
    )
    angle = turns * (math.pi / 2) + _uniform((count,), -1, 1, random) * math.radians(
        settings.rotation_degrees
    )
    zoomed = torch.rand(count, generator=random) < SHARE
    scale = torch.where(
        zoomed,
        1 / _uniform((count,), 1 - settings.zoom, 1 + settings.zoom, random),
        torch.ones(count),
    )
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    matrix[:, -2, -2], matrix[:, -2, -1], matrix[:, -1, -2], matrix[:, -1, -1] = (
        cosine,
        -sine,
        sine,
        cosine,
    )
    if settings.flips:
        matrix = matrix * (1 - 2 * torch.randint(2, (count, 1, dimensions), generator=random))
    # The axes up to here are those of the array, rows and columns last.
    return torch.cat([matrix.flip((1, 2)), torch.zeros(count, dimensions, 1)], dim=2)


def augment(
    pictures: torch.Tensor, settings: Augmentation, random: torch.Generator
) -> torch.Tensor:
    """pictures: batch × phases × (slices ×) rows × columns.

    The same generator's state gives the same changes.
    """
    count, phases, dimensions = pictures.shape[0], pictures.shape[1], pictures.ndim - 2
    theta = _matrices(count, dimensions, settings, random).to(pictures.device)
    changed = grid_sample(
        pictures.contiguous(),
        affine_grid(theta, list(pictures.shape), align_corners=False),
        padding_mode="border",
        align_corners=False,
    )
    each = (count, phases, *[1] * dimensions)
    if settings.intensity:
        gain, offset = (
            _uniform(each, -settings.intensity, settings.intensity, random).to(pictures.device)
            for _ in range(2)
        )
        changed.mul_(1 + gain).add_(offset)
    if settings.noise:
        spread = torch.where(
            torch.rand(count, generator=random) < SHARE,
            _uniform((count,), 0, settings.noise, random),
            torch.zeros(count),
        )
        noise = torch.randn(tuple(pictures.shape), generator=random)
        noise.mul_(spread.view(count, *[1] * (dimensions + 1)))
        changed.add_(noise.to(pictures.device))
    return changed
