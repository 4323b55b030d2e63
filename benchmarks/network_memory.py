"""Memory that training a full-width network takes: a fit of the project, and after it, beside a
plain PyTorch loop on the same batches.

Memory is a process's, so each side runs in one of its own: `python -m benchmarks.network_memory
resnet50 ours` is such a process, and prints MiB as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from benchmarks.additions import forget_peak, memory
from benchmarks.arguments import parser_of
from benchmarks.network_training import NETWORKS, OVERNIGHT, case, comparison
from models.deep import DeepModel, Watch
from models.inputs import Inputs
from models.networks import NETWORKS as PUBLISHED

SMALL = {"patients": 16, "batch_size": 4, "width": 0.1}
HEAD = [
    "memory of training, MiB",
    "ours, peak",
    "after the fit",
    "plain PyTorch, peak",
    "ours ÷ plain",
]
NOTE = (
    "Width 1, 64 pixels, batches of 16, the second of two fits; ours with early stopping (and its"
    " best weights) and a state from which it could be resumed, the plain loop with its batches"
    " ready-made. Memory of a process that has only loaded the libraries is subtracted."
)


def _fit(network: str, size: Mapping[str, Any]) -> None:
    settings, images, label = case(network, **size)
    patients = pd.Index([f"P{number}" for number in range(len(label))])
    with tempfile.TemporaryDirectory() as folder:
        DeepModel(
            network,
            epochs=settings.epochs,
            batch_size=settings.batch_size,
            width=settings.width,
            early_stopping={"share": 0.25, "patience": 20},
        ).fit(
            Inputs(patients, images=images.numpy()),
            pd.Series(label, index=patients),
            Watch(checkpoint=Path(folder) / "state.pt", seconds=0),
        )


def one_process(network: str, side: str, small: bool = False) -> dict[str, float]:
    """MiB beyond what the process took before: `peak` of a fit, and `after` it."""
    size = OVERNIGHT | {"epochs": 1} | (SMALL if small else {})
    torch.set_num_threads(1)
    before = memory("VmRSS")
    for _ in range(2):
        forget_peak()
        if side == "ours":
            _fit(network, size)
        else:
            comparison(**size, network=network).other()
    return {"peak": memory("VmHWM") - before, "after": memory("VmRSS") - before}


def _said(network: str, side: str, small: bool) -> dict[str, float]:
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.network_memory", network, side, *["--small"] * small],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout.splitlines()[-1])


def rows(networks: Sequence[str] = tuple(NETWORKS), small: bool = False) -> list[list[str]]:
    """A row a network, of one process for either side."""
    found = []
    for network in networks:
        ours, plain = (_said(network, side, small) for side in ("ours", "plain"))
        numbers = (ours["peak"], ours["after"], plain["peak"])
        ratio = ours["peak"] / plain["peak"]
        name = PUBLISHED[network].label
        found.append([name, *(f"{number:.0f}" for number in numbers), f"{ratio:.2f}"])
    return found


if __name__ == "__main__":
    parser = parser_of(__doc__)
    parser.add_argument("network", choices=list(NETWORKS))
    parser.add_argument("side", choices=["ours", "plain"])
    parser.add_argument("--small", action="store_true", help="a quick run")
    given = parser.parse_args()
    print(json.dumps(one_process(given.network, given.side, given.small)))
