"""Training steps of a network beside a plain PyTorch loop on the same batches, made beforehand:
what all the rest costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from monai.networks.nets import resnet18, resnet34, resnet50

from benchmarks.measure import Comparison
from models.deep.architecture import architecture_for
from models.deep.batches import epoch_batches
from models.deep.settings import Settings
from models.deep.training import NetworkTraining
from models.networks import NETWORKS as PUBLISHED

SEED, SLICES, PHASES = 5, 3, 3
NETWORKS = {"resnet18": resnet18, "resnet34": resnet34, "resnet50": resnet50}
# Of `study.yml`, and of `study.overnight.yml` with fewer patients and epochs.
DEMONSTRATION = {"patients": 132, "pixels": 40, "epochs": 16, "width": 0.25, "batch_size": 22}
OVERNIGHT = {"patients": 48, "pixels": 64, "epochs": 6, "width": 1.0, "batch_size": 16}


def case(
    network: str,
    patients: int,
    pixels: int,
    epochs: int,
    width: float,
    batch_size: int,
    planes: int = 0,
) -> tuple[Settings, torch.Tensor, np.ndarray]:
    """Settings, made-up images (patients × slices × phases × rows × columns) and outcomes.

    planes: of a block in three dimensions; 0 for slices, in two and a half.
    """
    random = np.random.default_rng(SEED)
    images = torch.from_numpy(
        random.standard_normal((patients, planes or SLICES, PHASES, pixels, pixels), np.float32)
    )
    return (
        Settings(network, epochs, 3 if planes else 2.5, batch_size=batch_size, width=width),
        images,
        (np.arange(patients) % 5 < 3).astype(np.float32),
    )


def _ours(settings: Settings, images: torch.Tensor, label: np.ndarray) -> np.ndarray:
    """Losses of the epochs by the project's own training, drawing, augmenting and all."""
    torch.manual_seed(SEED)
    architecture = architecture_for(settings, images.shape[2], images.shape[-1])
    training = NetworkTraining(architecture.build(), architecture, images, label, settings, SEED)
    for _ in range(settings.epochs):
        training.run_epoch()
    return np.array([row["loss"] for row in training.history])


def comparison(
    patients: int,
    pixels: int,
    epochs: int,
    width: float,
    batch_size: int,
    precision: str = "float32",
    least_ratio: float | None = 1.0,
    network: str = "resnet18",
) -> Comparison:
    """Ours draws patients and slices and augments them; the loop gets those very batches for
    nothing.

    Answers are the losses of the first epoch: later ones drift apart as rounding does, which
    differs by the order in memory. Those of bfloat16 are the same to its two digits only.
    """
    settings, images, label = case(
        network, patients, pixels=pixels, epochs=epochs, width=width, batch_size=batch_size
    )
    random = torch.Generator().manual_seed(SEED)
    ready = [
        list(
            epoch_batches(images, torch.as_tensor(label), settings, torch.contiguous_format, random)
        )
        for _ in range(epochs)
    ]

    def other() -> np.ndarray:
        torch.manual_seed(SEED)
        plain = NETWORKS[network](
            spatial_dims=2,
            n_input_channels=3,
            num_classes=1,
            conv1_t_size=5,
            conv1_t_stride=2,
            widen_factor=width,
        ).train()
        optimiser = torch.optim.AdamW(
            plain.parameters(),
            lr=settings.learning_rate,
            weight_decay=settings.weight_decay,
            fused=True,
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, settings.learning_rate, total_steps=sum(map(len, ready))
        )
        losses = []
        for batches in ready:
            total = 0.0
            for pictures, outcome in batches:
                loss = torch.nn.functional.binary_cross_entropy_with_logits(
                    plain(pictures).squeeze(1), outcome
                )
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(plain.parameters(), 5.0)
                optimiser.step()
                schedule.step()
                total += float(loss.detach()) * len(outcome)
            losses.append(total / patients)
        return np.array(losses)

    exact = precision == "float32"
    return Comparison(
        f"network training, {sum(map(len, ready))} steps of {PUBLISHED[network].label} of width"
        f" {width:g}, {pixels} pixels" + ("" if exact else f", {precision}"),
        lambda: _ours(replace(settings, precision=precision), images, label),
        "plain PyTorch, batches ready-made",
        other,
        lambda ours, theirs: (ours[:1], theirs[:1]),
        2e-3 if exact else 2e-2,
        least_ratio=least_ratio,
    )
