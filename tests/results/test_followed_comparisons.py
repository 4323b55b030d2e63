"""What the results say of follow-up: hazards under competing events, models compared, net benefit
with competing events."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st
from analysis.cohort.endpoint import label_at_horizon
from analysis.results.followed_comparisons import (
    add_competing_net_benefit,
    add_followed_comparisons,
)
from analysis.results.horizon import add_horizon, add_risk_groups, followed
from analysis.results.record import Records
from analysis.results.utility import add_utility
from analysis.study import Statistics

N = 80
random = np.random.default_rng(9)
PATIENTS = pd.Index([f"P{i}" for i in range(N)])
X = random.standard_normal(N)
FIRST, SECOND = random.exponential(30 * np.exp(-X)), random.exponential(90, N)
LOST = random.uniform(20, 80, N)
TIME = np.minimum(np.minimum(FIRST, SECOND), LOST)
KIND = np.where(TIME == LOST, "censored", np.where(TIME == FIRST, "recurrence", "death"))


def _cohort(kinds=KIND, **settings):
    outcome = pd.DataFrame({"time_months": TIME, "event_type": kinds}, index=PATIENTS)
    outcome["label"] = label_at_horizon(outcome["time_months"], outcome["event_type"], 24)
    endpoint = SimpleNamespace(event="recurrence", horizon_months=24)
    study = SimpleNamespace(endpoint=endpoint, statistics=Statistics(**settings))
    return SimpleNamespace(outcome=outcome, study=study)


def _predictions():
    frames = []
    for model, noise in (("dlrcr", 0.5), ("cr", 1.5)):
        risk = 1 / (1 + np.exp(-X - noise * random.standard_normal(N)))
        label = np.where(
            (TIME < 24) & (KIND == "censored"), np.nan, (KIND == "recurrence") & (TIME <= 24)
        )
        frames.append(
            pd.DataFrame(
                {
                    "patient_id": PATIENTS,
                    "model": model,
                    "family": "fusion",
                    "how": "validation",
                    "score": risk,
                    "probability": risk,
                    "label": label,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


PREDICTIONS = _predictions()
EVENT = pd.Series(KIND).map({"censored": 0, "recurrence": 1, "death": 2}).to_numpy()


def _risk(model):
    return PREDICTIONS.loc[PREDICTIONS["model"] == model, "probability"].to_numpy()


def test_differences_have_intervals_and_no_p():
    records = Records()
    records.add("contrasts.model", "dlrcr")
    add_followed_comparisons(records, _cohort(), PREDICTIONS, ["dlrcr", "cr"])
    found = {record.key: record for record in records.sorted()}
    concordance = found["concordance_difference.dlrcr_vs_cr.validation"]
    brier = found["brier_horizon_difference.dlrcr_vs_cr.validation"]
    expected = st.concordance_difference(TIME, EVENT > 0, _risk("dlrcr"), _risk("cr"))
    assert concordance.value == pytest.approx(expected.value)
    assert concordance.ci_low == pytest.approx(expected.ci_low)
    assert brier.value == pytest.approx(
        st.ipcw_brier_difference(TIME, EVENT, _risk("dlrcr"), _risk("cr"), 24).value
    )
    assert all(
        each.p is None and each.n == N and "exploratory" in each.method
        for each in (concordance, brier)
    )
    assert len(found) == 3


def test_net_benefit_with_competing_events_stands_only_where_events_compete():
    records = Records()
    add_competing_net_benefit(records, _cohort(), PREDICTIONS, ["dlrcr", "cr"])
    found = {record.key: record for record in records.sorted()}
    assert len(found) == 3 * 5
    for model, risk in (("dlrcr", _risk("dlrcr")), ("treat_all", np.ones(N))):
        (expected,) = st.net_benefit_competing(TIME, EVENT, risk, 24, [0.5])
        record = found[f"net_benefit_competing.{model}.validation.50"]
        assert (record.value, record.ci_low) == pytest.approx((expected.value, expected.ci_low))
        assert record.n == N
        assert record.unit == "net benefit"
    alone = Records()
    add_competing_net_benefit(
        alone, _cohort(np.where(KIND == "death", "censored", KIND)), PREDICTIONS, ["dlrcr"]
    )
    assert alone.sorted() == []


def test_risk_groups_have_all_hazards_where_events_compete_and_two_where_not():
    group = pd.Series(
        [f"validation: {'high' if risky else 'low'} risk" for risky in X > 0], index=PATIENTS
    )
    kinds = {}
    for name, cohort in (
        ("competing", _cohort()),
        ("alone", _cohort(np.where(KIND == "death", "censored", KIND))),
    ):
        records = Records()
        add_risk_groups(records, cohort, group)
        kinds[name] = {record.key: record for record in records.sorted()}
    hazards = {key.split(".")[1] for key in kinds["competing"] if key.startswith("hazard_ratio.")}
    assert hazards == {"any_event", "cause_specific", "cause_specific_death", "subdistribution"}
    row = st.fine_gray(pd.DataFrame({"x": (X > 0).astype(float)}), TIME, EVENT).terms.iloc[0]
    record = kinds["competing"]["hazard_ratio.subdistribution.validation"]
    assert (record.value, record.ci_low, record.ci_high, record.p) == pytest.approx(
        tuple(row[["hazard_ratio", "ci_low", "ci_high", "p"]])
    )
    assert kinds["competing"]["gray_test.risk_group.validation"].p == pytest.approx(
        st.gray_test(TIME, EVENT, X > 0).p
    )
    assert {
        key for key in kinds["alone"] if "subdistribution" in key or "gray" in key or "death" in key
    } == set()


def test_net_benefit_at_a_named_prevalence_and_none_without():
    with_target, without = Records(), Records()
    add_utility(
        with_target, PREDICTIONS, Statistics(target_prevalence=0.2, bootstrap_resamples=100), 0
    )
    add_utility(without, PREDICTIONS, Statistics(bootstrap_resamples=100), 0)
    known = PREDICTIONS[(PREDICTIONS["model"] == "cr") & PREDICTIONS["label"].notna()]
    (expected,) = st.net_benefit_at_prevalence(known["label"], known["probability"], [0.5], 0.2)
    assert with_target.value("net_benefit_target.cr.validation.50") == pytest.approx(expected.value)
    assert not any(record.key.startswith("net_benefit_target") for record in without.sorted())


def test_who_was_last_seen_at_the_horizon_is_event_free_there():
    """Four events, and four patients seen for the last time at 24 months: nothing was censored
    before, so no weights."""
    patients = pd.Index([f"P{i}" for i in range(8)])
    time, kinds = (
        pd.Series([3.0, 9, 15, 24, 24, 24, 24, 24], patients),
        ["recurrence"] * 4 + ["censored"] * 4,
    )
    outcome = pd.DataFrame({"time_months": time, "event_type": kinds}, index=patients)
    outcome["label"] = label_at_horizon(outcome["time_months"], outcome["event_type"], 24)
    endpoint = SimpleNamespace(event="recurrence", horizon_months=24, horizon_tolerance_days=0)
    cohort = SimpleNamespace(
        outcome=outcome, study=SimpleNamespace(endpoint=endpoint, statistics=Statistics())
    )
    assert (followed(cohort)["seen_months"] > 24).tolist() == [False] * 4 + [True] * 4
    risk = np.array([0.9, 0.8, 0.4, 0.6, 0.7, 0.3, 0.2, 0.1])
    predictions = pd.DataFrame(
        {
            "patient_id": patients,
            "model": "cr",
            "family": "clinical",
            "how": "validation",
            "score": risk,
            "probability": risk,
            "label": outcome["label"].to_numpy(),
        }
    )
    records = Records()
    add_horizon(records, cohort, predictions, ["cr"])
    found = {record.key: record for record in records.sorted()}
    label = outcome["label"].to_numpy()
    assert found["auc_horizon.cr.validation"].value == pytest.approx(14 / 16)
    assert found["brier_horizon.cr.validation"].value == pytest.approx(((risk - label) ** 2).mean())
