"""Settings of a network and its training.

The settings are plain values, so that they can be a key and be written as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.networks import LEAST_WIDTH, NETWORKS
from models.settings import NetworkOptions

SCHEDULES = ("one_cycle", "cosine")
CLASS_WEIGHTS = ("none", "balanced")


@dataclass(frozen=True)
class EarlyStopping:
    """Early stopping of the training.

    share: of the learning patients, stratified and seeded, who are held out of the gradient;
    training ends when their loss has not fallen for `patience` epochs, and the weights of the best
    epoch are taken. Each member holds out others.
    """

    share: float = 0.2
    patience: int = 10


@dataclass(frozen=True)
class Augmentation:
    """Augmentation of the images.

    flips: of each in-plane axis, and in 3-D of the third. quarter_turns: in plane.
    rotation_degrees, zoom (fraction): largest change, in plane. intensity: largest relative change
    of contrast and, in standard deviations, of brightness, of each phase on its own. noise: largest
    standard deviation; zoom and noise change three pictures in ten.
    """

    flips: bool = True
    quarter_turns: bool = True
    rotation_degrees: float = 0.0
    zoom: float = 0.1
    intensity: float = 0.0
    noise: float = 0.1


@dataclass(frozen=True)
class _Named:
    """The network, as the first of the fields."""

    network: str


@dataclass(frozen=True)
class Settings(NetworkOptions, _Named):
    """Settings of a network and of its training: see models.settings.NetworkOptions.

    Raises ValueError for a name that is none of those allowed, and a width that leaves no channel.
    """

    early_stopping: EarlyStopping | None = None
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        if self.network not in NETWORKS:
            raise ValueError(f"unknown network '{self.network}'; known are {', '.join(NETWORKS)}")
        for name, value, known in (
            ("schedule", self.schedule, SCHEDULES),
            ("class_weights", self.class_weights, CLASS_WEIGHTS),
            ("dimensions", self.dimensions, (2.5, 3)),
            ("precision", self.precision, ("float32", "bfloat16")),
            ("device", self.device, ("cpu", "cuda")),
        ):
            if value not in known:
                raise ValueError(f"{name} must be {' or '.join(map(str, known))}, not {value!r}")
        if not self.width >= LEAST_WIDTH:
            raise ValueError(f"width must be at least 1/64 (one channel), not {self.width!r}")

    @property
    def spatial_dims(self) -> int:
        """Dimensions of the convolutions, 3 or 2; 2.5 dimensions are slices, convolved in 2."""
        return 3 if self.dimensions == 3 else 2


def settings_of(network: str, values: Mapping[str, Any]) -> Settings:
    """Settings from plain values, where early_stopping and augmentation are dictionaries."""
    plain = dict(values)
    if isinstance(plain.get("early_stopping"), Mapping):
        plain["early_stopping"] = EarlyStopping(**plain["early_stopping"])
    if isinstance(plain.get("augmentation"), Mapping):
        plain["augmentation"] = Augmentation(**plain["augmentation"])
    plain["reference_channels"] = tuple(plain.get("reference_channels", ()))
    return Settings(network, **plain)
