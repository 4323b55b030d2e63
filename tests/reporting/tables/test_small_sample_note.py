"""The note below a table says where the measure of a perfect model would fall, from records
alone."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.reporting.manuscript import Results
from analysis.reporting.tables import small_sample_note
from analysis.results.record import Records
from analysis.results.small_sample import MOST, add_small_sample
from analysis.study import Statistics


def records_of(n):
    label = np.tile([1.0, 1.0, 0.0], n)[:n]
    records = Records()
    add_small_sample(
        records,
        pd.DataFrame(
            {
                "patient_id": [f"P{place}" for place in range(n)],
                "model": "cr",
                "how": "validation",
                "label": label,
                "score": label,
                "probability": label,
            }
        ),
        "cr",
        Statistics(),
        1,
    )
    records.add("settings.confidence_level", 0.95)
    records.add("decision.reported_threshold", 0.5, unit="probability")
    return {record.key: record for record in records.sorted()}


def results_of(n, tmp_path):
    return Results(records_of(n), SimpleNamespace(), tmp_path)


def test_the_note_has_the_size_the_truth_and_the_range(tmp_path):
    results = results_of(33, tmp_path)
    record = results.records["small_sample.auc"]
    text = small_sample_note(results, ["auc"])
    assert (
        "cohorts of 33 patients, a perfectly calibrated model with a true AUC of 0.800 has its AUC"
        f" from {record.ci_low:.3f} to {record.ci_high:.3f}." in text
    )
    assert "sensitivity (truly " in small_sample_note(results, ["sensitivity"])
    assert text.startswith("By chance alone, in 95%")
    assert "cut at 50%" in small_sample_note(results, ["sensitivity", "specificity"])
    assert "cut at" not in text


def test_a_small_cohort_may_be_separated_and_a_large_one_has_no_note(tmp_path):
    tiny = results_of(9, tmp_path)
    assert tiny.records["small_sample.calibration_slope"].ci_high is None
    assert "without an upper end" in small_sample_note(tiny, ["calibration_slope"])
    assert small_sample_note(results_of(MOST + 3, tmp_path), ["auc"]) == ""
