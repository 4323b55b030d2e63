"""Declaration of a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.spec import Dashes

# The first layer of a published network has 64 channels, of which one must be left.
LEAST_WIDTH = 1 / 64


@dataclass(frozen=True)
class Network:
    """A residual network on the tumour region.

    id: its name in study.yml. label: in tables. make: keyword arguments of MONAI's residual
    networks -> a network with their parts (conv1, bn1, act, maxpool, layer1 to layer4, avgpool,
    fc); it imports what it needs itself, as PyTorch takes seconds to load. cost: the slower network
    has the higher one, and is started first.
    """

    id: str
    label: str
    make: Callable[..., Any]
    cost: int
    colour: str | None = None
    dashes: Dashes | None = None
