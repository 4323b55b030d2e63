"""ResNet-50 (He et al. 2016), MONAI's."""

from __future__ import annotations

from typing import Any

from models.networks.declaration import Network


def make(**shape: Any) -> Any:
    """The network, initialised from PyTorch's generator."""
    from monai.networks.nets import resnet50  # takes seconds to load

    return resnet50(**shape)


NETWORK = Network("resnet50", "ResNet-50", make=make, cost=3, colour="#D55E00")
