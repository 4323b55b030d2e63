"""Every step of the selection and ComBat are scikit-learn estimators, and choose what their
definition says."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from models.radiomics import (
    AnovaFilter,
    ComBat,
    CorrelationFilter,
    ElasticNetSelection,
    FeatureSelection,
    LassoSelection,
    MinimumRedundancy,
    NearConstantFilter,
    PrincipalComponents,
    UnivariableFilter,
)

STEPS = [
    NearConstantFilter(),
    UnivariableFilter(),
    CorrelationFilter(),
    MinimumRedundancy(),
    LassoSelection(),
    ElasticNetSelection(),
    AnovaFilter(),
    PrincipalComponents(),
    FeatureSelection(),
    ComBat(),
]


@parametrize_with_checks(STEPS)
def test_scikit_learn_estimator(estimator, check):
    check(estimator)


LABEL = np.tile([0, 1], 20)


def test_near_constant_means_one_value_in_more_than_the_share():
    rare = np.r_[np.ones(2), np.zeros(38)]  # 0 in exactly 95 of 100
    values = np.column_stack([np.zeros(40), np.r_[1.0, np.zeros(39)], rare, np.arange(40)])
    assert NearConstantFilter(0.95).fit(values).support_.tolist() == [2, 3]
    assert NearConstantFilter(0.9).fit(values).support_.tolist() == [3]
    with pytest.raises(
        ValueError, match="each feature has the same value in more than 0.95 of the 40 patients"
    ):
        NearConstantFilter().fit(values[:, :2])


def test_the_ranking_is_that_of_the_rank_sum_test():
    noise = np.random.default_rng(0).standard_normal(40)
    values = np.column_stack([noise, noise + 0.5 * LABEL, np.full(40, 3.0), noise - 3 * LABEL])
    assert UnivariableFilter(4).fit(values, LABEL).support_.tolist() == [3, 1, 0, 2]
    assert UnivariableFilter(1).fit(values, LABEL).support_.tolist() == [3]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_of_two_correlated_features_the_one_that_tells_more_stays(order):
    random = np.random.default_rng(1)
    strong = random.standard_normal(40) + 2 * LABEL
    values = np.column_stack(
        [strong, np.exp(strong) + 0.01 * random.standard_normal(40), random.standard_normal(40)]
    )[:, order]
    assert sorted(order[place] for place in CorrelationFilter(0.9).fit(values, LABEL).support_) in (
        [0, 2],
        [1, 2],
    )
    assert (
        len(
            CorrelationFilter(0.9999)
            .fit(values[:, [order.index(0), order.index(2)]], LABEL)
            .support_
        )
        == 2
    )


def test_redundancy_costs_a_feature_its_place():
    random = np.random.default_rng(2)
    first, other = (
        random.standard_normal(40) + 1.5 * LABEL,
        random.standard_normal(40) + 0.8 * LABEL,
    )
    values = np.column_stack(
        [first, first + 0.01 * random.standard_normal(40), other, np.full(40, 2.0)]
    )
    chosen = MinimumRedundancy(2).fit(values, LABEL).support_.tolist()
    assert chosen in ([0, 2], [1, 2])
    assert 3 not in MinimumRedundancy(4).fit(values, LABEL).support_


def test_lasso_keeps_the_largest_coefficients_and_never_nothing():
    random = np.random.default_rng(3)
    values = random.standard_normal((40, 10))
    values[:, 4] += 3 * LABEL
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    kept = LassoSelection(2, seed=1).fit(values, LABEL)
    assert kept.support_[0] == 4
    assert len(kept.support_) <= 2
    weights = np.abs(kept.lasso_.coefficients.loc[kept.penalty_].to_numpy()[1:])
    assert list(kept.support_) == sorted(kept.support_, key=lambda place: -weights[place])
    assert LassoSelection().fit(
        random.permutation(np.repeat([[0.0, 1.0]], 40, axis=0)), LABEL
    ).support_.tolist() == [0]
    sparser = LassoSelection(10, seed=1, penalty="1se").fit(values, LABEL)
    assert sparser.penalty_ >= LassoSelection(10, seed=1).fit(values, LABEL).penalty_
    assert sparser.support_[0] == 4
    with pytest.raises(ValueError, match="penalty: 'min' or '1se', got 'best'"):
        LassoSelection(penalty="best").fit(values, LABEL)


def test_analysis_of_variance_ranks_by_the_shift_of_means():
    noise = np.random.default_rng(0).standard_normal(40)
    values = np.column_stack([noise, noise + 0.5 * LABEL, np.full(40, 3.0), noise - 3 * LABEL])
    assert AnovaFilter(4).fit(values, LABEL).support_.tolist() == [3, 1, 0, 2]
    values = np.column_stack([values, LABEL])  # no spread within the outcomes
    assert AnovaFilter(1).fit(values, LABEL).support_.tolist() == [4]


def test_the_elastic_net_keeps_near_copies_that_lasso_parts():
    random = np.random.default_rng(3)
    strong = random.standard_normal(40) + 2 * LABEL
    values = np.column_stack(
        [strong + 0.02 * random.standard_normal(40) for _ in range(4)]
        + [random.standard_normal(40) for _ in range(4)]
    )
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    lasso = LassoSelection(seed=1).fit(values, LABEL)
    net = ElasticNetSelection(seed=1, mixing=0.2).fit(values, LABEL)
    assert {0, 1, 2, 3} <= set(net.support_)
    assert not {0, 1, 2, 3} <= set(lasso.support_)
    assert (
        ElasticNetSelection(seed=1, mixing=1.0).fit(values, LABEL).support_.tolist()
        == lasso.support_.tolist()
    )


def test_components_hold_the_share_and_have_one_spread():
    random = np.random.default_rng(5)
    hidden = random.standard_normal((40, 3))
    values = hidden @ random.standard_normal((3, 60)) + 0.1 * random.standard_normal((40, 60))
    found = PrincipalComponents(0.9).fit(values)
    components = found.transform(values)
    assert components.shape[1] <= 3
    np.testing.assert_allclose(components.std(axis=0, ddof=1), 1)
    np.testing.assert_allclose(np.corrcoef(components.T), np.eye(components.shape[1]), atol=1e-9)
    centred = values - values.mean(axis=0)
    fitted = components @ np.linalg.lstsq(components, centred, rcond=None)[0]
    assert (fitted**2).sum() / (centred**2).sum() >= 0.9
    fewer = PrincipalComponents(0.5).fit(values)
    assert len(fewer.weights_) <= len(found.weights_)
    with pytest.raises(ValueError, match="pca: each feature has 1 value only"):
        PrincipalComponents().fit(np.ones((10, 3)))


def test_without_steps_all_features_stay():
    values = np.random.default_rng(6).standard_normal((40, 5))
    every = FeatureSelection(steps=()).fit(values, LABEL)
    assert every.support_.tolist() == [0, 1, 2, 3, 4]
    assert every.remaining_ == {}


def test_steps_follow_the_list_and_can_be_left_out_or_reordered():
    random = np.random.default_rng(4)
    values = random.standard_normal((40, 30))
    values[:, 7] += 3 * LABEL
    values[:, 8] = values[:, 7] + 0.01 * random.standard_normal(40)
    values[:, 9] = 1.0
    whole = FeatureSelection(univariable_features=10, mrmr_features=5, selected_features=3).fit(
        values, LABEL
    )
    assert list(whole.remaining_) == ["variance", "univariable", "correlation", "mrmr", "lasso"]
    assert [len(left) for left in whole.remaining_.values()][:2] == [29, 10]
    assert len({7, 8} & set(whole.support_)) == 1
    assert all(
        set(later) <= set(earlier)
        for earlier, later in zip(
            list(whole.remaining_.values())[:-1], list(whole.remaining_.values())[1:], strict=True
        )
    )
    other = FeatureSelection(steps=("correlation", "variance", "mrmr"), mrmr_features=5).fit(
        values, LABEL
    )
    assert list(other.remaining_) == ["correlation", "variance", "mrmr"]
    assert len(other.support_) == 5
    by_hand = CorrelationFilter().fit(values, LABEL).support_
    assert other.remaining_["correlation"].tolist() == by_hand.tolist()
    np.testing.assert_array_equal(other.transform(values), values[:, other.support_])
    with pytest.raises(
        ValueError, match="'boruta' is no step of the selection; these are variance, univariable"
    ):
        FeatureSelection(steps=("boruta",)).fit(values, LABEL)
    with pytest.raises(ValueError, match="lasso named more than once"):
        FeatureSelection(steps=("lasso", "lasso")).fit(values, LABEL)
