"""Networks: MONAI's ResNets with one output.

They are for a few small channels, or shaped by weights that they start from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import torch
from monai.networks.nets.resnet import ResNet
from torch.utils.checkpoint import checkpoint

from models.deep.settings import Settings
from models.networks import NETWORKS

LAYERS = ("layer1", "layer2", "layer3", "layer4")


# Pictures of more pixels a side, and narrower networks, are trained as quickly or quicker with all
# channels last.
MOST_PIXELS, WIDE = 64, 0.5


def deepest_contiguous(spatial_dims: int, width: float, pixels: int) -> bool:
    """True where the deepest layer is trained faster with its channels first in memory.

    There the planes are of some 2 x 2 numbers and the weights are many: oneDNN computes their
    gradients with the channels first, and PyTorch turns them round. Steps of full-width networks at
    64 pixels took 13 to 15 % (ResNet-18 and 34) and 3 % (ResNet-50) less time, in three dimensions
    1 to 31 % (benchmarks/network_sizes.py). spatial_dims: 2 or 3; width: of the published channels;
    pixels: of a picture, a side.
    """
    return spatial_dims == 3 or (width >= WIDE and pixels <= MOST_PIXELS)


# Numbers that oneDNN's kernels for AVX2 handle at once.
AT_ONCE = 8


def _writes_beyond(module: torch.nn.Module) -> bool:
    """True for a convolution whose gradient destroys what lies beside it in memory.

    For AVX2, oneDNN's gradient of a convolution of one pixel with a stride processes channels-last
    tensors eight channels at a time, even if there are fewer: a shortcut of a network of less than
    an eighth of the published width (PyTorch 2.13; tests/models/test_narrow_networks.py).
    """
    return (
        isinstance(module, torch.nn.Conv2d)
        and module.kernel_size == (1, 1)
        and module.stride != (1, 1)
        and module.in_channels < AT_ONCE
    )


def _contiguous(_: torch.nn.Module, inputs: tuple[torch.Tensor]) -> torch.Tensor:
    return inputs[0].contiguous()


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
    deepest_contiguous: bool = False

    def build(self) -> ResNet:
        """Network, initialised from PyTorch's generator, with its channels last in memory.

        On processors that is the faster order; they are first in the deepest layer where
        channels last is slower, and in convolutions where it corrupts memory.
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
        network.to(memory_format=self.memory_format)  # type: ignore[call-overload]
        first = [module for module in network.modules() if _writes_beyond(module)]
        if self.deepest_contiguous:
            # Its blocks are what gradient checkpointing calls, one after another.
            first += getattr(network, LAYERS[-1])
        for module in first:
            module.to(memory_format=torch.contiguous_format)
            module.register_forward_pre_hook(_contiguous)
        return network

    @property
    def memory_format(self) -> torch.memory_format:
        """Memory format of images and weights: channels last."""
        return torch.channels_last if self.spatial_dims == 2 else torch.channels_last_3d


def architecture_for(settings: Settings, channels: int, pixels: int) -> Architecture:
    """The architecture that settings ask for, without weights to start from.

    channels: phases of the pictures; pixels: of a picture, a side.
    """
    # The order in memory was measured on processors, in float32.
    first = settings.device == "cpu" and settings.precision == "float32"
    return Architecture(
        settings.network,
        channels,
        settings.spatial_dims,
        settings.width,
        deepest_contiguous=first
        and deepest_contiguous(settings.spatial_dims, settings.width, pixels),
    )


def shaped_by(weights: Mapping[str, torch.Tensor], plain: Architecture) -> Architecture:
    """`plain` with the parts that differ between implementations as the weights have them."""
    first = weights.get("conv1.weight")
    kernel = int(first.shape[-1]) if first is not None and first.ndim >= 4 else 7
    return replace(
        plain,
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
