"""What portable arithmetic costs beside native: the same tasks in processes of either kind.

Kernels are pinned when a library is loaded, so each side runs in processes of its own, by turns;
`python -m benchmarks.arithmetic` is one such process, and prints its seconds as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import torch
from threadpoolctl import threadpool_limits

from analysis.core.arithmetic import KERNELS, VARIABLE, description
from analysis.study import Extraction
from benchmarks import nested_cross_validation, network_training, radiomics
from benchmarks.arguments import parser_of
from benchmarks.phantoms import phantom
from models.deep.device import resolved_precision

HEAD = ["one thread, processor time", "portable", "native", "portable ÷ native"]
TURNS = 3


def tasks(small: bool = False) -> dict[str, Callable[[], object]]:
    """By name. small: for the tests, which time nothing."""
    size = (
        {"patients": 12, "pixels": 24, "epochs": 1, "width": 0.1, "batch_size": 6}
        if small
        else {"patients": 132, "pixels": 40, "epochs": 8, "width": 0.5, "batch_size": 22}
    )
    folds = {"patients": 64, "features": 30, "outer": 2, "folds": 2, "of_other": 1} if small else {}
    network = network_training.comparison(precision="float32", **size)
    chosen = network_training.comparison(
        precision=resolved_precision("auto", "cpu", 2.5, 64), **size
    )
    image, mask = phantom(8 if small else 20)
    return {
        "network training, float32": network.ours,
        "network training, precision auto": chosen.ours,
        "five classifiers, nested cross-validation": nested_cross_validation.comparison(
            **folds
        ).ours,
        "radiomics of one image": lambda: radiomics._ours(image, mask, Extraction()),
    }


def seconds(small: bool = False, turns: int = TURNS) -> dict[str, float]:
    """Median processor time of each task, after a turn that isn't counted."""
    found = {}
    torch.set_num_threads(1)
    with threadpool_limits(1):
        for name, task in tasks(small).items():
            task()
            times = []
            for _ in range(turns):
                start = time.process_time()
                task()
                times.append(time.process_time() - start)
            found[name] = median(times)
    return found


def _one_process(mode: str, small: bool) -> dict[str, object]:
    kept = {name: value for name, value in os.environ.items() if name not in KERNELS}
    kept.pop("NPY_DISABLE_CPU_FEATURES", None)
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.arithmetic", *(["--small"] if small else [])],
        env=kept | {VARIABLE: mode},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout.splitlines()[-1])


def rows(small: bool = False, processes: int = 2) -> tuple[list[list[str]], str]:
    """A row a task, of the medians of several processes of either kind by turns; and what native
    is here."""
    modes = ("portable", "native")
    found = {mode: [] for mode in modes}
    for _ in range(processes):
        for mode in modes:
            found[mode].append(_one_process(mode, small))
    lines = []
    for name in found["portable"][0]["seconds"]:
        one, two = (median(each["seconds"][name] for each in found[mode]) for mode in modes)
        lines.append([name, f"{one:.2f} s", f"{two:.2f} s", f"{one / two:.2f}"])
    return lines, str(found["native"][0]["arithmetic"])


if __name__ == "__main__":
    parser = parser_of(__doc__)
    parser.add_argument("--small", action="store_true", help="a quick run of each task")
    small = parser.parse_args().small
    found = seconds(small, turns=1 if small else TURNS)
    print(json.dumps({"arithmetic": description(), "seconds": found}))
