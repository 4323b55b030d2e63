"""Networks of less than an eighth of the published width destroy nothing that lies beside their
gradients in memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from models.deep.architecture import Architecture
from models.networks import NETWORKS
from tests.conftest import ROOT

# glibc's malloc that looks after what was written beyond its pieces, where it is installed.
CHECKING = Path("/lib/x86_64-linux-gnu/libc_malloc_debug.so.0")
TRAINED = """
import early_recurrence
import numpy as np
import torch
from models.deep.architecture import Architecture, logits
torch.set_num_threads(1)
for network in ("resnet18", "resnet50"):
    architecture = Architecture(network, 3, width=0.1)
    built = architecture.build()
    for _ in range(4):
        seen = torch.randn(4, 3, 40, 40).contiguous(memory_format=architecture.memory_format)
        logits(built, seen).square().mean().backward()
print("trained")
"""


@pytest.mark.skipif(not CHECKING.is_file(), reason="needs glibc's malloc that checks")
def test_nothing_beside_the_gradients_is_written():
    said = subprocess.run(
        [sys.executable, "-c", TRAINED],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "LD_PRELOAD": str(CHECKING), "MALLOC_CHECK_": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout == "trained\n", said.stderr[-500:]


@pytest.mark.parametrize(("width", "first"), [(0.1, True), (0.125, False)])
@pytest.mark.parametrize("network", NETWORKS)
def test_only_convolutions_that_do_so_have_their_channels_first(network, width, first):
    built = Architecture(network, 3, width=width).build()
    found = [
        name
        for name, module in built.named_modules()
        if isinstance(module, torch.nn.Conv2d) and module._forward_pre_hooks
    ]
    wanted = ["layer2.0.downsample.0"] if first and network != "resnet50" else []
    assert found == wanted
