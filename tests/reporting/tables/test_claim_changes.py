"""Claims that changed since the lock, on the page on a changed cohort."""

import json

import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.tables.cohort_update import (
    claim_changes,
    claim_changes_markdown,
    crossings_markdown,
)
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study


def claim(key, state, wording):
    return {
        "key": key,
        "holds": state == "holds",
        "state": state,
        "wording": wording,
        "numbers": {},
        "place": "Results",
    }


@pytest.fixture
def results(tmp_path):
    return open_results(write_fake_study(LIVER, tmp_path))


def test_other_verdicts_stand_first_with_what_was_and_is(results):
    old = [
        claim("a", "holds", "A was 1."),
        claim("b", "holds", "B holds."),
        claim("c", "x", "C holds."),
    ]
    new = [claim("a", "holds", "A was 2."), claim("b", "not_shown", "B was not shown.")]
    results.study.lock_file.write_text(json.dumps({"claims": old}))
    (results.study.output_folder / "claims.json").write_text(json.dumps(new))
    changes = claim_changes(results)
    assert [each["key"] for each in changes] == ["b", "a", "c"]
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in claim_changes_markdown(changes).data.splitlines()
        if line.startswith("|")
    ]
    assert rows[2:] == [
        ["verdict changed", "B holds.", "B was not shown."],
        ["numbers changed", "A was 1.", "A was 2."],
        ["gone", "C holds.", "–"],
    ]


def test_without_a_lock_nothing_changed(results):
    assert claim_changes(results) == []


def test_a_claim_that_crossed_a_threshold_is_printed_without_its_markup():
    crossed = [
        {
            "kind": "claim",
            "name": "well_calibrated.a: open (*P* = .2)",
            "old": "holds",
            "new": "no",
        },
        {"kind": "interval", "name": "a *b* c", "old": "above 0", "new": "across 0"},
    ]
    text = str(crossings_markdown({"crossed": crossed}).data)
    assert "open (P = .2)" in text
    # What others named stands letter by letter.
    assert "a b c" not in text
