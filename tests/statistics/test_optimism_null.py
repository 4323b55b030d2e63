"""Optimism of a model of pure noise: corrected to chance, and inner folds that keep copies of a
patient together.

A resample holds some patients twice; a copy on the other side of an inner fold tells the answer,
and noise looks like .75.
"""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from analysis import statistics as st


def noise(seed, n=100, columns=5):
    random = np.random.default_rng(seed)
    return random.standard_normal((n, columns)), np.tile([0.0, 1.0], n // 2)


def measured(label, prediction, own_data):
    return {"auc": st.auc(label, prediction)}


def mean_inner_auc(folds):
    """Mean out-of-fold AUC of one-nearest-neighbour inside the resamples that optimism_correction
    draws."""
    inner = []

    def fit(patients, label, group):
        learner = KNeighborsClassifier(1)
        out_of_fold = cross_val_predict(
            learner,
            patients,
            label,
            groups=group if isinstance(folds, GroupKFold) else None,
            cv=folds,
            method="predict_proba",
        )[:, 1]
        inner.append(st.auc(label, out_of_fold))
        learner.fit(patients, label)
        return lambda new: learner.predict_proba(new)[:, 1]

    st.optimism_correction(fit, measured, *noise(1), resamples=40)
    return np.mean(inner[1:])  # the first is of the patients themselves, who have no copies


def test_copies_kept_together_show_chance_and_copies_apart_show_three_quarters():
    assert mean_inner_auc(GroupKFold(5)) == pytest.approx(0.5, abs=0.05)
    assert mean_inner_auc(KFold(5, shuffle=True, random_state=0)) > 0.7


def test_a_null_model_with_its_tuning_inside_is_corrected_to_chance():
    """30 cohorts of noise, so that the Monte-Carlo error is .007. The bootstrap leaves about .01 of
    the optimism at this size, more in smaller cohorts."""

    def fit(patients, label, group):
        candidates = [LogisticRegression(C=strength) for strength in (0.01, 1.0)]
        inner = [
            st.auc(
                label,
                cross_val_predict(
                    learner, patients, label, groups=group, cv=GroupKFold(3), method="predict_proba"
                )[:, 1],
            )
            for learner in candidates
        ]
        chosen = candidates[int(np.argmax(inner))].fit(patients, label)
        return lambda new: chosen.predict_proba(new)[:, 1]

    with threadpool_limits(1):  # threads that wait for one another made this eight times slower
        tables = [
            st.optimism_correction(
                fit, measured, *noise(seed, 200, 3), resamples=15, seed=seed
            ).table.loc["auc"]
            for seed in range(30)
        ]
    assert np.mean([row["apparent"] for row in tables]) > 0.55
    assert np.mean([row["corrected"] for row in tables]) == pytest.approx(0.5, abs=0.04)


def test_resamples_that_give_no_model_are_counted():
    def fit(patients, label, group):
        if label[0] == 1:
            raise ValueError("starts with an event")
        return lambda new: np.arange(len(new), dtype=float)

    found = st.optimism_correction(fit, measured, *noise(1), resamples=20)
    assert sum(found.failed.values()) + found.table.loc["auc", "n"] == 20
    assert "starts with an event" in found.failed
