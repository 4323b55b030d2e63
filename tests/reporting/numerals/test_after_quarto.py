"""Quarto's post-render step counts the numerals of the pages."""

from __future__ import annotations

import json

import pytest

from analysis.workflow.postrender import COUNTED_LATER, main
from tests.support.numbered_pages import made_results, write_pages


@pytest.fixture
def page(tmp_path, monkeypatch):
    results = made_results(tmp_path)
    text = f"# Results\n\nOf {results('cohort.n')} patients 12 died.\n"
    found = write_pages(tmp_path / "pages", text, ("html",))[".html"]
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", str(tmp_path / "study.yml"))
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_FILES", str(found))
    return found


def test_the_step_says_what_is_not_bound(page, capsys):
    assert main() == 0
    said = capsys.readouterr().err
    assert "2 of 3 numerals bound (1 file); not bound, all of them in numerals.json:" in said
    assert "index.html: Of 177 patients «12» died." in said
    counted = json.loads((page.parent / "numerals.json").read_text(encoding="utf-8"))
    assert counted["index.html"]["bound"] == 2


def test_the_command_counts_once_all_formats_are_there(page, capsys, monkeypatch):
    monkeypatch.setenv(COUNTED_LATER, "1")
    assert main() == 0
    assert "bound" not in capsys.readouterr().err
    assert not (page.parent / "numerals.json").exists()
