"""How long a step of a network takes by its size: `python -m benchmarks.network_sizes [turns]`.

What models.settings.NetworkSettings.work and models.deep.architecture.deepest_contiguous say
rests on two tables:

- for each network, the largest factor by which the time of one size, taken from that of another by
  the estimate's formula, is wrong;
- for each size, the time of a patient in an epoch, with the order in memory that is chosen, and
  how much less it is with the deepest layer's channels first than with them last.

Processor time of one thread; the least of `turns` epochs after one that isn't counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import torch

from benchmarks.arguments import counts
from benchmarks.network_training import PHASES, SEED, SLICES, case
from benchmarks.text_table import table
from models.deep.architecture import architecture_for
from models.deep.device import reproducible
from models.deep.training import NetworkTraining
from models.networks import NETWORKS
from models.settings import NetworkSettings


@dataclass(frozen=True)
class Size:
    """planes: of a block in three dimensions, 0 in two and a half."""

    width: float
    pixels: int
    batch_size: int
    patients: int
    planes: int = 0

    def __str__(self) -> str:
        block = f", {self.planes} planes" if self.planes else ""
        return f"width {self.width:g}, {self.pixels} pixels{block}"


FLAT = [
    Size(0.25, 40, 22, 66),
    Size(0.25, 64, 22, 66),
    Size(0.25, 96, 16, 48),
    Size(0.5, 40, 22, 66),
    Size(0.5, 64, 16, 48),
    Size(0.5, 96, 16, 32),
    Size(1.0, 40, 16, 48),
    Size(1.0, 64, 16, 32),
    Size(1.0, 96, 16, 32),
    Size(1.0, 128, 16, 16),
]
SOLID = [
    Size(0.25, 40, 16, 32, 8),
    Size(0.25, 64, 16, 32, 16),
    Size(0.5, 40, 16, 16, 16),
    Size(0.5, 64, 8, 8, 8),
    Size(1.0, 40, 8, 8, 8),
    Size(1.0, 64, 8, 8, 16),
]
HEAD = ["network", "size", "ms a patient", "less with channels first"]
ERRORS = ["network", "dimensions", "one size from another, wrong by up to"]


def _work(size: Size) -> float:
    settings = NetworkSettings(epochs=1, width=size.width, dimensions=3 if size.planes else 2.5)
    return settings.work(1, size.planes or SLICES, size.pixels)


def _epoch_seconds(network: str, size: Size, turns: int) -> tuple[float, float, bool]:
    """Seconds a patient with the deepest layer's channels last and first, by turns; and whether
    first is chosen."""
    settings, images, label = case(network, epochs=turns + 1, **asdict(size))
    chosen = architecture_for(settings, PHASES, size.pixels)
    sides = [replace(chosen, deepest_contiguous=first) for first in (False, True)]
    runs = [NetworkTraining(side.build(), side, images, label, settings, SEED) for side in sides]
    found: list[list[float]] = [[], []]
    with reproducible():
        for _ in range(turns + 1):
            for seconds, run in zip(found, runs, strict=True):
                begun = time.process_time()
                run.run_epoch()
                seconds.append(time.process_time() - begun)
    last, first = (min(seconds[1:]) / size.patients for seconds in found)
    return last, first, chosen.deepest_contiguous


def largest_error(seconds: Iterable[float], work: Iterable[float]) -> float:
    """Largest factor by which the time of one size, by the work of both, misses that of another."""
    speeds = [one / other for one, other in zip(seconds, work, strict=True)]
    return max(speeds) / min(speeds)


def rows(
    networks: Sequence[str] = tuple(NETWORKS),
    kinds: Sequence[Sequence[Size]] = (FLAT, SOLID),
    turns: int = 3,
) -> tuple[list[list[str]], list[list[str]]]:
    """Rows of the two tables."""
    errors, steps = [], []
    for network in networks:
        for sizes in kinds:
            chosen_seconds = []
            for size in sizes:
                last, first, chosen = _epoch_seconds(network, size, turns)
                chosen_seconds.append(first if chosen else last)
                steps.append(
                    [
                        NETWORKS[network].label,
                        str(size),
                        f"{1000 * chosen_seconds[-1]:.2f}",
                        f"{1 - first / last:.0%}" + (" (chosen)" if chosen else ""),
                    ]
                )
            error = largest_error(chosen_seconds, map(_work, sizes))
            dimensions = "3" if sizes[0].planes else "2.5"
            errors.append([NETWORKS[network].label, dimensions, f"{error:.2f}"])
    return errors, steps


def main(turns: int = 3) -> None:
    """Print both tables."""
    torch.set_num_threads(1)
    errors, steps = rows(turns=turns)
    print(f"{table(errors, ERRORS)}\n\n{table(steps, HEAD)}")


if __name__ == "__main__":
    main(*counts(__doc__, turns=3))
