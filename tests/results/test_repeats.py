"""Repeated folds: each statistic is the mean of the repeats' own, never that of averaged scores;
all of it from predictions alone."""

import numpy as np
import pandas as pd
import pytest

import analysis.statistics as st
from analysis.results.appendix import patient_predictions
from analysis.results.build import judge
from analysis.results.curves import mean_curve, roc_points
from analysis.results.record import Records
from analysis.results.repeats import (
    first_repeat,
    mean_estimate,
    over_repeats,
    repeat_numbers,
    repeats_method,
)
from analysis.results.robustness import add_repeats
from analysis.study import load_study
from models.registry import registry_of
from tests.conftest import ROOT

LABEL = np.tile([0.0, 1.0], 30)
REPEATS = 3


def table(repeats=REPEATS):
    """Two models whose scores in a repeat are the truth and noise of the repeat: averaged over
    repeats they are better than any."""
    random, frames = np.random.default_rng(5), []
    for model in ("cr", "radiomics"):
        for how in ("apparent", "out_of_fold", "validation"):
            for repeat in range(1, repeats + 1) if how == "out_of_fold" else [1]:
                score = 1 / (1 + np.exp(-LABEL + 0.5 - 1.5 * random.standard_normal(60)))
                frames.append(
                    pd.DataFrame(
                        {
                            "patient_id": [
                                f"{how == 'validation':d}{place:02d}" for place in range(60)
                            ],
                            "cohort": "validation" if how == "validation" else "training",
                            "model": model,
                            "family": model,
                            "how": how,
                            "repeat": repeat,
                            "score": score,
                            "probability": score,
                            "label": LABEL,
                            "time_months": np.nan,
                            "event_type": pd.NA,
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def study():
    whole = load_study(ROOT / "study.yml")
    settings = whole.statistics.model_copy(
        update={"bootstrap_resamples": 100, "reclassification": None}
    )
    return whole.model_copy(
        update={"statistics": settings, "comparators": [], "comparators_supplement": []}
    )


@pytest.fixture(scope="module")
def judged(study):
    records = Records()
    judge(records, study, table(), registry_of(study))
    return {record.key: record for record in records.sorted()}


def scores(predictions, model="cr"):
    rows = predictions[(predictions["model"] == model) & (predictions["how"] == "out_of_fold")]
    return [part["score"].to_numpy() for _, part in rows.groupby("repeat")]


def test_auc_is_the_mean_of_the_repeats_and_no_bag(judged):
    each = [st.auc_interval(LABEL, score) for score in scores(table())]
    found = judged["auc.cr.out_of_fold"]
    assert (found.value, found.ci_low, found.ci_high, found.n) == pytest.approx(
        (
            *(
                np.mean([getattr(one, name) for one in each])
                for name in ("auc", "ci_low", "ci_high")
            ),
            60,
        )
    )
    assert "mean over 3 repeats of the folds" in found.method
    assert st.auc(LABEL, np.mean(scores(table()), axis=0)) > found.value + 0.03
    assert "repeats" not in judged["auc.cr.validation"].method


def test_cut_off_is_learnt_from_single_scores_and_judged_on_each_repeat(judged):
    """The cut-off maximises the mean of the repeats' Youden indexes; the averaged scores have
    another one."""
    parts = scores(table())
    cut = judged["cutoff.cr"].value

    def youden(at):
        return np.mean(
            [np.mean(score[LABEL == 1] >= at) - np.mean(score[LABEL == 0] >= at) for score in parts]
        )

    assert youden(cut) == pytest.approx(max(youden(at) for score in parts for at in score))
    assert judged["sensitivity.cr.out_of_fold"].value == pytest.approx(
        np.mean([np.mean(score[LABEL == 1] >= cut) for score in parts])
    )
    assert judged["sensitivity.cr.out_of_fold"].n == 30
    assert cut != st.youden_cutoff(LABEL, np.mean(parts, axis=0)).value
    highest = judged["cutoff.cr.prespecified"].value
    assert np.mean([np.mean(score[LABEL == 1] >= highest) for score in parts]) >= 0.9


def test_calibration_and_net_benefit_are_means_too(judged):
    parts = scores(table())
    assert judged["calibration_slope.cr.out_of_fold"].value == pytest.approx(
        np.mean([st.calibration_slope(LABEL, score).value for score in parts])
    )
    assert judged["brier.cr.out_of_fold"].value == pytest.approx(
        np.mean([st.brier_score(LABEL, score) for score in parts])
    )
    assert judged["net_benefit.cr.out_of_fold.50"].value == pytest.approx(
        np.mean([st.net_benefit(LABEL, score, [0.5])[0] for score in parts])
    )


def test_without_repeats_nothing_changes(study):
    one, bare = Records(), Records()
    judge(one, study, table(repeats=1), registry_of(study))
    judge(bare, study, table(repeats=1).drop(columns="repeat"), registry_of(study))
    assert one.sorted() == bare.sorted()
    assert not any(record.method and "mean over" in record.method for record in one.sorted())


def test_the_area_of_the_mean_curve_is_the_mean_of_the_areas(judged):
    points = roc_points(table())
    curve = points[(points["model"] == "cr") & (points["how"] == "out_of_fold")]
    assert np.trapezoid(curve["true_positive_rate"], curve["false_positive_rate"]) == pytest.approx(
        judged["auc.cr.out_of_fold"].value
    )
    assert (np.diff(curve["true_positive_rate"]) >= -1e-12).all()
    x, y = mean_curve(
        [
            (np.array([0, 0, 1.0]), np.array([0, 1, 1.0])),
            (np.array([0, 0.5, 1]), np.array([0, 0.5, 1])),
        ]
    )
    assert x.tolist() == [0, 0, 0.5, 0.5, 1, 1]
    assert y.tolist() == [0, 0.5, 0.75, 0.75, 1, 1]


def test_spread_over_repeats_and_one_score_a_patient_for_the_supplement():
    frame, records = table(), Records()
    spread = add_repeats(records, frame, ["cr"])
    assert spread["repeat"].tolist() == [1, 2, 3]
    assert records.value("repeats.auc.cr") == pytest.approx(np.median(spread["auc"]))
    assert add_repeats(Records(), table(repeats=1), ["cr"]).empty
    assert len(patient_predictions(frame, ["cr"])) == 120
    assert first_repeat(frame)["repeat"].eq(1).all()
    assert repeat_numbers(frame, "validation") == [1]
    assert repeat_numbers(frame, "out_of_fold") == [1, 2, 3]
    assert repeat_numbers(frame.drop(columns="repeat"), "out_of_fold") == [1]


def test_means():
    estimates = [st.Estimate(0.5, 0.2, 0.7, 10), st.Estimate(0.7, 0.4, 0.9, 12)]
    assert mean_estimate(estimates) == st.Estimate(
        pytest.approx(0.6), pytest.approx(0.3), pytest.approx(0.8), 11
    )
    assert over_repeats([3], lambda part: part) == 3
    assert over_repeats([1, 2], float) == 1.5
    assert repeats_method([1]) == ""
    assert np.isnan(mean_estimate([1.0, np.nan]))
