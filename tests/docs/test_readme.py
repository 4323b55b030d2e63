"""The README invites: short, its numbers right, its links there."""

import json
import re

from models.staging import SCORES
from tests.conftest import ROOT
from tests.docs.documentation import README

TEXT = README.read_text(encoding="utf-8")


def test_it_has_at_most_900_words():
    assert len(TEXT.split()) <= 900


def test_its_first_two_sentences_are_short():
    opening = TEXT.split("\n\n")[1].replace("\n", " ")
    sentences = re.split(r"(?<=\.) (?=[A-Z])", opening)
    assert len(sentences) == 2
    assert all(len(sentence.split()) <= 36 for sentence in sentences)


def test_its_numbers_are_those_of_the_code():
    assert f"{len(SCORES)} staging systems and indexes" in TEXT
    records = json.loads((ROOT / "tests" / "gold" / "reference.json").read_text())["records"]
    assert f"{len(records)} reference values" in TEXT


def test_its_python_is_what_the_notebook_s_tutorial_runs():
    (python,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    tutorial = (ROOT / "docs" / "tutorials" / "notebook.md").read_text(encoding="utf-8")
    for line in python.strip().splitlines():
        assert line in tutorial, line


def test_what_it_names_first_is_there():
    for wanted in ("make report", "make test", "docs/report.png", "CITATION.cff", "make docs"):
        assert wanted in TEXT
