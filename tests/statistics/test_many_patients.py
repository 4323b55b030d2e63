"""Many patients: those who are alike are drawn as one, and the intervals are of the same
distribution."""

import sys
import tracemalloc

import numpy as np

import analysis.statistics


def test_patients_who_are_alike_drawn_as_one_have_the_same_intervals(monkeypatch):
    module = sys.modules["analysis.statistics.decision_curve"]
    random = np.random.default_rng(5)
    label = random.integers(0, 2, 1500)
    one, two = (
        1 / (1 + np.exp(-(label * shift - 0.5 + random.normal(0, 1, 1500)))) for shift in (1.0, 0.6)
    )

    def both():
        found = module.net_benefit_interval(label, one, [0.5, 0.2, 0.35], resamples=4000, seed=3)
        return [
            *found,
            module.net_benefit_difference(label, one, two, 0.35, resamples=4000, seed=3),
        ]

    monkeypatch.setattr(module, "MOST_DRAWS", 10**9)
    each = both()
    monkeypatch.setattr(module, "MOST_DRAWS", 0)
    cells = both()
    for a, b in zip(each, cells, strict=True):
        assert a.value == b.value
        assert a.n == b.n
        # Monte-Carlo error of a 2.5 % quantile of 4000 draws is about a fortieth of the interval's
        # half width; six such, both ways.
        assert abs(a.ci_low - b.ci_low) < 0.15 * (a.ci_high - a.ci_low) / 2
        assert abs(a.ci_high - b.ci_high) < 0.15 * (a.ci_high - a.ci_low) / 2
    assert [each.ci_low for each in cells] != [each.ci_low for each in each]


def test_neighbours_taken_together_have_the_same_curve(monkeypatch):
    module = sys.modules["analysis.statistics.calibration_curve"]
    random = np.random.default_rng(6)
    probability = random.beta(2, 3, 4000)
    label = (random.random(4000) < probability**1.4).astype(int)
    one, errors = (
        module.calibration_curve(label, probability),
        module.calibration_errors(label, probability),
    )
    monkeypatch.setattr(module, "MOST_PATIENTS", 3000)
    many, also = (
        module.calibration_curve(label, probability),
        module.calibration_errors(label, probability),
    )
    # Far within the band, whose half width is some .02 in the middle and .1 at the ends.
    assert np.abs(many.observed - one.observed).max() < 0.005
    assert np.abs(many.ci_low - one.ci_low).max() < 0.01
    assert np.abs(many.ci_high - one.ci_high).max() < 0.01
    assert abs(also.ici - errors.ici) < 0.001
    assert abs(also.emax - errors.emax) < 0.005
    assert also.smoothed.shape == (4000,)


def test_resamples_part_by_part_are_the_same_statistics(monkeypatch):
    """Other draws, so the same within Monte-Carlo error: a 2.5 % quantile of 4000 draws moves by
    about a fortieth of the half width."""
    module, random = sys.modules["analysis.statistics.auc_bootstrap"], np.random.default_rng(8)
    label = random.integers(0, 2, 200)
    score = np.round(random.normal(size=200) + label, 1)
    calls = (
        lambda: analysis.statistics.auc_bootstrap(label, score, resamples=4000),
        lambda: analysis.statistics.auc_bootstrap_test(label, score, -score, resamples=4000),
        lambda: analysis.statistics.cutoff_interval(label, score, resamples=4000),
    )
    whole = [call() for call in calls]
    monkeypatch.setattr(module, "MOST_COUNTS", 200 * 7)
    parts = [call() for call in calls]
    for one, other in zip(whole, parts, strict=True):
        half = (one.ci_high - one.ci_low) / 2
        assert abs(one.ci_low - other.ci_low) < 0.15 * half
        assert abs(one.ci_high - other.ci_high) < 0.15 * half
    assert [part.shape for part in analysis.statistics.resample_parts(label, 16)] == [
        (7, 200),
        (7, 200),
        (2, 200),
    ]


def test_cutoff_interval_and_bootstraps_of_30_000_patients_in_little_memory():
    """Patients × patients would be 7 GB, resamples × patients 480 MB."""
    random = np.random.default_rng(2)
    label = random.integers(0, 2, 30_000)
    score, old = random.normal(size=30_000) + label, random.random(30_000)
    for call in (
        lambda: analysis.statistics.cutoff_interval(label, score, resamples=200),
        lambda: analysis.statistics.auc_bootstrap(label, score, resamples=200),
        lambda: analysis.statistics.net_reclassification(
            label, old, old[::-1], method="bootstrap", resamples=200
        ),
    ):
        tracemalloc.start()
        try:
            call()
            assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
        finally:
            tracemalloc.stop()


def test_smoothed_outcome_of_many_is_asked_for_in_parts(monkeypatch):
    module = sys.modules["analysis.statistics.calibration_curve"]
    random = np.random.default_rng(9)
    probability = random.beta(2, 3, 900)
    label = (random.random(900) < probability).astype(int)
    whole = module.smoothed_outcome(label, probability)
    asked = []

    class Watched(module.loess):
        def predict(self, newdata, *rest):
            asked.append(len(newdata))
            return super().predict(newdata, *rest)

    monkeypatch.setattr(module, "loess", Watched)
    monkeypatch.setattr(module, "PREDICTED", 100)
    np.testing.assert_allclose(module.smoothed_outcome(label, probability), whole, rtol=1e-12)
    assert max(asked) <= 100
    assert sum(asked) == 900
