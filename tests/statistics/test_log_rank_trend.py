"""The trend test is the log-rank test of two groups, and the score test of a Cox model where no
times are tied."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics import log_rank, log_rank_trend


@pytest.fixture
def survival():
    rng = np.random.default_rng(4)
    rank = rng.integers(0, 4, 120)
    return rng.exponential(10 / (1 + rank)), (rng.uniform(size=120) < 0.7).astype(int), rank


def test_two_groups_give_the_log_rank_test(survival):
    time, event, rank = survival
    assert log_rank_trend(time, event, rank > 1).statistic == pytest.approx(
        log_rank(time, event, rank > 1).statistic, rel=1e-10
    )


def test_it_is_the_score_test_of_a_cox_model(survival):
    time, event, rank = survival
    model = sm.PHReg(time, rank[:, None].astype(float), status=event)
    score, information = model.score(np.zeros(1))[0], -model.hessian(np.zeros(1))[0, 0]
    assert log_rank_trend(time, event, rank).statistic == pytest.approx(
        score**2 / information, rel=1e-9
    )


def test_neither_origin_nor_unit_of_the_ranks_matters(survival):
    time, event, rank = survival
    assert log_rank_trend(time, event, 10 - 3 * rank).statistic == pytest.approx(
        log_rank_trend(time, event, rank).statistic, rel=1e-9
    )


def test_one_level_is_an_error_and_no_event_no_evidence(survival):
    time, event, rank = survival
    with pytest.raises(ValueError, match="two groups"):
        log_rank_trend(time, event, np.zeros(120))
    assert log_rank_trend(time, np.zeros(120), rank).p == 1.0
