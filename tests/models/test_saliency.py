"""Grad-CAM finds the square that the network was taught, and leaves the network as it was."""

import copy

import numpy as np
import torch
from monai.visualize import GradCAM

from models.deep import DeepModel
from models.deep.saliency import PlacedGradCAM, grad_cam
from tests.support.pictures import SQUARE, pictures


def test_heat_lies_where_the_event_is_seen():
    (train, label), (new, truth) = pictures(size=40, n=32), pictures(size=40, n=32, seed=1)
    # Without flips and turns, as the square's place is part of what is asked.
    model = DeepModel(
        "resnet18",
        epochs=12,
        batch_size=8,
        width=0.25,
        learning_rate=3e-3,
        members=2,
        augmentation={"flips": False, "quarter_turns": False},
    ).fit(train, label)
    before = model.predict(new)
    assert before[truth == 1].mean() > before[truth == 0].mean() + 0.3
    maps, layer = grad_cam(model, new.images)
    assert maps.shape == (32, 2, 40, 40)
    assert layer == "layer1"
    assert maps.min() >= 0
    assert maps.max() == 1
    events = maps[(truth == 1).to_numpy()]
    row, column = np.unravel_index(events.mean((0, 1)).argmax(), (40, 40))
    assert SQUARE.start <= row < SQUARE.stop
    assert SQUARE.start <= column < SQUARE.stop
    assert events[:, :, SQUARE, SQUARE].sum() / events.sum() > 2.5 * (8 / 40) ** 2
    assert model.predict(new).equals(before)
    assert not any(
        module._forward_hooks or module._backward_hooks
        for network in model.networks_
        for module in network.modules()
    )


def test_at_the_last_layer_it_is_the_grad_cam_of_the_paper():
    inputs, label = pictures()
    model = DeepModel("resnet18", epochs=2, batch_size=8, width=0.1).fit(inputs, label)
    seen = torch.from_numpy(inputs.images[:, 0])
    own, paper = (
        kind(copy.deepcopy(model.networks_[0]), target_layers="layer4")(seen, class_idx=0)
        for kind in (PlacedGradCAM, GradCAM)
    )
    assert torch.allclose(own, paper, atol=1e-4)
    assert own.std() > 0


def test_blocks_have_maps_of_their_own_planes():
    inputs, label = pictures(slices=8)
    maps, _ = grad_cam(
        DeepModel("resnet18", epochs=1, batch_size=8, width=0.1, dimensions=3).fit(inputs, label),
        inputs.images[:3],
    )
    assert maps.shape == (3, 8, 24, 24)
    assert np.isfinite(maps).all()
    assert torch.get_num_threads() >= 1
