"""Settings of the networks, what the machine can do resolved, and where a fit shows its epochs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.study import Study
from models.settings import NetworkSettings

SAME = (
    "dimensions",
    "epochs",
    "batch_size",
    "learning_rate",
    "weight_decay",
    "width",
    "members",
    "class_weights",
    "schedule",
    "warmup_epochs",
    "gradient_checkpointing",
)


def network_settings(study: Study) -> dict[str, NetworkSettings]:
    """Network → its settings.

    Raises ValueError where a file of weights or a GPU is not there.
    """
    part = study.deep_learning
    if part is None:
        return {}
    # Imported here: a study without networks must not wait for PyTorch.
    from models.deep.device import resolved_device, resolved_precision
    from models.deep.pretrained import sha256_of

    device = resolved_device(part.device)
    # What the processor can do changes the numbers, so it is resolved here and is a part of every
    # key.
    shared: dict[str, Any] = {name: getattr(part, name) for name in SAME} | {
        "precision": resolved_precision(part.precision, device, part.dimensions, part.crop_pixels),
        "device": device,
        "augmentation": part.augmentation.model_dump(),
        "early_stopping": part.early_stopping.model_dump() if part.early_stopping else None,
        "reference_channels": tuple(
            position
            for position, seen in enumerate(study.network_inputs().values())
            if seen.normalisation == "reference"
        ),
    }
    settings = {name: NetworkSettings(**shared) for name in part.networks}
    for name, weights in part.pretrained.items():
        settings[name] = replace(
            settings[name],
            root=str(study.root),
            pretrained={
                "file": str(weights.file),
                "sha256": sha256_of(study.root / weights.file),
                "source": weights.source,
            },
        )
    return settings


def log_path(folder: Path | None, name: str, context: str) -> Path | None:
    """The file in which a network's fit writes a line an epoch."""
    return (
        None if folder is None else folder / f"{name}-{re.sub('[^A-Za-z0-9_]+', '-', context)}.csv"
    )
