"""The rooms of the packages: each imports only from those before it, and no two files import each
other by any way round. Imports inside functions count."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.conftest import ROOT

ROOMS = (
    "analysis.core",
    "analysis.statistics",
    "analysis.units",
    "models",
    "analysis.study",
    "analysis.imaging",
    "analysis.cohort",
    "analysis.inputs",
    "analysis.training",
    "analysis.results",
    "analysis.reporting",
    "analysis.demo",
    "analysis.workflow",
    "analysis.cli",
    "early_recurrence",
)


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {
    _name(path): path
    for folder in ("analysis", "models", "early_recurrence")
    for path in (ROOT / folder).rglob("*.py")
}


def _imported(path: Path) -> set[str]:
    """Files of the packages that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in FILES else str(node.module) for name in names}
    return found & FILES.keys()


@cache
def _imports() -> dict[str, set[str]]:
    """file → files that it imports; read when a test asks, not in each process that collects."""
    return {name: _imported(path) for name, path in FILES.items()}


def _room(name: str) -> int:
    return next(
        place for place, room in enumerate(ROOMS) if name == room or name.startswith(f"{room}.")
    )


def test_each_room_imports_only_from_those_before_it():
    upward = [
        f"{name} imports {other}"
        for name, others in _imports().items()
        for other in others
        if "analysis" not in (name, other) and _room(other) > _room(name)
    ]
    assert not upward


def test_no_file_imports_itself_by_way_of_others():
    # A package that hands on names of its files is imported by them for its own names alone.
    try:
        list(TopologicalSorter(_imports()).static_order())
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_no_file_lies_beside_the_command():
    loose = {path.name for path in (ROOT / "analysis").glob("*.py")}
    assert loose == {"__init__.py", "cli.py"}
