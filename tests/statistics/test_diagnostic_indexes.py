"""Indexes of a model and the partial area: every pair counted, statsmodels' likelihoods, the
polygon under a curve."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from scipy.stats import chi2, kendalltau
from sklearn.metrics import brier_score_loss

import analysis.statistics as st

RANDOM = np.random.default_rng(3)
PROBABILITY = np.round(expit(RANDOM.normal(size=60)), 2)
LABEL = (RANDOM.random(60) < expit(0.3 + 0.7 * logit(PROBABILITY))).astype(int)


def test_pairs():
    a, b = np.triu_indices(60, 1)
    sign = np.sign(LABEL[a] - LABEL[b]) * np.sign(PROBABILITY[a] - PROBABILITY[b])
    usable, concordant, discordant = (
        (LABEL[a] != LABEL[b]).sum(),
        (sign > 0).sum(),
        (sign < 0).sum(),
    )
    found = st.rank_correlation(LABEL, PROBABILITY)
    assert usable > concordant + discordant  # there are ties
    assert (found.c, found.somers_d) == pytest.approx(
        (
            (concordant + (usable - concordant - discordant) / 2) / usable,
            (concordant - discordant) / usable,
        )
    )
    assert (found.gamma, found.tau_a) == pytest.approx(
        (
            (concordant - discordant) / (concordant + discordant),
            (concordant - discordant) / (60 * 59 / 2),
        )
    )
    # Without ties in the score, tau-b is tau-a over √(share of pairs that differ in the outcome).
    score = np.arange(60.0)[::-1] * 7 % 61
    assert st.rank_correlation(LABEL, score).tau_a == pytest.approx(
        kendalltau(LABEL, score).statistic * np.sqrt(usable / (60 * 59 / 2))
    )


def test_one_untied_pair():
    assert st.rank_correlation([0, 1, 1], [1, 1, 2]) == st.RankCorrelation(0.75, 0.5, 1.0, 1 / 3)
    assert st.rank_correlation([0, 1], [1, 1]) == st.RankCorrelation(0.5, 0.0, 0.0, 0.0)


def test_ginis_mean_difference():
    values = RANDOM.normal(size=15)
    assert st.gini_mean_difference(values) == pytest.approx(
        np.abs(values[:, None] - values).sum() / (15 * 14)
    )
    assert st.gini_mean_difference([2, 5]) == 3
    with pytest.raises(ValueError, match="values: at least 2 are needed"):
        st.gini_mean_difference([1.0])


def test_groups_of_five_thousandths():
    assert st.rms_groups([0, 0.00019, 0.0002, 0.5, 1]).tolist() == [0, 0, 1, 2500, 5000]
    with pytest.raises(ValueError, match="probability: values must lie in"):
        st.rms_groups([1.2])


@pytest.mark.parametrize(("intercept", "slope"), [(0.5, 1.0), (0.0, 0.4), (-1.0, 1.5)])
def test_largest_error_of_a_recalibration_line(intercept, slope):
    """On 0.0005, 0.0010 … 0.9995, within 1e-5 of the supremum; of a shift alone that is at logit p
    = -a / 2, expit(a/2) - expit(-a/2)."""
    grid = [abs(k / 2000 - expit(intercept + slope * logit(k / 2000))) for k in range(1, 2000)]
    found = st.recalibration_emax(intercept, slope)
    assert found == pytest.approx(max(grid), abs=1e-12)
    if slope == 1:
        assert found == pytest.approx(expit(intercept / 2) - expit(-intercept / 2), abs=1e-6)
    assert st.recalibration_emax(0.0, 1e9) == pytest.approx(
        0.4995
    )  # expit is a step then: largest next to 1/2


@pytest.mark.parametrize("recalibrated", [True, False])
@pytest.mark.parametrize("own_data", [True, False])
def test_indexes(own_data, recalibrated):
    line = sm.Logit(LABEL, sm.add_constant(logit(PROBABILITY))).fit(disp=0)
    given, null = np.log(np.where(LABEL == 1, PROBABILITY, 1 - PROBABILITY)).sum(), line.llnull
    a, b, best = (0.0, 1.0, given) if own_data else (*line.params, line.llf)
    ratio, unreliable = 2 * ((best if recalibrated else given) - null), 2 * (best - given)
    found, linear = (
        st.model_indexes(LABEL, PROBABILITY, own_data, recalibrated),
        a + b * logit(PROBABILITY),
    )
    assert (
        found.intercept,
        found.slope,
        found.likelihood_ratio,
        found.unreliability_statistic,
    ) == pytest.approx((a, b, ratio, unreliable), abs=1e-6)
    assert found.unreliability_p == pytest.approx(chi2.sf(unreliable, 2), rel=1e-5)
    assert found.brier == pytest.approx(brier_score_loss(LABEL, PROBABILITY))
    assert (found.d, found.u, found.q) == pytest.approx(
        ((ratio - 1) / 60, (unreliable - 2) / 60, (ratio - unreliable + 1) / 60), abs=1e-8
    )
    assert found.r2 == pytest.approx((1 - np.exp(-ratio / 60)) / (1 - np.exp(2 * null / 60)))
    assert found.emax == st.recalibration_emax(found.intercept, found.slope)
    assert found.somers_d == pytest.approx(2 * st.auc(LABEL, linear) - 1)
    assert (found.g, found.gp) == pytest.approx(
        tuple(np.abs(x[:, None] - x).sum() / (60 * 59) for x in (linear, expit(linear))), rel=1e-6
    )
    if (own_data, recalibrated) == (False, True):
        assert st.model_indexes(LABEL, PROBABILITY) == found


def _polygon(label, score, limit):
    """Area under the straight lines between the points of the curve, cut at a false-positive
    rate."""
    cuts = [np.inf, *sorted(set(score), reverse=True)]
    points = [
        (np.mean(score[label == 0] >= cut), np.mean(score[label == 1] >= cut)) for cut in cuts
    ]
    x, y = np.array(points).T
    edges = np.r_[x[x < limit], limit]
    heights = np.r_[y[x < limit], np.interp(limit, x, y) if limit not in x else y[x == limit].min()]
    return np.trapezoid(heights, edges)


@pytest.mark.parametrize("limit", [0.03, 0.1, 0.37, 0.9])
def test_partial_area(limit):
    area, least = _polygon(LABEL, PROBABILITY, limit), limit**2 / 2
    assert st.partial_auc(LABEL, PROBABILITY, limit, corrected=False) == pytest.approx(area)
    assert st.partial_auc(LABEL, PROBABILITY, limit) == pytest.approx(
        (1 + (area - least) / (limit - least)) / 2
    )
    assert st.partial_auc(LABEL, PROBABILITY) == st.partial_auc(LABEL, PROBABILITY, 0.1, True)


@pytest.mark.parametrize("limit", [0, 1, -0.1, 1.1])
def test_partial_area_of_no_rate(limit):
    with pytest.raises(
        ValueError, match="max_false_positive_rate: must lie strictly between 0 and 1"
    ):
        st.partial_auc(LABEL, PROBABILITY, limit)
