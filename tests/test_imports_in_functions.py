"""An import inside a function says why it is there: it would hide a module in the wrong room."""

import ast

import pytest

from tests.conftest import ROOT

# What a module's docstring says of all of its imports.
OF_THE_MODULE = ("imports what it needs", "import what they need")


def _first_of_runs(body: list[ast.stmt]) -> list[ast.stmt]:
    """Imports of a block that follow no other import."""
    imports = (ast.Import, ast.ImportFrom)
    return [
        each
        for before, each in zip([None, *body], body, strict=False)
        if isinstance(each, imports) and not isinstance(before, imports)
    ]


def _said(lines: list[str], line: int) -> bool:
    """Whether there is a comment on the line, or right above it or above its `try:`."""
    above = lines[line - 2].strip()
    if above == "try:":
        above = lines[line - 3].strip()
    return "#" in lines[line - 1] or above.startswith("#")


def unexplained(text: str) -> list[int]:
    """Lines of imports in functions without a comment on the same line or right above."""
    tree, lines = ast.parse(text), text.splitlines()
    if any(words in (ast.get_docstring(tree) or "") for words in OF_THE_MODULE):
        return []
    blocks = [
        getattr(inner, name)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        for name in ("body", "orelse", "finalbody")
        if isinstance(getattr(inner, name, None), list)
    ]
    found = {each.lineno for block in blocks for each in _first_of_runs(block)}
    return sorted(line for line in found if not _said(lines, line))


@pytest.mark.parametrize("package", ["analysis", "models", "early_recurrence"])
def test_imports_in_functions_say_why(package):
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in unexplained(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_check_finds_what_is_wrong():
    text = "def f():\n    import a\n    from b import c\n    if a:\n        import d  # slow\n"
    assert unexplained(text) == [2]
    assert unexplained(text.replace("    import a\n", "    # slow\n    import a\n")) == []
