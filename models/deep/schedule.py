"""Learning-rate schedule over the steps of a training."""

from __future__ import annotations

import torch
from monai.optimizers.lr_scheduler import WarmupCosineSchedule

from models.deep.settings import Settings


def schedule_of(
    optimiser: torch.optim.Optimizer, settings: Settings, steps_per_epoch: int
) -> torch.optim.lr_scheduler.LRScheduler:
    """Schedule of the learning rate: one_cycle or cosine.

    one_cycle: up for three tenths of the steps and down to nothing (Smith & Topin 2019). cosine:
    linear over the warm-up, then half a cosine.
    """
    total = settings.epochs * steps_per_epoch
    if settings.schedule == "one_cycle":
        return torch.optim.lr_scheduler.OneCycleLR(
            optimiser, settings.learning_rate, total_steps=total
        )
    # The first step must learn something: a warm-up starts at a hundredth.
    return WarmupCosineSchedule(
        optimiser,
        warmup_steps=settings.warmup_epochs * steps_per_epoch,
        t_total=total,
        warmup_multiplier=0.01,
    )
