"""The reference has every key, command, score, statistic and make target, each with its words."""

import argparse
import re

import pytest

import analysis.statistics
from analysis.study.dictionary import Dictionary
from analysis.study.sections import Study
from analysis.workflow.command_parser import command_parser
from models.staging import REFITS, SCORES
from tests.conftest import ROOT
from tests.docs.documentation import DOCS

made = pytest.importorskip("made", reason="docs/_ext is not there")

from made import commands, features, interface, make, scores, statistics, study_file  # noqa: E402
from made.fields import keys_of, type_words  # noqa: E402


@pytest.mark.parametrize(("root", "name"), [(Study, "study"), (Dictionary, "dictionary")])
def test_every_key_has_its_row_with_a_version(root, name):
    text = study_file.tables(root, name)
    keys = list(keys_of(root))
    assert len([line for line in text.splitlines() if line.startswith("| `")]) == len(keys)
    assert {key.place for key in keys} == set(study_file.versions(name))
    known = set(re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))
    assert set(study_file.versions(name).values()) <= known


def test_types_are_said_in_words():
    fields = Study.model_fields
    assert type_words(fields["jobs"].annotation, fields["jobs"].metadata) == (
        "whole number (at least -1)"
    )
    assert type_words(fields["clinical"].annotation) == "section"
    assert type_words(fields["comparators_supplement"].annotation) == "list of text or `rest`"


def test_every_command_has_a_heading_and_a_sentence():
    text = commands.page()
    names = commands.names()
    assert "check" in names
    assert "manuscript list" in names
    for name in names:
        heading, _, rest = text.partition(f"# `{name}`\n\n")
        assert heading != text, name
        assert re.match(r"[A-Z`'0-9].{15,}", rest), name
    assert "--study FILE" in text


def test_every_argument_of_a_command_is_described():
    def bare(parser, before=""):
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, sub in action.choices.items():
                    yield from bare(sub, f"{before}{name} ")
            elif not action.help:
                yield f"{before}{(action.option_strings or [action.dest])[-1]}"

    assert list(bare(command_parser())) == []


def test_every_score_has_its_row_with_a_source():
    text = scores.page()
    for name in (*SCORES, *REFITS):
        assert text.count(f"| `{name}` |") == 1
    assert "doi.org" in text
    assert "higher is worse" in text


def test_every_statistic_is_there():
    text = statistics.page()
    for name in analysis.statistics.__all__:
        assert re.search(rf"\.{name}$", text, re.MULTILINE), name


def test_features_and_interface_are_there():
    assert "| `Sphericity` |" in features.page()
    assert "## Grey level co-occurrence: `glcm`" in features.page()
    for name in ("load_study", "open_results", "predict"):
        assert f"## `{name}`" in interface.page()


def test_every_target_of_make_is_explained():
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert set(phony) - {"setup", "clean"} == set(make.targets())


@pytest.mark.parametrize("page", sorted((DOCS / "reference").glob("*.md")), ids=lambda p: p.name)
def test_no_page_of_the_reference_is_empty(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) > 4
    for name in re.findall(r"```\{made\} (\w+)", text):
        assert (DOCS / "_ext" / "made" / f"{name}.py").is_file()
