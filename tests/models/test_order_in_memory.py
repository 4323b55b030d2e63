"""The order of a network's numbers in memory changes its speed, and no answer."""

import pytest
import torch

from models.deep.architecture import Architecture, deepest_contiguous
from models.deep.model import DeepModel
from tests.support.pictures import pictures


def _after_a_step(network, dimensions, deepest):
    torch.manual_seed(3)
    architecture = Architecture(network, 3, dimensions, width=0.125, deepest_contiguous=deepest)
    built = architecture.build().train()
    shape = (24, 24) if dimensions == 2 else (8, 24, 24)
    seen = torch.randn(6, 3, *shape).contiguous(memory_format=architecture.memory_format)
    out = built(seen)
    out.square().mean().backward()
    return built, out.detach()


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("network", ["resnet18", "resnet50"])
def test_outputs_and_gradients_are_the_same_with_channels_first_in_the_deepest_layer(
    network, dimensions
):
    last, seen = _after_a_step(network, dimensions, deepest=False)
    first, again = _after_a_step(network, dimensions, deepest=True)
    torch.testing.assert_close(again, seen, rtol=1e-5, atol=1e-5)
    # A bias before batch normalisation has a gradient of nought, but for rounding.
    largest = max(each.grad.abs().max().item() for each in last.parameters())
    for (name, one), two in zip(last.named_parameters(), first.parameters(), strict=True):
        torch.testing.assert_close(two.grad, one.grad, rtol=1e-3, atol=1e-5 * largest)
        # So that the optimiser reads a gradient as it lies.
        if name.startswith("layer4") and two.ndim > 2:
            assert two.is_contiguous()
            assert two.grad.is_contiguous()
    assert first.state_dict().keys() == last.state_dict().keys()


@pytest.mark.parametrize(
    ("dimensions", "width", "pixels", "wanted"),
    [(2, 0.25, 40, False), (2, 1.0, 64, True), (2, 1.0, 96, False), (3, 0.25, 40, True)],
)
def test_where_the_deepest_layer_has_its_channels_first(dimensions, width, pixels, wanted):
    assert deepest_contiguous(dimensions, width, pixels) is wanted


@pytest.mark.parametrize(("width", "wanted"), [(0.125, False), (0.5, True)])
def test_a_model_chooses_by_its_pictures_and_keeps_the_choice(width, wanted):
    inputs, label = pictures()
    model = DeepModel("resnet18", epochs=1, batch_size=8, width=width).fit(inputs, label)
    assert model.description()["architecture"]["deepest_contiguous"] is wanted
    again = DeepModel.from_description(model.description(), model.tensors())
    assert again.predict(inputs).equals(model.predict(inputs))
