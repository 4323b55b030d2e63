"""What the figures and the supplement of the manuscript take from predictions and cohort."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.crops.example import (
    Example,
    example_patients,
    read_examples,
    windowed,
    write_examples,
)
from analysis.results.curves import probability_counts
from analysis.results.record import Records
from analysis.results.utility import add_net_benefit_gain, claimed_thresholds
from analysis.statistics import net_benefit_gain
from analysis.study import Statistics


@pytest.mark.parametrize(
    ("settings", "thresholds"),
    [
        ({}, [0.5]),
        ({"net_benefit_range": (0.28, 0.31)}, [0.28, 0.29, 0.3, 0.31]),
        ({"net_benefit_range": (0.285, 0.305)}, [0.285, 0.29, 0.3, 0.305]),
    ],
)
def test_thresholds_at_which_a_net_benefit_is_claimed(settings, thresholds):
    assert claimed_thresholds(Statistics(**settings)) == thresholds


def test_the_gain_in_net_benefit_is_the_smallest_over_the_range():
    """Twenty of each outcome; fifteen of the events and five of the others have .6, the rest .4."""
    probability = np.repeat([0.6, 0.4, 0.6, 0.4], [15, 5, 5, 15])
    rows = pd.DataFrame(
        {
            "patient_id": range(40),
            "model": "dl",
            "family": "deep_learning",
            "how": "validation",
            "label": np.repeat([1.0, 0.0], 20),
            "probability": probability,
            "score": probability,
        }
    )
    found = {}
    for span in ((0.45, 0.45), (0.45, 0.55)):
        records = Records()
        add_net_benefit_gain(records, rows, "dl", Statistics(net_benefit_range=span))
        (found[span],) = records.sorted()
    # All patients treated have .75, so that the gain over treating none falls with the threshold;
    # that over treating all is smaller at .45.
    at = {
        threshold: net_benefit_gain(rows["label"], probability, threshold)
        for threshold in (0.45, 0.55)
    }
    assert found[0.45, 0.45].value == pytest.approx(at[0.45].value)
    assert found[0.45, 0.55].value == pytest.approx(min(each.value for each in at.values()))
    assert found[0.45, 0.55].ci_low == pytest.approx(min(each.ci_low for each in at.values()))
    assert "0.45 to 0.55" in found[0.45, 0.55].method


def test_a_model_without_probabilities_has_no_gain():
    records = Records()
    add_net_benefit_gain(
        records,
        predictions().assign(family="deep_learning", probability=np.nan),
        "dl",
        Statistics(),
    )
    assert records.sorted() == []


def predictions() -> pd.DataFrame:
    rows = [
        (
            f"PATIENT-{number}",
            "training" if number < 6 else "validation",
            "dl",
            how,
            number % 2,
            number / 10,
        )
        for number in range(10)
        for how in (("apparent", "out_of_fold") if number < 6 else ("validation",))
    ]
    return pd.DataFrame(
        rows, columns=["patient_id", "cohort", "model", "how", "label", "probability"]
    ).assign(score=lambda frame: frame["probability"])


def test_every_patient_is_counted_once_below_the_calibration_curve():
    counts = probability_counts(predictions(), "dl", bins=5)
    assert counts.groupby("how")["patients"].sum().to_dict() == {"out_of_fold": 6, "validation": 4}
    assert counts.loc[
        (counts["how"] == "validation") & (counts["event"] == 1), "patients"
    ].tolist() == [0, 0, 0, 1, 1]


def test_examples_are_kept_without_names(tmp_path):
    example = Example(
        np.zeros((2, 3, 3), dtype=np.float32), np.eye(3, dtype=np.uint8), 0.7, "With relapse"
    )
    (back,) = read_examples(write_examples(tmp_path / "examples.npz", [example]))
    assert back.group == "With relapse"
    assert back.spacing_mm == 0.7
    assert (back.mask == example.mask).all()
    assert back.slices.shape == (2, 3, 3)


def cohort_of(named) -> SimpleNamespace:
    label = pd.Series([0.0, 1.0, np.nan, 1.0], index=["a", "b", "c", "d"])
    return SimpleNamespace(
        study=SimpleNamespace(manuscript=SimpleNamespace(example_patients=named)),
        patients=label.index,
        label=label,
        labelled=lambda cohort: label.index[label.notna()],
    )


def test_examples_are_those_that_the_study_names_or_one_of_each_outcome():
    assert example_patients(cohort_of(None)) == ["b", "a"]
    assert example_patients(cohort_of(["c"])) == ["c"]
    assert example_patients(cohort_of([])) == []
    with pytest.raises(ValueError, match="example_patients: z: no such patient"):
        example_patients(cohort_of(["a", "z"]))


def test_the_window_of_an_example_is_that_of_the_image_without_what_lies_beyond():
    values = np.r_[np.full(50, np.nan), np.linspace(100, 200, 101)]
    shown = windowed(values)
    assert np.all(shown[:50] == 1.0)
    assert shown[50 + 50] == pytest.approx(0.5)
    assert np.all(windowed(np.full(3, np.nan)) == 1.0)
