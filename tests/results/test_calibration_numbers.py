"""Which numbers of calibration are printed, of which models, and from how many patients."""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis.results.calibration import add_calibration
from analysis.results.record import Records
from analysis.study.statistics import Statistics

ERRORS = [
    f"{name}_{smoother}{ending}"
    for name in ("ici", "e50", "e90", "emax")
    for smoother in ("loess", "spline")
    for ending in ("", "_calibrated")
]


@lru_cache
def records_of(n, spread=0.8):
    """Two calibrated models and a stage, judged on n patients of one cohort."""
    random, frames = np.random.default_rng(3), []
    linear = random.normal(0.2, spread, n)
    label = (random.random(n) < expit(linear)).astype(float)
    for model, family in (("cr", "clinical"), ("dl", "deep"), ("albi", "index")):
        frames.append(
            pd.DataFrame(
                {
                    "patient_id": [f"P{place}" for place in range(n)],
                    "model": model,
                    "family": family,
                    "how": "validation",
                    "cohort": "validation",
                    "score": linear,
                    "probability": expit(linear),
                    "label": label,
                    "repeat": 1,
                }
            )
        )
    records = Records()
    add_calibration(
        records, pd.concat(frames, ignore_index=True), Statistics(), ["cr", "dl"], seed=1
    )
    return {record.key: record for record in records.sorted()}


def test_of_few_patients_no_curve_and_no_test_that_does_not_hold():
    found = records_of(33)
    assert not [key for key in found if key.split(".")[0] in ERRORS]
    assert found["hosmer_lemeshow.cr.validation"].value is None
    assert found["hosmer_lemeshow.cr.validation"].p is None
    assert "fewer than 5 expected" in found["hosmer_lemeshow.cr.validation"].method


@pytest.mark.parametrize("n", [33, 500])
def test_tests_are_of_the_headline_alone_and_called_exploratory(n):
    with_p = {key: record for key, record in records_of(n).items() if record.p is not None}
    assert {key.split(".")[0] for key in with_p} == (
        {"spiegelhalter"} if n == 33 else {"spiegelhalter", "hosmer_lemeshow"}
    )
    assert {key.split(".")[1] for key in with_p} == {"cr", "dl"}
    assert all("exploratory" in record.method for record in with_p.values())


def test_of_many_patients_each_distance_stands_beside_that_of_a_calibrated_model():
    found = records_of(500)
    for name in ERRORS:
        assert found[f"{name}.cr.validation"].value > 0
        assert f"{name}.albi.validation" not in found
    # The models are calibrated: their errors are those of the reference, within a factor that
    # chance allows.
    for name in ("ici_loess", "e50_loess", "ici_spline"):
        assert (
            0.2
            < found[f"{name}.cr.validation"].value / found[f"{name}_calibrated.cr.validation"].value
            < 2.5
        )
