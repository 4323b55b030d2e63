"""Run every comparison single-threaded and print one table: `make bench`, or `python -m
benchmarks`.

A missed target is printed, and fails nothing: speed depends on what else the machine does.
`--require-targets` exits with 1. Two sides that disagree stop it always.
"""

from __future__ import annotations

import argparse
import platform
import warnings

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import (
    additions,
    arithmetic,
    auc_bootstrap,
    coverage,
    delong,
    habitats,
    ibsi_speed,
    intraclass,
    nested_cross_validation,
    net_benefit_bootstrap,
    network_memory,
    network_training,
    radiomics,
    radiomics_packages,
    regions,
    survival,
)
from benchmarks.measure import Comparison, Timing, measure
from benchmarks.text_table import table
from models.deep.device import resolved_precision


def comparisons() -> list[Comparison]:
    """At the sizes that the targets are set for."""
    return [
        delong.comparison(10_000, least_ratio=10),
        delong.comparison(100_000, least_ratio=10),
        delong.comparison(1_000_000, most_seconds=0.5),
        auc_bootstrap.comparison(),
        intraclass.comparison(),
        net_benefit_bootstrap.comparison(),
        *survival.comparisons(),
        nested_cross_validation.comparison(),
        *[
            network_training.comparison(**size, precision=each)
            for size in (network_training.DEMONSTRATION, network_training.OVERNIGHT)
            for each in dict.fromkeys(("float32", resolved_precision("auto", "cpu", 2.5, 64)))
        ],
    ]


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def row(timing: Timing) -> list[str]:
    """name, ours, the other, ratio, target, met, peak memory of ours and of the other."""
    task = timing.comparison
    targets = [f"≥ {task.least_ratio:g}×"] if task.least_ratio else []
    targets += [f"≤ {task.most_seconds:g} s"] if task.most_seconds else []
    other = f"{_time(timing.other)} ({task.other_name})"
    peaks = f"{timing.ours_peak / 2**20:.1f} / {timing.other_peak / 2**20:.1f}"
    met = {True: "yes", False: "NO", None: ""}[timing.met]
    return [
        task.name,
        _time(timing.ours),
        other,
        f"{timing.ratio:.2f}×" if timing.ratio < 10 else f"{timing.ratio:.0f}×",
        " and ".join(targets),
        met,
        peaks,
    ]


HEAD = ["what", "ours", "other", "ratio", "target", "met", "peak MiB, ours / other"]


def main(repeats: int = 5, require_targets: bool = False) -> int:
    """1 if a target is missed and they are required, so that a script can tell."""
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        timings = [measure(comparison, repeats) for comparison in comparisons()]
        features = [
            *radiomics.rows(),
            *radiomics_packages.rows(),
            *regions.rows(),
            *habitats.rows(),
            *ibsi_speed.rows(),
        ]
        added = additions.rows()
        kernels, native = arithmetic.rows()
        memory = network_memory.rows()
    print(table([row(timing) for timing in timings], HEAD))
    print(
        f"\nOne thread; medians of {repeats} turns after one that isn't counted; both sides checked"
        f" to agree first. Python {platform.python_version()}, numpy {np.__version__},"
        f" {platform.machine()}."
    )
    print(f"\n{table(features, radiomics.HEAD)}\n\n{radiomics.NOTE}")
    print(f"\n{table(added, additions.HEAD)}\n\n{additions.NOTE}")
    print(f"\n{table(memory, network_memory.HEAD)}\n\n{network_memory.NOTE}")
    print(
        f"\n{table(kernels, arithmetic.HEAD)}\n\nMedians of processes of either kind, by turns;"
        f" here native is: {native}."
    )
    print(
        f"\n{table(coverage.light(), coverage.HEAD)}\n\n300 samples a row; `python -m"
        " benchmarks.coverage` has all sizes, differences, false claims and follow-up, `python -m"
        " benchmarks.repeats` what averaging scores does."
    )
    missed = [timing.comparison.name for timing in timings if timing.met is False] + [
        line[0] for line in features if "NO" in line
    ]
    if missed:
        print(f"\nTargets missed in this run (try again on an idle machine): {'; '.join(missed)}.")
    return int(require_targets and bool(missed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--require-targets", action="store_true", help="exit with 1 if one is missed"
    )
    raise SystemExit(main(require_targets=parser.parse_args().require_targets))
