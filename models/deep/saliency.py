"""Grad-CAM: which places of a picture raise a network's score."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from monai.networks.nets.resnet import ResNet
from monai.visualize import GradCAM

from models.deep.architecture import LAYERS
from models.deep.batches import pictures_of
from models.deep.device import reproducible
from models.deep.model import DeepModel

# Maps of fewer cells a side did not find a square of a fifth of the side that decided the outcome,
# those of more did.
LEAST_CELLS = 8


class PlacedGradCAM(GradCAM):
    """Grad-CAM with each gradient at its own place (HiResCAM).

    It is MONAI's Grad-CAM with each gradient at its own place in the stead of its mean over the map
    (Draelos & Carin 2020).

    At the last layer, where every gradient is the mean, both are the same; at an earlier one, which
    small crops need, the mean loses the place: of a planted square, twice as much of the map lay
    within it.
    """

    # MONAI's own has fewer arguments than what calls it passes.
    def compute_map(  # type: ignore[override]
        self,
        x: torch.Tensor,
        class_idx: int | None = None,
        retain_graph: bool = False,
        layer_idx: int = -1,
        **kwargs: Any,
    ) -> torch.Tensor:
        """Saliency map of each image before upsampling.

        It is the positive part of activations × gradients, summed over the channels.
        """
        _, activations, gradients = self.nn_module(
            x, class_idx=class_idx, retain_graph=retain_graph, **kwargs
        )
        return torch.relu((activations[layer_idx] * gradients[layer_idx]).sum(1, keepdim=True))


@torch.no_grad()
def deepest_layer(network: ResNet, pictures: torch.Tensor) -> str:
    """Deepest layer whose map still has LEAST_CELLS cells a side in plane, else the first.

    The last layer's map of a small crop has two.
    """
    values, found = (
        network.maxpool(network.act(network.bn1(network.conv1(pictures[:1])))),
        LAYERS[0],
    )
    for layer in LAYERS:
        values = getattr(network, layer)(values)
        if min(values.shape[-2:]) >= LEAST_CELLS:
            found = layer
    return found


def grad_cam(model: DeepModel, images: np.ndarray) -> tuple[np.ndarray, str]:
    """Maps of the images, patients × slices × rows × columns, and the layer that they come from.

    Mean over the members of Grad-CAM (Selvaraju et al. 2017) of the log odds, upsampled to the
    picture, the map of each picture (a slice, or a block) scaled to a largest value of one; all
    zero where nothing raises the score. images: patients × slices × phases × rows × columns.
    """
    pictures = pictures_of(
        torch.from_numpy(np.ascontiguousarray(model.scale_.applied(images), dtype=np.float32)),
        model.settings,
    )
    layer = deepest_layer(model.networks_[0], pictures)
    total = torch.zeros(len(pictures), *pictures.shape[2:])
    with reproducible():
        for network in model.networks_:
            # On a copy: MONAI leaves its hooks on the network.
            explain = PlacedGradCAM(
                copy.deepcopy(network), target_layers=layer, postprocessing=lambda values: values
            )
            # A few at a time, as gradients of all would need the memory of a training step.
            total += torch.cat(
                [
                    explain(part, class_idx=0).detach().squeeze(1)
                    for part in pictures.contiguous().split(16)
                ]
            )
    maps = total.view(images.shape[0], images.shape[1], *images.shape[3:]).numpy()
    largest = maps.max(
        axis=(1, 2, 3) if model.settings.spatial_dims == 3 else (2, 3), keepdims=True
    )
    return np.divide(maps, largest, out=np.zeros_like(maps), where=largest > 0), layer
