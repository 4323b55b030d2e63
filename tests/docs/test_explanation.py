"""The pages that explain: every file, every function in a file and every relative link is there."""

import ast
import re

import pytest

from tests.conftest import ROOT

PAGES = [ROOT / "docs" / "explanation" / name for name in ("architecture.md", "reproducibility.md")]
PATH = re.compile(r"`([\w-]+/[\w./-]+)`")
FUNCTION = re.compile(r"`([\w./-]+\.py)`\s+—\s+`([\w.]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def _names(tree, before=""):
    """Functions and classes of a file, and methods as `Class.method`."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield f"{before}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _names(node, f"{node.name}.")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page):
    text = page.read_text(encoding="utf-8")
    paths = {*PATH.findall(text), *(file for file, _ in FUNCTION.findall(text))}
    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]
    assert not [
        f"{file}: {name}"
        for file, name in FUNCTION.findall(text)
        if name not in _names(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    ]
    assert not [link for link in LINK.findall(text) if not (page.parent / link).exists()]
