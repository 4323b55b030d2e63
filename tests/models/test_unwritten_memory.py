"""Gradients hold nothing that was in memory before: the same to the bit whatever glibc fills new
memory with."""

import ctypes
import hashlib
import platform
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from models.deep.architecture import Architecture, logits
from models.deep.device import LEAST_SIDE, reproducible, resolved_precision

# Names of mallopt(3): the byte that new memory is filled with, and from which size on memory comes
# from the system, which has it empty.
M_PERTURB, M_MMAP_THRESHOLD = -6, -3


@contextmanager
def filled(byte: int) -> Iterator[None]:
    """Context in which glibc fills memory that is asked for and given back."""
    glibc = ctypes.CDLL(None)
    assert glibc.mallopt(M_MMAP_THRESHOLD, 1 << 25)
    assert glibc.mallopt(M_PERTURB, byte)
    try:
        yield
    finally:
        assert glibc.mallopt(M_PERTURB, 0)


def digest(network: str, precision: str, shape: tuple[int, ...], deepest: bool) -> str:
    """Of the gradients of all parameters, twice."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        built = Architecture(network, 3, len(shape), 0.25, deepest_contiguous=deepest)
        net = built.build().train()
        pictures = torch.randn(6, 3, *shape).contiguous(memory_format=built.memory_format)
    found = hashlib.sha256()
    for _ in range(2):
        net.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            out = logits(net, pictures)
        out.float().square().mean().backward()
        for parameter in net.parameters():
            found.update(parameter.grad.contiguous().numpy().tobytes())
    return found.hexdigest()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc fills memory on request")
def test_gradients_do_not_depend_on_what_memory_held():
    bfloat16 = (
        [resolved_precision("auto", "cpu", 2.5, LEAST_SIDE)]
        if resolved_precision("auto", "cpu", 2.5, 64) == "bfloat16"
        else []
    )
    shapes = [("float32", (16, 16)), ("float32", (8, 32, 32))]
    for each in bfloat16:
        shapes += [(each, (side, side)) for side in (LEAST_SIDE, 24, 40, 64)]
    cases = [
        (network, precision, shape, deepest)
        for network in ("resnet18", "resnet50")
        for precision, shape in shapes
        for deepest in (False, True)
    ]
    plain = [digest(*each) for each in cases]
    with filled(128):
        again = [digest(*each) for each in cases]
    pairs = zip(cases, plain, again, strict=True)
    assert again == plain, [case for case, one, other in pairs if one != other]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc fills memory on request")
@pytest.mark.parametrize("size", [1000, 1 << 22])
def test_what_memory_held_is_seen_where_it_is_read(size):
    with filled(128):
        assert (torch.empty(size, dtype=torch.uint8) == 255 - 128).all()


@pytest.mark.parametrize(("dimensions", "side"), [(3, 64), (2.5, 16)])
def test_bfloat16_is_left_out_or_refused_where_it_is_wrong(dimensions, side):
    assert (
        resolved_precision("auto", "cpu", dimensions, side)
        == resolved_precision("float32", "cpu", dimensions, side)
        == "float32"
    )
    with pytest.raises(
        ValueError,
        match=(
            "precision: bfloat16 on a processor gives wrong gradients in 3-D, and for pictures"
            " under 17 pixels"
        ),
    ):
        resolved_precision("bfloat16", "cpu", dimensions, side)
    assert resolved_precision("bfloat16", "cuda", dimensions, side) == "bfloat16"
    assert resolved_precision("bfloat16", "cpu", 2.5, 17) == "bfloat16"


def test_training_fills_no_memory_and_gives_the_setting_back():
    """Since no number rests on it, filling each new tensor would only take time."""
    for before in (False, True):
        torch.utils.deterministic.fill_uninitialized_memory = before
        with reproducible():
            assert torch.are_deterministic_algorithms_enabled()
            assert torch.utils.deterministic.fill_uninitialized_memory is False
        assert torch.utils.deterministic.fill_uninitialized_memory is before
