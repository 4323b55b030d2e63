"""Batches of a training step.

A step sees whole batches of patients in random order, one random slice each or the whole block.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from models.deep.augmentation import augment
from models.deep.settings import Settings


def batch_count(patients: int, batch_size: int) -> int:
    """Batches are of nearly equal size: a batch norm over one or two patients would be noise."""
    return max(1, patients // batch_size)


def pictures_of(images: torch.Tensor, settings: Settings) -> torch.Tensor:
    """Patients × slices × phases × rows × columns → what the network reads.

    It reads pictures by patient and slice, or blocks of phases first.
    """
    return images.movedim(2, 1) if settings.spatial_dims == 3 else images.flatten(0, 1)


def epoch_batches(
    images: torch.Tensor,
    label: torch.Tensor,
    settings: Settings,
    memory_format: torch.memory_format,
    random: torch.Generator,
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """One pass over all patients: (pictures, label) of each batch, augmented."""
    order = torch.randperm(len(images), generator=random)
    for batch in order.tensor_split(batch_count(len(images), settings.batch_size)):
        if settings.spatial_dims == 3:
            pictures = images[batch].movedim(2, 1)
        else:
            pictures = images[
                batch, torch.randint(images.shape[1], (len(batch),), generator=random)
            ]
        yield (
            augment(pictures, settings.augmentation, random).contiguous(
                memory_format=memory_format
            ),
            label[batch],
        )
