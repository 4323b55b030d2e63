"""The score of METRICS."""

import pandas as pd
import pytest

from analysis.reporting.checklists.answers import checklist_answers
from analysis.reporting.checklists.score import band_of, metrics_score
from tests.support.checklist_answers import ITEMS, status, with_reporting
from tests.support.fake_kinds import LIVER


@pytest.mark.parametrize(
    ("no", "absent", "expected"),
    [((), (), 100.0), ((27,), (), 92.51), ((4, 14, 22, 27, 28, 30), (9, 17), 82.1)],
)
def test_metrics_score_of_the_worked_examples(no, absent, expected):
    statuses = [
        "no" if number in no else "not applicable" if number in absent else "yes"
        for number in range(1, 31)
    ]
    items = pd.DataFrame({"status": statuses, "weight": [item.weight for item in ITEMS["metrics"]]})
    score = metrics_score(items)
    assert score.value == pytest.approx(expected, abs=0.05)
    assert score.open == 0
    assert score.at_most == score.value
    assert score.band == "excellent"


def test_metrics_score_with_open_items_and_none():
    items = pd.DataFrame(
        {"status": ["yes", "open", "no", "not applicable"], "weight": [0.2, 0.1, 0.1, 0.6]}
    )
    score = metrics_score(items)
    assert (score.value, score.at_most, score.open, score.band) == (
        pytest.approx(50),
        pytest.approx(75),
        1,
        "moderate",
    )
    assert metrics_score(items.iloc[3:]) is None
    assert [band_of(percent) for percent in (0, 19.9, 20, 40, 60, 79.9, 80, 100)] == [
        "very low",
        "very low",
        "low",
        "moderate",
        "good",
        "good",
        "excellent",
        "excellent",
    ]
    with pytest.raises(
        ValueError, match="unknown status maybe; allowed are yes, no, open, not applicable"
    ):
        metrics_score(items.assign(status="maybe"))


def test_conditions_of_metrics(studies):
    study, records = studies[LIVER]
    drop = {"9": "automated_segmentation"}
    table = checklist_answers(with_reporting(study), records)
    # Not said whether the outlines are automatic: the item counts, and says what would decide it.
    assert (status(table, "METRICS", "9")["status"], status(table, "METRICS", "9")["field"]) == (
        "open",
        "reporting.automated_segmentation",
    )
    for answer, expected in (("no", "not applicable"), ("yes", "open")):
        table = checklist_answers(
            with_reporting(study, **{drop["9"]: {"answer": answer, "text": "Because."}}), records
        )
        assert status(table, "METRICS", "9")["status"] == expected
    without = {
        section: study.model_copy(update={section: None})
        for section in ("radiomics", "deep_learning")
    }
    table = checklist_answers(without["radiomics"], records)
    assert status(table, "METRICS", "12")["status"] == "not applicable"
    assert (
        status(checklist_answers(without["deep_learning"], records), "METRICS", "17")["status"]
        == "not applicable"
    )
    clinical = study.model_copy(update={"radiomics": None, "deep_learning": None, "phases": {}})
    table = checklist_answers(clinical, records)
    images_only = table["checklist"].isin(["CLEAR", "CLAIM 2024", "METRICS"])
    assert set(table.loc[images_only, "status"]) == {"not applicable"}
    assert metrics_score(table[table["checklist"] == "METRICS"]) is None
