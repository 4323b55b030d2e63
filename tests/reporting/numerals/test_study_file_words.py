"""Numerals of what the authors wrote in the study file are theirs, and are bound to its field."""

from __future__ import annotations

import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.numerals.html_blocks import html_blocks
from analysis.reporting.numerals.numeral import all_numerals
from analysis.reporting.numerals.report import count_pages
from analysis.reporting.rendering.escaping import paired_brackets
from analysis.reporting.sections.generated import generated_files
from analysis.study.checklists.items import reporting_fields
from tests.support.numbered_pages import made_results, write_pages

WRITTEN = {
    "study": {
        "name": "tiny",
        "title": "A tiny study",
        "disease": "liver tumours",
        "treatment": "resection of segment 7",
        "event": "recurrence",
        "modality": "MRI",
        "synthetic": True,
    },
    "reporting": {
        "imaging_protocol": "protocol 2014-0123, 3 T, b 10^3^ s/mm^2^",
        "segmentation": "Two readers [12 years of practice] by https://example.org/v2/2014.",
        "objectives": "To predict recurrence within 18 months.",
        "eligibility": "Adults] of 18 years or more, [but none above 85",
    },
    "declarations": {
        "ethics": "Approved as 2019/417.",
        "funding": "Grant 82,000.",
        "contributions": "All 5 authors read it.",
        "acknowledgements": "We thank 3 nurses.",
    },
}
SECTIONS = ["methods-acquisition", "methods-setting", "introduction-reported", "declarations"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Results, and the Markdown of every section that prints an author's words."""
    folder = tmp_path_factory.mktemp("written")
    made_results(folder, changes=WRITTEN)
    results = open_results(folder / "study.yml", links=True)
    return results, "\n\n".join(generated_files(results, SECTIONS).values())


@pytest.mark.parametrize("suffix", ["html", "docx"])
def test_each_numeral_of_the_study_file_is_bound(written, tmp_path, suffix):
    results, text = written
    page = write_pages(tmp_path, text, (suffix,))[f".{suffix}"]
    (counted,) = count_pages([page], results)
    assert [each.line() for each in counted.unbound] == []
    assert counted.kinds["authors"] == 16


def test_each_is_bound_to_its_field(written, tmp_path):
    _, text = written
    numerals = all_numerals(html_blocks(write_pages(tmp_path, text, ("html",))[".html"]))
    found = {each.text: each.detail for each in numerals if each.kind == "authors"}
    assert found["0123"] == "study.yml:reporting.imaging_protocol"
    assert found["12"] == "study.yml:reporting.segmentation"
    assert found["85"] == "study.yml:reporting.eligibility"
    assert found["7"] == "study.yml:study.treatment"
    assert found["82,000"] == "study.yml:declarations.funding"
    assert found["5"] == "study.yml:declarations.contributions"


def test_brackets_without_a_partner_are_shown(written, tmp_path):
    _, text = written
    page = write_pages(tmp_path, text, ("html",))[".html"]
    assert any("Adults] of 18 years or more, [but" in each.text for each in html_blocks(page))
    assert paired_brackets("a] [b [@c]") == "a&#93; &#91;b [@c]"
    assert paired_brackets(r"\[a\] [b](c)") == r"\[a\] [b](c)"


def test_a_number_that_the_field_does_not_have_is_found(written, tmp_path):
    results, _ = written
    span = '[Approved as 2019/418.]{.stated key="study.yml:declarations.ethics"}'
    nowhere = '[A 9.]{.stated key="study.yml:declarations.none"}'
    page = write_pages(tmp_path, f"{span} {nowhere}\n", ("html",))[".html"]
    (counted,) = count_pages([page], results)
    assert [(each.numeral.text, each.advice) for each in counted.unbound] == [
        ("418", "declarations.ethics of the study file has no such number; render again"),
        ("9", "declarations.none of the study file has no such number; render again"),
    ]


def test_every_answer_that_a_document_prints_is_marked(tmp_path):
    """No section prints an answer, or a declaration, past the mark."""
    answers = {name: f"Answer {2000 + n}." for n, name in enumerate(reporting_fields())}
    answers = {name: text for name, text in answers.items() if "." not in name}
    made_results(tmp_path, changes=WRITTEN | {"reporting": answers})
    results = open_results(tmp_path / "study.yml", links=True)
    sections = [
        *("introduction-reported", "methods-setting", "methods-outcome", "methods-acquisition"),
        *("methods-choices", "discussion-reported", "limitations-reported"),
        "declarations-sharing",
    ]
    text = "\n\n".join(generated_files(results, sections).values())
    (counted,) = count_pages([write_pages(tmp_path / "p", text, ("html",))[".html"]], results)
    assert counted.unbound == ()
    printed = [field for field in answers if f'reporting.{field}"' in text]
    assert counted.kinds["authors"] - 1 == len(printed) > 20  # the treatment has one too
