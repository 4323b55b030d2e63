"""Many patients: those who are alike are drawn as one, and the intervals are of the same distribution."""

import sys

import numpy as np

import analysis.statistics  # noqa: F401


def test_patients_who_are_alike_drawn_as_one_have_the_same_intervals(monkeypatch):
    module = sys.modules["analysis.statistics.decision_curve"]
    random = np.random.default_rng(5)
    label = random.integers(0, 2, 1500)
    one, two = (1 / (1 + np.exp(-(label * shift - 0.5 + random.normal(0, 1, 1500)))) for shift in (1.0, 0.6))
    def both():
        found = module.net_benefit_interval(label, one, [0.5, 0.2, 0.35], resamples=4000, seed=3)
        return [*found, module.net_benefit_difference(label, one, two, 0.35, resamples=4000, seed=3)]
    monkeypatch.setattr(module, "MOST_DRAWS", 10**9)
    each = both()
    monkeypatch.setattr(module, "MOST_DRAWS", 0)
    cells = both()
    for a, b in zip(each, cells, strict=True):
        assert a.value == b.value and a.n == b.n
        # Monte-Carlo error of a 2.5 % quantile of 4000 draws is about a fortieth of the interval's half width; six such, both ways.
        assert abs(a.ci_low - b.ci_low) < 0.15 * (a.ci_high - a.ci_low) / 2 and abs(a.ci_high - b.ci_high) < 0.15 * (a.ci_high - a.ci_low) / 2
    assert [each.ci_low for each in cells] != [each.ci_low for each in each]


def test_neighbours_taken_together_have_the_same_curve(monkeypatch):
    module = sys.modules["analysis.statistics.calibration_curve"]
    random = np.random.default_rng(6)
    probability = random.beta(2, 3, 4000)
    label = (random.random(4000) < probability**1.4).astype(int)
    one, errors = module.calibration_curve(label, probability), module.calibration_errors(label, probability)
    monkeypatch.setattr(module, "MOST_PATIENTS", 3000)
    many, also = module.calibration_curve(label, probability), module.calibration_errors(label, probability)
    # Far within the band, whose half width is some .02 in the middle and .1 at the ends.
    assert np.abs(many.observed - one.observed).max() < 0.005 and np.abs(many.ci_low - one.ci_low).max() < 0.01 and np.abs(many.ci_high - one.ci_high).max() < 0.01
    assert abs(also.ici - errors.ici) < 0.001 and abs(also.emax - errors.emax) < 0.005 and also.smoothed.shape == (4000,)
