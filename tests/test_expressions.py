"""Nested expressions: what is nested has a name of its own.

A conditional expression stands in no other one, and a comprehension is read at one glance.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Folders whose code is held to it.
ROOMS = (
    "analysis/core",
    "analysis/statistics",
    "analysis/units",
    "analysis/study",
    "analysis/imaging",
    "analysis/cohort",
    "analysis/inputs",
    "analysis/training",
    "analysis/results",
    "models",
)
# Folders of tables and sentences: their rows may be comprehensions, no condition is in another.
PAGES = ("analysis/reporting", "analysis/workflow", "analysis/demo", "early_recurrence")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEEPEST = 2
MOST_LOOPS = 2
MOST_LINES_OF_NESTED = 8


def _depth(node: ast.AST) -> int:
    """Comprehensions within one another, this one among them."""
    below = max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)
    return below + isinstance(node, COMPREHENSIONS)


def _inner(node: ast.AST) -> Iterator[ast.expr]:
    """Comprehensions and conditional expressions within an expression."""
    for child in ast.walk(node):
        if child is not node and isinstance(child, (*COMPREHENSIONS, ast.IfExp)):
            yield child


def _comprehension_fault(node: ast.expr) -> str | None:
    """What makes a comprehension hard to read; None for one that is not."""
    loops = len(node.generators)
    if loops > MOST_LOOPS:
        return f"{loops} loops in one comprehension"
    depth = _depth(node)
    if depth > DEEPEST:
        return f"comprehensions {depth} deep"
    if depth == 1:
        return None
    if loops > 1:
        return "two loops around another comprehension"
    lines = node.end_lineno - node.lineno + 1
    if lines > MOST_LINES_OF_NESTED:
        return f"nested comprehension of {lines} lines"
    return None


def _conditional_fault(node: ast.IfExp) -> str | None:
    """What makes a conditional expression hard to read; None for one that is not."""
    nested = any(isinstance(inner, ast.IfExp) for inner in _inner(node))
    return "conditional expression in another one" if nested else None


def faults_of(source: str) -> list[str]:
    """Nested expressions of a module: line and what is nested, the outermost of each alone."""
    found: dict[int, str] = {}
    inside: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, COMPREHENSIONS):
            fault = _comprehension_fault(node)
        elif isinstance(node, ast.IfExp):
            fault = _conditional_fault(node)
        else:
            continue
        if fault and id(node) not in inside:
            found.setdefault(node.lineno, fault)
            inside |= {id(inner) for inner in _inner(node)}
    return [f"{line}: {fault}" for line, fault in sorted(found.items())]


@pytest.mark.parametrize("room", PAGES)
def test_no_condition_is_in_another(room):
    faults = [
        f"{file.relative_to(ROOT)}:{fault}"
        for file in sorted((ROOT / room).rglob("*.py"))
        for fault in faults_of(file.read_text(encoding="utf-8"))
        if "conditional" in fault
    ]
    assert not faults, "give the inner part a name:\n" + "\n".join(faults)


@pytest.mark.parametrize("room", ROOMS)
def test_no_expression_is_nested(room):
    files = sorted((ROOT / room).rglob("*.py"))
    assert files, f"{room} holds no code"
    faults = [
        f"{file.relative_to(ROOT)}:{fault}"
        for file in files
        for fault in faults_of(file.read_text())
    ]
    assert not faults, "give the inner part a name:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = 1 if a else 2 if b else 3", "conditional expression in another one"),
        ("x = f(1 if a else 2) if b else 3", "conditional expression in another one"),
        ("x = [a for b in c for a in b for _ in a]", "3 loops in one comprehension"),
        ("x = [[[a for a in b] for b in c] for c in d]", "comprehensions 3 deep"),
        ("x = [f(a for a in b) for c in d for b in c]", "two loops around another comprehension"),
        ("x = [f(a for a in b)" + "\n" * 8 + "for b in d]", "nested comprehension of 9 lines"),
    ],
)
def test_nested_expression_is_found(source, fault):
    assert faults_of(source) == [f"1: {fault}"]


@pytest.mark.parametrize(
    "source",
    [
        "x = 1 if a else 2",
        "x = [a if a else 1 for b in c for a in b]",
        "x = [[a for a in b] for b in c]",
        "x = (1 if a else 2) + (3 if b else 4)",
    ],
)
def test_expression_that_can_be_read_passes(source):
    assert faults_of(source) == []
