"""No call passes more than four arguments by position: nobody can tell the fifth from the sixth."""

import ast

import pytest

from tests.conftest import ROOT

MOST = 4
# Those that take any number of equal arguments, and those of other libraries.
EQUAL = {"digest", "sentences", "paragraphs", "partial"}
OTHERS = {"sitk.Resample", "datetime", "day_of", "FPDFText_GetFontInfo"}
# Compiled kernels take arrays in the order of the loop that they serve.
KERNELS = ROOT / "analysis" / "inputs" / "radiomics" / "engine"


def _positional(call: ast.Call) -> int:
    if ast.unparse(call.func) in EQUAL | OTHERS:
        return 0
    return sum(not isinstance(each, ast.Starred) for each in call.args)


def many_by_position(text: str) -> list[int]:
    """Lines of calls with more than MOST arguments by position."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and _positional(node) > MOST
    ]


@pytest.mark.parametrize("package", ["analysis", "models", "early_recurrence"])
def test_arguments_beyond_the_fourth_are_named(package):
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / package).rglob("*.py"))
        if not path.is_relative_to(KERNELS)
        for line in many_by_position(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_check_finds_what_is_wrong():
    text = "f(1, 2, 3, 4)\nf(1, 2, 3, 4, 5)\nf(1, 2, 3, 4, e=5)\ndigest(1, 2, 3, 4, 5)\n"
    assert many_by_position(text) == [2]
    assert many_by_position("f(*a, 2, 3, 4, 5)\nf(*a, 2, 3, 4, 5, 6)\n") == [2]
