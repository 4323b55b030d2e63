"""ResNet-34 (He et al. 2016), MONAI's."""

from __future__ import annotations

from typing import Any

from models.networks.declaration import Network


def make(**shape: Any) -> Any:
    """The network, initialised from PyTorch's generator."""
    from monai.networks.nets import resnet34  # takes seconds to load

    return resnet34(**shape)


NETWORK = Network(
    "resnet34", "ResNet-34", make=make, cost=2, colour="#E69F00", dashes=(0, (5, 1.6))
)
