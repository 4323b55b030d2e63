"""How many changes of a statistic the tests notice: `make mutate`, or

python -m tests.robustness.mutate --count 200 --seed 1

One operator, comparison, constant or return value of analysis/statistics is changed at a time, in a
copy of the packages, and the tests that belong to its file are run. A sampler of our own: mutmut
copies and runs the whole suite for each mutant, which takes days here, and it knows nothing of
doctests beside the code, which are a good part of these tests.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "analysis" / "statistics"
COMPARE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BINARY = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
}
# Coverage of intervals by simulation is slow and says little that the others don't; what is
# exported is no value.
LEFT_OUT = ("test_coverage.py", "test_docstrings.py")
LIMIT = 240
# A mutant may ask for an array of any size: it gets no more than this, in bytes.
MEMORY = 6 << 30


def _texts(tree: ast.Module) -> set[int]:
    """Constants that are words: docstrings, messages, names of columns."""
    return {
        id(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and not isinstance(node.value, (bool, int, float))
    }


def places(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(position in ast.walk, kind) of everything that can be changed, in function bodies alone."""
    words, inside = (
        _texts(tree),
        {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for part in function.body
            for node in ast.walk(part)
        },
    )
    raised = {
        id(node)
        for each in ast.walk(tree)
        if isinstance(each, (ast.Raise, ast.JoinedStr))
        for node in ast.walk(each)
    }
    for position, node in enumerate(ast.walk(tree)):
        if id(node) not in inside or id(node) in words | raised:
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
            yield position, "comparison"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in BINARY:
            yield position, "operator"
        elif isinstance(node, ast.BoolOp):
            yield position, "and, or"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
            yield position, "sign"
        elif isinstance(node, ast.Constant) and not (
            isinstance(node.value, (int, float))
            and node.value in (True, False)
            and isinstance(node.value, bool)
        ):
            yield position, "number"
        elif isinstance(node, ast.Constant):
            yield position, "truth"


def mutated(tree: ast.Module, position: int) -> tuple[ast.Module, str]:
    """The tree with one change, and what was changed to what, by its line."""
    tree = copy.deepcopy(tree)
    node = next(each for place, each in enumerate(ast.walk(tree)) if place == position)
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        node.ops[0] = COMPARE[type(node.ops[0])]()
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        node.op = BINARY[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        node.value = (
            (not node.value)
            if isinstance(node.value, bool)
            else node.value + 1
            if isinstance(node.value, int)
            else node.value * 1.5 + 0.1
        )
    return tree, f"line {node.lineno}: {before} → {ast.unparse(node)}"


def tests_of(module: str) -> list[str]:
    """Tests that use a module of the statistics by name or through the package, and its own
    doctests."""
    exported = {
        name.name
        for node in ast.walk(ast.parse((ROOM / "__init__.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(f".{module}")
        for name in node.names
    }
    own = {
        node.name
        for node in ast.parse((ROOM / f"{module}.py").read_text(encoding="utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    found = [f"analysis/statistics/{module}.py"]
    for path in sorted((ROOT / "tests" / "statistics").glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if path.name not in LEFT_OUT and (
            path.name == "test_gold.py"
            or f"statistics.{module} " in text
            or any(name in text for name in exported | own)
        ):
            found.append(path.relative_to(ROOT).as_posix())
    return found


@dataclass
class Room:
    """A copy of the packages and their tests, in which one file at a time is changed."""

    folder: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("analysis", "models", "early_recurrence", "tests", "benchmarks"):
            shutil.copytree(
                ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        for name in ("pyproject.toml", "study.yml"):
            shutil.copy(ROOT / name, self.folder / name)
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        self.environment = {
            **os.environ,
            **one,
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def write(self, path: Path, source: str) -> None:
        (self.folder / path.relative_to(ROOT)).write_text(source, encoding="utf-8")

    def passes(self, tests: list[str], limit: float) -> bool:
        """Whether tests pass within `limit` seconds and within `MEMORY`."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "--no-header",
            *tests,
        ]
        limited = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # noqa: E731
        try:
            return (
                subprocess.run(
                    command,
                    cwd=self.folder,
                    env=self.environment,
                    capture_output=True,
                    timeout=limit,
                    preexec_fn=limited,
                ).returncode
                == 0
            )
        except subprocess.TimeoutExpired:
            return False

    def survives(self, path: Path, position: int) -> str | None:
        """The changed line, where no test notices it."""
        source = path.read_text(encoding="utf-8")
        tree, changed = mutated(ast.parse(source), position)
        self.write(path, ast.unparse(tree))
        try:
            return changed if self.passes(tests_of(path.stem), LIMIT) else None
        finally:
            self.write(path, source)


def unchanged_passes(room: Room, modules: list[Path]) -> bool:
    """The tests of files as ast writes them, without a change: what fails then says nothing of
    mutants."""
    for path in modules:
        room.write(path, ast.unparse(ast.parse(path.read_text(encoding="utf-8"))))
    try:
        return room.passes(
            sorted({test for path in modules for test in tests_of(path.stem)}), 10 * LIMIT
        )
    finally:
        for path in modules:
            room.write(path, path.read_text(encoding="utf-8"))


def notice(sample: list[tuple[Path, int, str]], jobs: int) -> tuple[int, list[str]]:
    """How many were tested, and what was not noticed. Raises SystemExit where the tests fail
    without a change."""
    from tqdm import tqdm

    tested, survivors = 0, []
    with tempfile.TemporaryDirectory(prefix="mutate") as place:
        rooms: SimpleQueue[Room] = SimpleQueue()
        for number in range(jobs):
            rooms.put(Room(Path(place) / str(number)))
        first = rooms.get()
        if not unchanged_passes(first, sorted({path for path, _, _ in sample})):
            raise SystemExit("tests fail without a change; mend them first")
        rooms.put(first)

        def one(path: Path, position: int, kind: str) -> str | None:
            room = rooms.get()
            try:
                changed = room.survives(path, position)
            finally:
                rooms.put(room)
            return None if changed is None else f"{path.name}: {kind}: {changed}"

        with ThreadPoolExecutor(jobs) as pool:
            waiting = [pool.submit(one, *each) for each in sample]
            try:
                for done in tqdm(
                    as_completed(waiting),
                    total=len(waiting),
                    desc="mutants of statistics",
                    file=sys.stderr,
                ):
                    tested += 1
                    survivors += [found] if (found := done.result()) else []
            except KeyboardInterrupt:
                pool.shutdown(cancel_futures=True)
                print("stopped; this is what was tested until then")
    return tested, sorted(survivors)


def main() -> int:
    from tests.support.record import tried

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", default="", help="names of modules, with commas: mutants of these alone"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    only = {name for name in options.only.split(",") if name}
    if unknown := only - {path.stem for path in ROOM.glob("*.py")}:
        parser.error(f"no such module of analysis/statistics: {', '.join(sorted(unknown))}")
    everything = [
        (path, position, kind)
        for path in sorted(ROOM.glob("*.py"))
        if path.name != "__init__.py" and (not only or path.stem in only)
        for position, kind in places(ast.parse(path.read_text(encoding="utf-8")))
    ]
    sample = random.Random(options.seed).sample(everything, min(options.count, len(everything)))
    tested, survivors = notice(sample, options.jobs)
    for each in survivors:
        print(f"not noticed: {each}")
    if not tested:
        return 130
    noticed = tested - len(survivors)
    print(
        f"{noticed} of {tested} mutants noticed ({noticed / tested:.0%}), drawn from"
        f" {len(everything):,} places by seed {options.seed}"
    )
    if only:
        return 0
    tried(
        "Mutants of the statistics (make mutate)",
        "one operator, comparison, number or truth value changed",
        f"{noticed / tested:.0%} make a test fail",
        tested,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
