"""Sentences that fit what a study has: its contrasts, its missing values, its kind."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder.templates import for_kind
from analysis.reporting.sections import Says
from analysis.results import keys
from tests.conftest import ROOT

INCLUDED = re.compile(r"\{\{< include _generated/([\w-]+)\.md >\}\}")
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


def says_of(results, **values):
    any_count = results.records[keys.cohort_n()]
    changed = {
        key: replace(results.records.get(key, any_count), key=key, value=value)
        for key, value in values.items()
    }
    return Says(replace(results, records={**results.records, **changed}))


def test_a_family_is_named_where_the_study_file_has_one(liver):
    both = str(Says(liver)("statistics-intervals"))
    alone = str(says_of(liver, **{keys.contrasts_family(): ()})("statistics-intervals"))
    assert "one primary contrast and a family adjusted by Holm's method." in both
    assert "one primary contrast. All others" in alone


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "No baseline value was missing."), (2, "value was missing in 2 patients.")],
)
def test_missing_values_are_counted_where_there_are_any(drawn_study, count, words):
    said = says_of(open_results(drawn_study), **{keys.missing_patients_n(): count})
    assert words in str(said("results-patients"))


def test_given_predictions_have_no_heading_of_a_clinical_model():
    template = (ROOT / "report" / "index.qmd").read_text(encoding="utf-8")
    assert "## Clinical-radiological model" in for_kind(template, "clinical")
    assert "## Clinical-radiological model" not in for_kind(template, "predictions")


def test_no_heading_of_the_supplement_stands_alone(drawn_study):
    said = Says(open_results(drawn_study))
    template = for_kind((ROOT / "report" / "supplement.qmd").read_text(encoding="utf-8"), "images")
    headings, parts = HEADING.findall(template), HEADING.split(template)[1:]
    found = {}
    for heading, part in zip(headings, parts, strict=True):
        names, own = INCLUDED.findall(part), INCLUDED.sub("", part).strip()
        if names and not own:
            found[heading] = "".join(str(said(name)) for name in names).strip()
    assert len(found) > 10
    assert [heading for heading, text in found.items() if not text] == []
