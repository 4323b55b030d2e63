"""Padding of the crops that goes with the outcome is reported, and nothing else of it."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import analysis.results.crop_padding as of_results
import analysis.training.checks.crop_padding as of_check
import analysis.training.leakage.crop_padding as of_guard
from analysis.core.problems import Problems
from analysis.results.record import Records
from analysis.statistics import auc
from analysis.study import DeepLearning
from analysis.training.leakage.crop_padding import crop_padding_guard, padding_outcome

NAMES = pd.Index([f"P{number:02d}" for number in range(40)], name="patient_id")
LABEL = pd.Series(np.tile([0.0, 1.0], 20), index=NAMES)
# Small but for four crops; and one that follows the outcome.
CHANCE = pd.Series(np.repeat(np.linspace(0.05, 0.6, 20), 2), index=NAMES)
TELLING = (CHANCE + 0.2 * (1 - LABEL)).clip(0, 0.9)


def _shares(column):
    return pd.DataFrame({"mr": column, "pet": column / 2})


def _cohort(label=LABEL, deep=True):
    training = NAMES[:30]
    return SimpleNamespace(
        study=SimpleNamespace(
            deep_learning=DeepLearning(reference_phase="mr") if deep else None,
            statistics=SimpleNamespace(confidence_level=0.95),
            path=SimpleNamespace(name="study.yml"),
        ),
        patients=NAMES,
        label=label,
        cohort=pd.Series(np.where(NAMES.isin(training), "training", "validation"), index=NAMES),
        labelled=lambda name: training[label[training].notna()],
    )


@pytest.fixture
def given(monkeypatch):
    """Shares in the place of those of images."""

    def give(shares):
        for module in (of_guard, of_check, of_results):
            monkeypatch.setattr(module, "crop_padding", lambda *_, **__: shares)

    return give


def _guard(images=True, **cohort):
    return crop_padding_guard(
        _cohort(**cohort), SimpleNamespace(images=np.zeros(1) if images else None)
    )


def test_the_area_is_that_of_the_mean_share_in_its_own_direction():
    shares = _shares(TELLING)
    found = padding_outcome(shares, LABEL)
    expected = auc(LABEL, shares.mean(axis=1))
    assert expected < 0.5
    assert found.area == pytest.approx(1 - expected)
    assert not found.more_with_event
    assert found.low < found.area < found.high
    assert "smaller in patients with the event" in found.words()
    turned = padding_outcome(shares, 1 - LABEL)
    assert (turned.area, turned.more_with_event) == (pytest.approx(found.area), True)
    assert (turned.low, turned.high) == (pytest.approx(found.low), pytest.approx(found.high))


def test_unknown_outcomes_few_patients_and_equal_shares():
    unknown = LABEL.where(np.arange(40) < 30)
    assert padding_outcome(_shares(TELLING), unknown).patients == 30
    assert padding_outcome(_shares(TELLING), LABEL.where(np.arange(40) < 8)) is None
    assert padding_outcome(_shares(TELLING * 0 + 0.5), LABEL) is None


def test_the_guard_notes_an_association_and_never_alarms(given):
    given(_shares(TELLING))
    (found,) = _guard()
    assert found.verdict == "note"
    assert found.looked_at == "crops of 30 training patients"
    assert "networks may read how the image was cut" in found.finding
    given(_shares(CHANCE))
    (found,) = _guard()
    assert found.verdict == "pass"
    assert "AUC of 0.5" in found.finding
    given(_shares(TELLING))
    assert _guard(label=LABEL * np.nan)[0].verdict == "not run"


def test_without_networks_or_much_padding_there_is_no_guard(given):
    given(_shares(TELLING))
    assert _guard(images=False) == []
    assert _guard(deep=False) == []
    given(_shares(CHANCE / 10))
    assert _guard() == []


def test_the_outcome_of_validation_patients_is_not_looked_at(given):
    given(_shares(TELLING))
    (found,) = _guard()
    other = LABEL.where(np.arange(40) < 30, 1 - LABEL)
    assert _guard(label=other) == [found]


def _told(**cohort):
    problems = Problems()
    of_check.check_crop_padding(_cohort(**cohort), problems)
    return [(each.level, each.what) for each in problems]


def test_check_counts_by_phase_and_warns_of_the_outcome(given):
    given(_shares(TELLING))
    shares = _shares(TELLING)
    (_, first), (_, told), (level, second) = _told()
    assert level == "note"
    assert first == (
        "the crop of networks reaches beyond the mr image by more than 10% in"
        f" {(shares['mr'] > 0.1).sum()} of 40 patients and by more than half in"
        f" {(shares['mr'] > 0.5).sum()} (median {shares['mr'].median():.0%}); they see a constant"
        " there"
    )
    assert "share of padding alone" in told
    assert second.startswith("the crop of networks reaches beyond the pet image")


def test_check_is_silent_where_there_is_little(given):
    given(_shares(CHANCE / 10))
    assert _told() == []
    given(_shares(TELLING))
    assert _told(deep=False) == []


def test_results_have_the_counts_and_the_area(given):
    given(_shares(TELLING))
    records = Records()
    found = of_results.add_crop_padding(records, _cohort())
    values = {record.key: record for record in records.sorted()}
    assert values["crop.over_half.mr.n"].value == (TELLING > 0.5).sum()
    assert values["crop.over_tenth.pet.n"].value == (TELLING / 2 > 0.1).sum()
    assert values["crop.beyond.mr"].value == pytest.approx(TELLING.median())
    assert values["crop.padding.auc"].n == 30
    assert values["crop.padding.direction"].value == "smaller"
    assert {row["measure"] for row in found.rows} == {
        *("crop_beyond", "crop_over_tenth", "crop_over_half")
    }
    table = found.tables["tables/crop_padding"]
    assert list(table) == ["patient_id", "cohort", "mr", "pet"]
    assert len(table) == 40


def test_results_are_as_before_where_there_is_little(given):
    given(_shares(CHANCE / 10))
    records = Records()
    found = of_results.add_crop_padding(records, _cohort())
    assert (found.rows, found.tables, list(records.sorted())) == ([], {}, [])
