"""Results hold numbers, ids and terms of methods; sentences are made in analysis/reporting alone.

A text of several words is allowed in analysis/results where it names a method (`method=`, a name
that ends in `method`), is a unit or a label, or tells a user of an error.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.results import keys
from tests.conftest import ROOT

RESULTS, REPORTING = ROOT / "analysis" / "results", ROOT / "analysis" / "reporting"
UNITS = {each.unit for each in keys.DECLARED.values()} | {
    each.kind for each in keys.DECLARED.values()
}
# Where methods are listed for the reader of a number, its link on the html page; and where the
# method is PyRadiomics's way of local binary patterns, a setting.
LISTS_METHODS = {"results_by_key.py", "filters.py"}
METHODS, NAMES = ("method", "methods"), ("unit", "units", "label", "labels")
# What a term has not: a finite verb, a pronoun, an article at its beginning, the end of a sentence.
PROSE = re.compile(
    r"\b(is|are|was|were|has|have|had|does|do|did|can|can't|cannot|may|must|will|would|which|that"
    r"|who|whom|whose|they|them|their|it|its|this|these|those|so|because|where|there|nobody"
    r"|everybody|one's)\b|[.!?](\s|$)|^\s*(the|a|an)\b",
    re.IGNORECASE,
)
LONGEST = 90


def _named(tree: ast.AST) -> list[str]:
    """Names that a part of a file gives to what is in it."""
    if isinstance(tree, ast.keyword):
        return [tree.arg or ""]
    if isinstance(tree, ast.FunctionDef):
        return [tree.name]
    if isinstance(tree, ast.Assign):
        return [each.id for each in tree.targets if isinstance(each, ast.Name)]
    return []


def _texts(tree: ast.AST, what: str = "") -> Iterator[tuple[ast.Constant, str]]:
    """Texts of a file, none of docstrings and errors, and what each is.

    It is a method, a name (a unit or a label), or nothing of either.
    """
    if isinstance(tree, ast.Constant):
        if isinstance(tree.value, str):
            yield tree, what
        return
    if isinstance(tree, ast.Raise | ast.Assert):
        return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    for name in map(str.lower, _named(tree)):
        what = "method" if name.endswith(METHODS) else "name" if name.endswith(NAMES) else what
    for child in ast.iter_child_nodes(tree):
        yield from _texts(child, what)


def _words_at_fault(source: str) -> list[str]:
    """Texts of several words that are no terms, and terms that read as prose."""
    found = []
    for constant, what in _texts(ast.parse(source)):
        text = str(constant.value)
        if " " not in text.strip() or text in UNITS:
            continue
        if not what:
            found.append(f"line {constant.lineno}: words beside a method: {text!r}")
        elif what == "method" and (len(text) > LONGEST or PROSE.search(text)):
            found.append(f"line {constant.lineno}: prose: {text!r}")
    return found


def _readers_of_methods(source: str) -> list[int]:
    """Lines that read the method of a record."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr == "method"
        and isinstance(node.ctx, ast.Load)
    ]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize(
    "path",
    # Declarations say in words what keys mean; the older forms are what earlier versions wrote.
    [
        path
        for path in _files(RESULTS)
        if path.parent.name != "keys" and not path.name.startswith("older_")
    ],
    ids=lambda path: path.stem,
)
def test_results_hold_no_sentences(path):
    assert not _words_at_fault(path.read_text(encoding="utf-8"))


def test_reporting_prints_nothing_out_of_a_method():
    readers = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in _files(REPORTING)
        if path.name not in LISTS_METHODS
        for line in _readers_of_methods(path.read_text(encoding="utf-8"))
    }
    assert not readers


@pytest.mark.parametrize(
    "line",
    [
        'records.add(key, "highest with event")',
        'frame["group"] = "All patients"',
        'records.add(key, 1, method="patients whom both models score")',
        'records.add(key, 1, method=f"{n} groups. The rest is left out")',
        'def tie_method():\n    return "the smallest is taken"',
        f'records.add(key, 1, method="{"long term " * 12}")',
    ],
)
def test_words_in_results_are_found(line):
    assert _words_at_fault(line)


@pytest.mark.parametrize(
    "line",
    [
        'records.add(key, 1, unit="Brier score", method="stratified bootstrap, percentile")',
        'raise ValueError("this is said to the user")',
        'records.add(key, "primary")',
        'def f():\n    """What it is."""',
        'TREND_METHOD = "log-rank test for trend"',
    ],
)
def test_terms_and_errors_are_allowed(line):
    assert not _words_at_fault(line)


def test_a_reader_of_a_method_is_found():
    assert _readers_of_methods("text = f'{record.method}.'") == [1]
    assert not _readers_of_methods("row['method']")
