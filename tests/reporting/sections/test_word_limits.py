"""Abstract and key points keep within their words, whatever the study."""

from __future__ import annotations

import re

from analysis.reporting.manuscript import open_results
from analysis.reporting.sections import Says, abstract
from analysis.reporting.sections.word_limits import ABSTRACT, KEY_POINT, fitting, words_of
from tests.support.documents import rendered
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

SECTION = re.compile(r"^# (Abstract|Key points)[^\n]*\n(.*?)(?=^# )", re.MULTILINE | re.DOTALL)
MARKED = re.compile(r'\[([^\[\]]*)\]\{(?:[^{}"]|"[^"]*")*\}')


def parts_of(text: str) -> dict[str, str]:
    return {name: MARKED.sub(r"\1", part) for name, part in SECTION.findall(text)}


def test_the_article_keeps_within_its_words(drawn_study, monkeypatch, capsys):
    parts = parts_of(rendered(drawn_study, monkeypatch, capsys))
    assert 100 < len(parts["Abstract"].split()) <= ABSTRACT
    points = [each for each in parts["Key points"].splitlines() if each.startswith("- ")]
    assert len(points) == 3
    assert all(3 < len(each.removeprefix("- ").split()) <= KEY_POINT for each in points)


def test_an_abstract_with_little_room_leaves_out_what_matters_least(tmp_path, monkeypatch):
    says = Says(open_results(write_fake_study(LIVER, tmp_path), links=True))
    whole = str(says("abstract-results"))
    monkeypatch.setattr(abstract, "ABSTRACT", 200)
    short = str(says("abstract-results"))
    assert "net benefit" in whole
    assert "net benefit" not in short
    assert "the best model in training" in short
    assert words_of(says.context.r, short) < words_of(says.context.r, whole)


def test_the_longest_wording_that_fits_is_taken(tmp_path):
    results = open_results(write_fake_study(LIVER, tmp_path), links=True)
    assert fitting(results, ["one two three", "one two", "one"], 2) == "one two"
    assert fitting(results, ["one two three", "one two"], 1) == "one two"
    assert words_of(results, 'AUC [0.872]{.result key="auc.cr" title="a b c"} {cohort.n}') == 3
