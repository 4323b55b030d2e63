"""A whole small study here and on emulated processors, file by file: a part of `make prove`, or

python -m tests.robustness.processors Haswell EPYC-Rome

Sixteen patients with images: radiomics, CR, five classifiers, three networks, fusions, controls,
explanations, statistics. Every file that holds a number must have the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.text_table import table
from tests.support.emulation import EMULATOR, LEAST, emulator_version, run_python

# Two generations of Intel's with AVX-512 to two without, one of each of AMD's families with AVX2.
PROCESSORS = ("Haswell", "Skylake-Server", "Icelake-Server", "EPYC-Rome")
HERE = "this computer"


@dataclass(frozen=True)
class Computed:
    """files: SHA-256 by name; empty where the study could not be computed, and `fault` says why."""

    processor: str
    files: Mapping[str, str]
    minutes: float
    fault: str = ""


def compute(processor: str | None, folder: Path, compiled: Path | None = None) -> Computed:
    """The study on one processor, with a cache of its own. compiled: a folder of numba's machine
    code to begin with; without one all of it is compiled there."""
    code = folder / "numba"
    if compiled is not None:
        shutil.copytree(compiled, code)
    start = time.perf_counter()
    said = run_python(
        ["-m", "tests.support.processor_study", str(folder)],
        processor,
        EARLY_RECURRENCE_CACHE=str(folder / "cache"),
        NUMBA_CACHE_DIR=str(code),
    )
    minutes = (time.perf_counter() - start) / 60
    name = processor or HERE
    if said.returncode:
        return Computed(name, {}, minutes, said.stderr.strip().splitlines()[-1])
    return Computed(name, json.loads(said.stdout.splitlines()[-1]), minutes)


def differing(one: Computed, two: Computed) -> list[str]:
    """Files that differ, or that one side lacks."""
    names = sorted({*one.files, *two.files})
    return [name for name in names if one.files.get(name) != two.files.get(name)]


def row(here: Computed, there: Computed) -> list[str]:
    """processor, minutes, what was found."""
    apart = differing(here, there)
    found = (
        there.fault
        or (f"{len(apart)} differ: {', '.join(apart[:5])}" if apart else "")
        or f"all {len(there.files)} files identical"
    )
    return [there.processor, f"{there.minutes:.0f}", found]


def main(arguments: list[str] | None = None) -> int:
    """1 where a file differs; 0 with a word where there is no emulator."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("processors", nargs="*", default=PROCESSORS, metavar="PROCESSOR")
    parser.add_argument(
        "--compile", action="store_true", help="have each processor compile numba's code too: slow"
    )
    options = parser.parse_args(arguments)
    if emulator_version() < LEAST:
        print(f"Other processors: not tried, as {EMULATOR} {LEAST} or newer is not installed.")
        return 0
    with tempfile.TemporaryDirectory(prefix="processors-") as name:
        folder = Path(name)
        here = compute(None, folder / "here")
        if here.fault:
            print(f"The study could not be computed on this computer: {here.fault}")
            return 1
        compiled = None if options.compile else folder / "here" / "numba"
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            there = list(
                pool.map(lambda each: compute(each, folder / each, compiled), options.processors)
            )
    print(table([row(here, each) for each in there], ["processor", "minutes", "beside this one"]))
    return int(any(each.fault or differing(here, each) for each in there))


if __name__ == "__main__":
    sys.exit(main())
