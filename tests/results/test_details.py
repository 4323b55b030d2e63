"""What the figures and the supplement of the manuscript take from predictions and cohort."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.images.example import Example, example_patients, read_examples, write_examples
from analysis.results.curves import probability_counts
from analysis.results.record import Records
from analysis.results.utility import add_net_benefit_range


def decision(better: list[bool]) -> pd.DataFrame:
    thresholds = np.linspace(0.2, 0.8, len(better))
    return pd.concat([pd.DataFrame({"model": model, "how": "validation", "threshold": thresholds, "net_benefit": values})
                      for model, values in (("dl", [0.3 if each else 0.1 for each in better]), ("treat_all", 0.2), ("treat_none", 0.0))])


@pytest.mark.parametrize(("better", "ends"), [
    ([True] * 7, (0.2, 0.8)), ([True, False, True, True, True, False, True], (0.4, 0.6)), ([False] * 7, (None, None)), ([False] * 6 + [True], (0.8, 0.8)),
])
def test_the_longest_range_of_higher_net_benefit(better, ends):
    records = Records()
    add_net_benefit_range(records, decision(better), "dl")
    assert tuple(records.value(f"net_benefit_range.dl.validation.{end}") for end in ("low", "high")) == ends


def test_a_model_without_probabilities_has_no_range():
    records = Records()
    add_net_benefit_range(records, decision([True]), "cr")
    assert records.sorted() == []


def predictions() -> pd.DataFrame:
    rows = [(f"PATIENT-{number}", "training" if number < 6 else "validation", "dl", how, number % 2, number / 10) for number in range(10) for how in (("apparent", "out_of_fold") if number < 6 else ("validation",))]
    return pd.DataFrame(rows, columns=["patient_id", "cohort", "model", "how", "label", "probability"]).assign(score=lambda frame: frame["probability"])


def test_every_patient_is_counted_once_below_the_calibration_curve():
    counts = probability_counts(predictions(), "dl", bins=5)
    assert counts.groupby("how")["patients"].sum().to_dict() == {"out_of_fold": 6, "validation": 4}
    assert counts.loc[(counts["how"] == "validation") & (counts["event"] == 1), "patients"].tolist() == [0, 0, 0, 1, 1]



def test_examples_are_kept_without_names(tmp_path):
    example = Example(np.zeros((2, 3, 3), dtype=np.float32), np.eye(3, dtype=np.uint8), 0.7, "With relapse")
    back, = read_examples(write_examples(tmp_path / "examples.npz", [example]))
    assert back.group == "With relapse" and back.spacing_mm == 0.7 and (back.mask == example.mask).all() and back.slices.shape == (2, 3, 3)


def cohort_of(named) -> SimpleNamespace:
    label = pd.Series([0.0, 1.0, np.nan, 1.0], index=["a", "b", "c", "d"])
    return SimpleNamespace(study=SimpleNamespace(manuscript=SimpleNamespace(example_patients=named)), patients=label.index, label=label, labelled=lambda cohort: label.index[label.notna()])


def test_examples_are_those_that_the_study_names_or_one_of_each_outcome():
    assert example_patients(cohort_of(None)) == ["b", "a"] and example_patients(cohort_of(["c"])) == ["c"] and example_patients(cohort_of([])) == []
    with pytest.raises(ValueError, match="example_patients: z: no such patient"):
        example_patients(cohort_of(["a", "z"]))
