"""The supplement names the models whose outcome was permuted."""

from types import SimpleNamespace

import pytest

from analysis.reporting.sections.supplement_robustness import _permuted_blocks
from analysis.results import keys
from models.blocks import FAMILY

MODELS = {
    "cr": SimpleNamespace(family="clinical", label="CR"),
    "a": SimpleNamespace(family=FAMILY, label="A"),
    "b": SimpleNamespace(family=FAMILY, label="B"),
}


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (["cr"], " and their fusion"),
        (["cr", "a"], ", the model of A without tuning, and their fusions"),
        (["cr", "a", "b"], ", the models of A and B without tuning, and their fusions"),
    ],
)
def test_blocks_are_named_where_they_were_permuted(done, words):
    permuted = {keys.permuted(name) for name in done}
    context = SimpleNamespace(r=SimpleNamespace(models=MODELS), has=permuted.__contains__)
    assert _permuted_blocks(context) == words
