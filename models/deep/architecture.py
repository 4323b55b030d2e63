"""Networks: MONAI's ResNets with one output.

They are for a few small channels, or shaped by weights that they start from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from monai.networks.nets.resnet import ResNet
from torch.utils.checkpoint import checkpoint

from models.networks import NETWORKS

LAYERS = ("layer1", "layer2", "layer3", "layer4")


@dataclass(frozen=True)
class Architecture:
    """All that is needed to build a network.

    kernel: of the first convolution. shortcut: B with convolutions, A without; shortcut_bias:
    whether these have a bias, which original ResNets have not and MONAI's have.
    """

    network: str
    channels: int
    spatial_dims: int = 2
    width: float = 1.0
    kernel: int = 5
    shortcut: str = "B"
    shortcut_bias: bool = True

    def build(self) -> ResNet:
        """Network, initialised from PyTorch's generator, with its channels last in memory.

        On processors that is the faster order.
        """
        network = NETWORKS[self.network].make(
            spatial_dims=self.spatial_dims,
            n_input_channels=self.channels,
            num_classes=1,
            conv1_t_size=self.kernel,
            conv1_t_stride=2,
            widen_factor=self.width,
            shortcut_type=self.shortcut,
            bias_downsample=self.shortcut_bias,
        )
        # PyTorch's stub leaves the order of memory out.
        return network.to(memory_format=self.memory_format)  # type: ignore[call-overload]

    @property
    def memory_format(self) -> torch.memory_format:
        """Memory format of images and weights: channels last."""
        return torch.channels_last if self.spatial_dims == 2 else torch.channels_last_3d


def shaped_by(
    weights: Mapping[str, torch.Tensor],
    network: str,
    channels: int,
    spatial_dims: int,
    width: float,
) -> Architecture:
    """The architecture whose parts that differ between implementations are those of the weights."""
    first = weights.get("conv1.weight")
    kernel = int(first.shape[-1]) if first is not None and first.ndim >= 4 else 7
    return Architecture(
        network,
        channels,
        spatial_dims=spatial_dims,
        width=width,
        kernel=kernel,
        shortcut="B" if "layer2.0.downsample.0.weight" in weights else "A",
        shortcut_bias="layer2.0.downsample.0.bias" in weights,
    )


@contextmanager
def _statistics_left_alone(network: torch.nn.Module) -> Iterator[None]:
    # The second forward pass of a checkpointed block must not move the running means, nor count its
    # batch, a second time.
    norms = [
        module
        for module in network.modules()
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)
    ]
    before = []
    for norm in norms:
        count = norm.num_batches_tracked
        assert count is not None  # MONAI's networks keep running means
        before.append((norm, norm.momentum, count, count.clone()))
        norm.momentum = 0.0
    try:
        yield
    finally:
        for norm, momentum, count, value in before:
            norm.momentum = momentum
            count.copy_(value)


def logits(
    network: ResNet, pictures: torch.Tensor, gradient_checkpointing: bool = False
) -> torch.Tensor:
    """Log odds, one a picture.

    gradient_checkpointing: each block's inner activations are computed again in the backward pass.
    """
    if not gradient_checkpointing:
        return network(pictures).squeeze(1)

    def contexts() -> tuple[Any, Any]:
        return nullcontext(), _statistics_left_alone(network)

    values = network.maxpool(network.act(network.bn1(network.conv1(pictures))))
    for layer in LAYERS:
        for block in getattr(network, layer):
            values = checkpoint(block, values, use_reentrant=False, context_fn=contexts)
    assert network.fc is not None, "build_network makes networks with an output"
    return network.fc(network.avgpool(values).flatten(1)).squeeze(1)
