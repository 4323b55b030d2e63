"""Steps of the optimiser are those of AdamW, and gradients are shortened with PyTorch's bits."""

import gc
import weakref

import numpy as np
import pytest
import torch

from models.deep.architecture import Architecture
from models.deep.optimiser import Optimiser
from models.deep.settings import Settings
from models.deep.training import NetworkTraining

RATE, DECAY, LARGEST = 1e-3, 1e-2, 5.0


def _networks(dimensions):
    """Twice the same small network: channels last, as it is trained, and as PyTorch has it."""
    torch.manual_seed(2)
    architecture = Architecture("resnet18", 3, dimensions, width=0.125)
    ours, plain = (
        architecture.build(),
        architecture.build().to(memory_format=torch.contiguous_format),
    )
    plain.load_state_dict(ours.state_dict())
    return ours, plain


def _gradients(network, scale, random):
    """Of the norm `scale`, in PyTorch's order of memory."""
    found = [torch.randn(each.shape, generator=random) for each in network.parameters()]
    norm = torch.nn.utils.get_total_norm(found)
    return [each * (scale / norm) for each in found]


@pytest.mark.parametrize("dimensions", [2, 3])
def test_its_steps_are_pytorchs(dimensions):
    ours, plain = _networks(dimensions)
    optimiser = Optimiser(ours, RATE, DECAY)
    other = torch.optim.AdamW(plain.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    random = torch.Generator().manual_seed(3)
    for scale in (0.1, 4.9, 5.0, 5.1, 80.0):
        optimiser.zero_grad()
        gradients = _gradients(ours, scale, random)
        for one, two, gradient in zip(
            ours.parameters(), plain.parameters(), gradients, strict=True
        ):
            one.grad, two.grad = gradient.clone(), gradient.clone()
        optimiser.step(LARGEST)
        torch.nn.utils.clip_grad_norm_(plain.parameters(), LARGEST)
        other.step()
        for one, two in zip(ours.parameters(), plain.parameters(), strict=True):
            # The sum that a norm is follows the order of memory, to the last digits.
            torch.testing.assert_close(one, two, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("scale", [0.1, 4.9999, 5.0, 5.0001, 80.0, float("nan"), float("inf")])
def test_gradients_are_shortened_with_pytorchs_bits(scale):
    ours, _ = _networks(2)
    optimiser = Optimiser(ours, RATE, DECAY)
    for parameter, gradient in zip(
        ours.parameters(),
        _gradients(ours, scale, torch.Generator().manual_seed(3)),
        strict=True,
    ):
        parameter.grad = torch.empty_like(parameter).copy_(gradient)
    rows = [torch.empty_like(row) for row in optimiser.rows]
    for row, parameter in zip(rows, ours.parameters(), strict=True):
        flat = torch.as_strided(parameter.grad, (parameter.numel(),), (1,))
        row.grad = flat.clone()
    torch.nn.utils.clip_grad_norm_(rows, LARGEST)
    optimiser.step(LARGEST)
    for one, two in zip(optimiser.rows, rows, strict=True):
        assert torch.equal(one.grad.nan_to_num(7.0), two.grad.nan_to_num(7.0))


def test_a_finished_training_leaves_nothing_of_its_optimiser_in_memory():
    """Without a search for garbage, which may come much later."""
    images = torch.randn(8, 1, 3, 17, 17)
    settings = Settings("resnet18", 1, batch_size=4, width=0.1)
    architecture = Architecture("resnet18", 3, width=0.1)
    gc.collect()
    gc.disable()
    try:
        training = NetworkTraining(
            architecture.build(),
            architecture,
            images=images,
            label=np.arange(8.0) % 2,
            settings=settings,
            seed=1,
        )
        training.run_epoch()
        state = next(iter(training.optimiser.inner.state.values()))
        left = [weakref.ref(state["exp_avg"]), weakref.ref(training.optimiser.rows[0])]
        del state
        assert all(each() is not None for each in left)
        network = training.finish()
        assert [each() for each in left] == [None, None]
        assert all(parameter.grad is None for parameter in network.parameters())
    finally:
        gc.enable()
