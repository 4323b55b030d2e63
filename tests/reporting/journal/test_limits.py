"""Word counts of rendered pages, and what is beyond a journal's limits."""

from __future__ import annotations

from pathlib import Path

import pypandoc
import pytest

from analysis.cli import main
from analysis.reporting.journal import counts_text, findings, read_article, report_counts
from analysis.reporting.journal.article import read_docx, read_html
from analysis.reporting.manuscript import open_results
from analysis.reporting.number_style import p_statement
from analysis.reporting.rendering.assets import document_metadata
from analysis.study import StudyError, load_study
from analysis.study.journals import journals
from tests.support.authored_study import authored

TEXT = """---
title: A title of five words
---

Nothing before the first heading counts.

# Abstract

**Objectives.** One two three.

**Results.** Four.

# Key Points

**Question** one two

# Introduction

Five words are in here.

# Methods

## Patients

- an item
- another item

| Table | of |
|-------|----|
| words | 12 |

Table: **Table 1.** A caption of no section.

# Declarations

None.

# References

1. Nobody. Nothing. 2020.
"""


@pytest.fixture(scope="module", params=["docx", "html"])
def page(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("page") / f"index.{request.param}"
    pypandoc.convert_text(
        TEXT,
        request.param,
        format="markdown",
        outputfile=str(path),
        extra_args=["--standalone", "--metadata=lang:en"],
    )
    return path


def test_words_are_counted_by_section_without_tables_and_references(page):
    article = read_article([page])
    assert counts_text(article) == (
        "Words: Abstract 6, Key Points 3, Introduction 5, Methods 4, Declarations 1; main text 9."
        " Figures: 0; tables: 1."
    )
    assert article.title == "A title of five words"
    assert [each.lead for each in article.of("abstract")] == ["Objectives", "Results"]
    assert article.of("Methods")[0].subsection == "Patients"


def test_word_is_read_before_the_page_and_nothing_without_either(tmp_path):
    assert read_article([tmp_path / "index.pdf", tmp_path / "index.docx"]) is None
    for name, words in (("docx", "one"), ("html", "one two")):
        extra = ["--standalone"]
        text, path = f"# Abstract\n\n{words}", str(tmp_path / f"index.{name}")
        pypandoc.convert_text(text, name, format="markdown", outputfile=path, extra_args=extra)
    both = [tmp_path / "index.html", tmp_path / "index.docx"]
    assert counts_text(read_article(both)).startswith("Words: Abstract 1;")
    assert counts_text(read_html(both[0])).startswith("Words: Abstract 2;")
    assert counts_text(read_docx(both[1])).startswith("Words: Abstract 1;")


def test_findings_of_insights_into_imaging(page, tmp_path):
    study = authored(tmp_path, journal="insights", running_title="Short", keywords=["a"] * 6)
    assert findings(study, read_article([page])) == [
        "keywords: 6, between 1 and 5 (manuscript: keywords in study.yml)",
        "running title: the journal wants none",
        "Abstract: the parts are Objectives, Materials and Methods, Results, Conclusion; here they"
        " are Objectives, Results",
        "Key Points: the parts are Question, Findings, Critical relevance statement; here they are"
        " Question",
    ]
    with pytest.raises(ValueError, match=r"Insights into Imaging \(https.*asks for something else"):
        report_counts(study, [page], strict=True)


def test_too_many_words_are_said_with_both_numbers(page, tmp_path):
    study = authored(tmp_path, journal="insights", keywords=["a"])
    preset = study.manuscript.preset.model_copy(
        update={"main_text": 8, "sections": {"Introduction": 4}, "title_words": 4}
    )
    limited = preset.model_copy(
        update={
            "abstract": preset.abstract.model_copy(update={"words": 5, "headings": []}),
            "key_points": preset.key_points.model_copy(update={"items": {"Question": 1}}),
            "floats": type(preset.tables)(most=0),
        }
    )
    original = journals()["insights"]
    journals()["insights"] = limited
    try:
        found = findings(study, read_article([page]))
    finally:
        journals()["insights"] = original
    assert found == [
        "title: 5 words, at most 4",
        "Abstract: 6 words, at most 5",
        "Key Points, Question: 2 words, at most 1",
        "main text: 9 words, at most 8",
        "Introduction: 5 words, at most 4",
        "figures and tables: 1, at most 0; the supplement takes the others",
    ]


def test_without_a_journal_words_are_counted_and_nothing_is_asked(page, tmp_path):
    study = authored(tmp_path)
    assert findings(study, read_article([page])) == []
    assert report_counts(study, [page], strict=True) == counts_text(read_article([page]))


def test_a_journal_decides_style_where_the_study_file_says_nothing(tmp_path):
    asked = authored(tmp_path / "a", journal="eur-radiol")
    open_results(asked.path)
    assert p_statement(0.0314) == "*p* = 0.031"
    own = authored(tmp_path / "b", journal="eur-radiol", numbers="ama", citations="author-date")
    open_results(own.path)
    assert p_statement(0.0314) == "*P* = .03"
    assert "csl" not in document_metadata(own, tmp_path)
    assert 'journal: {"title": "European Radiology"}' in document_metadata(asked, tmp_path)
    titled = authored(tmp_path / "c", journal="The Journal")
    assert (titled.manuscript.preset, titled.manuscript.journal_title) == (None, "The Journal")


def test_a_misspelt_journal_is_refused(tmp_path):
    study = authored(tmp_path)
    text = study.path.read_text(encoding="utf-8").replace(
        "manuscript: {}", "manuscript: {journal: radiolgy}"
    )
    study.path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"'radiolgy' is none of .*\(did you mean 'radiology'\?\)"):
        load_study(study.path)


def test_each_journal_names_its_source_and_what_is_not_known():
    assert list(journals()) == ["radiology", "eur-radiol", "insights", "front-oncol"]
    for journal in journals().values():
        assert journal.source.startswith("https://")
        assert journal.read
        assert journal.unsure
    assert journals()["radiology"].abstract.words == 300
    assert journals()["insights"].key_points.items["Critical relevance statement"] == 40
    assert journals()["front-oncol"].keywords == (5, 8)


def test_the_journals_form_is_printed_to_be_filled_in(tmp_path, capsys):
    study = authored(tmp_path, journal="insights")
    assert main(["manuscript", "journal", "--study", str(study.path)]) == 0
    said = capsys.readouterr().out
    assert "words of critical relevance statement, at most  40" in said
    assert '**Conclusion.** `{python} claims("conclusion")`' in said
    assert "**Critical relevance statement.** [authors: critical relevance statement]" in said
    plain = authored(tmp_path / "plain")
    assert main(["manuscript", "journal", "--study", str(plain.path)]) == 2
    assert "takes radiology, eur-radiol, insights, front-oncol" in capsys.readouterr().err
