"""ResNet-18 (He et al. 2016), MONAI's."""

from __future__ import annotations

from typing import Any

from models.networks.declaration import Network


def make(**shape: Any) -> Any:
    """The network, initialised from PyTorch's generator."""
    from monai.networks.nets import resnet18  # takes seconds to load

    return resnet18(**shape)


NETWORK = Network("resnet18", "ResNet-18", make=make, cost=1, colour="#56B4E9")
