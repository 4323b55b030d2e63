"""Gradients hold nothing that was in memory before: the same to the bit whatever glibc fills new
memory with."""

import os
import platform
import subprocess
import sys

import pytest
import torch

from models.deep.device import LEAST_SIDE, reproducible, resolved_precision
from tests.conftest import ROOT

SCRIPT = """
import hashlib, sys, torch
from models.deep.architecture import Architecture, logits
torch.set_num_threads(1)
for case in sys.argv[1:]:
    network, precision, *shape = case.split(",")
    torch.manual_seed(0)
    built = Architecture(network, 3, len(shape), 0.25)
    net = built.build().train()
    pictures = torch.randn(6, 3, *map(int, shape)).contiguous(memory_format=built.memory_format)
    found = hashlib.sha256()
    for _ in range(2):
        net.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            out = logits(net, pictures)
        out.float().square().mean().backward()
        for parameter in net.parameters():
            found.update(parameter.grad.contiguous().numpy().tobytes())
    print(found.hexdigest())
"""
FILLED = [{}, {"MALLOC_PERTURB_": "128", "MALLOC_MMAP_THRESHOLD_": "1073741824"}]


def digests(cases):
    """Of the gradients of each case, with memory as it comes, and filled."""
    return [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, *cases],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | filled,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for filled in FILLED
    ]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc fills memory on request")
def test_gradients_do_not_depend_on_what_memory_held():
    bfloat16 = (
        [resolved_precision("auto", "cpu", 2.5, LEAST_SIDE)]
        if resolved_precision("auto", "cpu", 2.5, 64) == "bfloat16"
        else []
    )
    cases = [
        f"{network},{precision},{shape}"
        for network in ("resnet18", "resnet50")
        for precision, shape in [
            ("float32", "16,16"),
            ("float32", "8,32,32"),
            *[
                (each, shape)
                for each in bfloat16
                for shape in (f"{LEAST_SIDE},{LEAST_SIDE}", "24,24", "40,40", "64,64")
            ],
        ]
    ]
    plain, filled = digests(cases)
    assert len(plain) == len(cases)
    pairs = zip(cases, plain, filled, strict=True)
    assert filled == plain, [case for case, one, other in pairs if one != other]


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
