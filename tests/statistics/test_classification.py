"""A cut-off's table by value: indexes by scikit-learn, exact, Wilson and Simel intervals by closed
forms, bootstrap ends by the binomial, exact tests."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from analysis import statistics as st

# 18 of 24 events positive, 5 of 36 others: accuracy 49 / 60.
LABEL = np.repeat([1, 1, 0, 0], [18, 6, 5, 31])
SCORE = np.repeat([0.8, 0.2, 0.7, 0.1], [18, 6, 5, 31])
CALLED = (SCORE >= 0.5).astype(int)
FRACTIONS = {
    "accuracy": (49, 60),
    "sensitivity": (18, 24),
    "specificity": (31, 36),
    "ppv": (18, 23),
    "npv": (31, 37),
    "prevalence": (24, 60),
    "detection_rate": (18, 60),
    "detection_prevalence": (23, 60),
}


def test_the_table_counts_a_score_at_the_cutoff_as_positive():
    table = st.confusion_matrix([1, 1, 0, 0, 0], [0.5, 0.4, 0.5, 0.6, 0.1], 0.5)
    assert (
        table.true_positive,
        table.false_positive,
        table.false_negative,
        table.true_negative,
        table.n,
    ) == (1, 2, 1, 1, 5)
    whole = st.confusion_matrix(LABEL, SCORE, 0.5)
    assert (
        whole.true_positive,
        whole.false_positive,
        whole.false_negative,
        whole.true_negative,
        whole.n,
    ) == (18, 5, 6, 31, 60)
    with pytest.raises(ValueError, match="^cutoff: it is missing"):
        st.confusion_matrix(LABEL, SCORE, np.nan)


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize(("interval", "method"), [("exact", "beta"), ("wilson", "wilson")])
def test_proportions_with_their_own_denominators(level, interval, method):
    found = st.classification_metrics(LABEL, SCORE, 0.5, level, interval, resamples=10)
    for name, (count, of) in FRACTIONS.items():
        assert (found[name].value, found[name].n) == (pytest.approx(count / of), of)
        assert (found[name].ci_low, found[name].ci_high) == pytest.approx(
            proportion_confint(count, of, 1 - level, method)
        )


def test_indexes_are_scikit_learns():
    found = st.classification_metrics(LABEL, SCORE, 0.5, resamples=10)
    for name, function in (
        ("balanced_accuracy", metrics.balanced_accuracy_score),
        ("f1", metrics.f1_score),
        ("mcc", metrics.matthews_corrcoef),
        ("kappa", metrics.cohen_kappa_score),
    ):
        assert (found[name].value, found[name].n) == (pytest.approx(function(LABEL, CALLED)), 60)
    positive, negative = metrics.class_likelihood_ratios(LABEL, CALLED)
    assert (
        found["positive_likelihood_ratio"].value,
        found["negative_likelihood_ratio"].value,
    ) == pytest.approx((positive, negative))
    assert set(found) == {
        *FRACTIONS,
        "balanced_accuracy",
        "f1",
        "mcc",
        "kappa",
        "positive_likelihood_ratio",
        "negative_likelihood_ratio",
    }


@pytest.mark.parametrize(("level", "z"), [(0.95, 1.959963985), (0.9, 1.644853627)])
def test_likelihood_ratios_by_simel(level, z):
    """(18/24) / (5/36) = 5.4, SE² of the log 1/18 - 1/24 + 1/5 - 1/36; (6/24) / (31/36), SE² 1/6 -
    1/24 + 1/31 - 1/36."""
    found = st.classification_metrics(LABEL, SCORE, 0.5, level, resamples=10)
    for name, value, squared in (
        ("positive_likelihood_ratio", 5.4, 1 / 18 - 1 / 24 + 1 / 5 - 1 / 36),
        ("negative_likelihood_ratio", 9 / 31, 1 / 6 - 1 / 24 + 1 / 31 - 1 / 36),
    ):
        low, high = value * np.exp(-z * np.sqrt(squared)), value * np.exp(z * np.sqrt(squared))
        assert (
            found[name].value,
            found[name].ci_low,
            found[name].ci_high,
            found[name].n,
        ) == pytest.approx((value, low, high, 60))


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_bootstrapped_shares_of_a_class_end_at_binomial_quantiles(level):
    """Drawn within a class, positives are binomial; 20,000 draws find its quantiles to a
    patient."""
    found = st.classification_metrics(
        LABEL, SCORE, 0.5, level, "bootstrap", resamples=20_000, seed=2
    )
    tails = [(1 - level) / 2, 1 - (1 - level) / 2]
    for name, share, of in (("sensitivity", 18 / 24, 24), ("specificity", 31 / 36, 36)):
        assert (found[name].ci_low, found[name].ci_high) == pytest.approx(
            stats.binom.ppf(tails, of, share) / of
        )
        assert found[name].n == of
    # Neither class changes its size.
    assert (found["prevalence"].ci_low, found["prevalence"].ci_high) == pytest.approx((0.4, 0.4))
    assert (found["detection_rate"].ci_low, found["detection_rate"].ci_high) == pytest.approx(
        stats.binom.ppf(tails, 24, 0.75) / 60
    )


def test_bootstrapped_indexes_end_at_quantiles_of_all_tables():
    """Every table that two binomials can give, with its probability: below an end lies half of what
    the level leaves, to what 20,000 draws miss."""
    found = st.classification_metrics(
        LABEL, SCORE, 0.5, interval="bootstrap", resamples=20_000, seed=3
    )
    tp, fp = np.meshgrid(np.arange(25), np.arange(37), indexing="ij")
    chance_of = np.outer(
        stats.binom.pmf(np.arange(25), 24, 18 / 24), stats.binom.pmf(np.arange(37), 36, 5 / 36)
    )
    covariance, called = tp / 60 - 0.4 * (tp + fp) / 60, np.clip((tp + fp) / 60, 1e-9, 1 - 1e-9)
    references = {
        "f1": 2 * tp / (24 + tp + fp),
        "mcc": covariance / np.sqrt(0.24 * called * (1 - called)),
        "balanced_accuracy": (tp / 24 + 1 - fp / 36) / 2,
        "kappa": 2 * covariance / (1 - 0.4 * called - 0.6 * (1 - called)),
        "accuracy": (tp + 36 - fp) / 60,
        "detection_prevalence": (tp + fp) / 60,
        "ppv": tp / np.maximum(tp + fp, 1),
        "npv": (36 - fp) / np.maximum(60 - tp - fp, 1),
    }
    for name, (count, of) in FRACTIONS.items():
        assert (found[name].value, found[name].n) == (pytest.approx(count / of), of)
    for name, values in references.items():
        for end, tail in ((found[name].ci_low, 0.025), (found[name].ci_high, 0.975)):
            assert chance_of[values < end - 1e-6].sum() < tail + 0.004
            assert chance_of[values < end + 1e-6].sum() > tail - 0.004


def test_matthews_coefficient_is_0_in_resamples_where_all_are_positive():
    """One patient of 14 without the event is negative, and none in (13/14)^14 = 35 % of resamples:
    more than the tail, so that the lower limit is 0, scikit-learn's value there."""
    label, score = np.repeat([1, 0], [19, 14]), np.r_[np.ones(32), 0]
    found = st.classification_metrics(label, score, 0.5)["mcc"]
    assert found.ci_low == metrics.matthews_corrcoef(label, np.ones(33)) == 0
    assert found.ci_low < found.value < found.ci_high


def test_a_denominator_of_0_is_nan_of_nobody():
    nobody = st.classification_metrics([0, 1, 1], [0.1, 0.2, 0.3], 0.9, resamples=20)
    assert np.isnan(nobody["ppv"].value)
    assert nobody["ppv"].n == 0
    assert np.isnan(nobody["mcc"].value)
    assert np.isnan(nobody["mcc"].ci_low)
    assert np.isnan(nobody["positive_likelihood_ratio"].value)
    assert np.isnan(nobody["positive_likelihood_ratio"].ci_low)
    # All are negative: 2/2 over 1/1, whose log has the error 1/2 - 1/2 + 1 - 1 = 0.
    assert (
        nobody["negative_likelihood_ratio"].value,
        nobody["negative_likelihood_ratio"].ci_low,
        nobody["negative_likelihood_ratio"].ci_high,
    ) == (1, 1, 1)
    assert nobody["f1"].value == 0
    assert nobody["npv"].value == pytest.approx(1 / 3)
    one_class = st.classification_metrics(
        [1, 1, 1], [0.1, 0.2, 0.9], 0.5, interval="bootstrap", resamples=20
    )
    assert np.isnan(one_class["specificity"].ci_low)
    assert one_class["specificity"].n == 0
    assert one_class["sensitivity"].value == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="^interval: 'exact', 'wilson' or 'bootstrap', got 'wald'"):
        st.classification_metrics(LABEL, SCORE, 0.5, interval="wald")


@pytest.mark.parametrize(
    ("empty", "which"),
    [
        ("true_positive", "positive"),
        ("false_positive", "positive"),
        ("false_negative", "negative"),
        ("true_negative", "negative"),
    ],
)
def test_a_likelihood_ratio_of_an_empty_cell_has_no_interval(empty, which):
    counts = {"true_positive": 5, "false_positive": 4, "false_negative": 3, "true_negative": 6} | {
        empty: 0
    }
    found = st.classification_metrics(
        np.repeat([1, 0, 1, 0], list(counts.values())),
        np.repeat([1, 1, 0, 0], list(counts.values())),
        0.5,
        resamples=20,
    )
    own, other = (
        found[f"{which}_likelihood_ratio"],
        found[f"{'negative' if which == 'positive' else 'positive'}_likelihood_ratio"],
    )
    assert np.isnan(own.ci_low)
    assert np.isnan(own.ci_high)
    assert other.ci_low < other.value < other.ci_high


def test_no_information_by_the_binomial():
    """49 of 60 right where 36 of 60 are the larger class, events or not."""
    for found in (
        st.no_information_test(LABEL, SCORE, 0.5),
        st.no_information_test(1 - LABEL, -SCORE, -0.5),
    ):
        assert found.statistic == 0.6
        assert found.p == pytest.approx(stats.binom.sf(48, 60, 0.6))
        assert np.isnan(found.degrees_of_freedom)
        assert found.name == "exact binomial test against the no-information rate"


@pytest.mark.parametrize(
    ("method", "statistic", "p", "freedom", "name"),
    [
        ("exact", 3, 2 * stats.binom.cdf(3, 12, 0.5), np.nan, "McNemar exact"),
        ("corrected", 25 / 12, stats.chi2.sf(25 / 12, 1), 1, "McNemar with continuity correction"),
        ("uncorrected", 3, stats.chi2.sf(3, 1), 1, "McNemar chi-square"),
    ],
)
def test_mcnemar_of_9_against_3(method, statistic, p, freedom, name):
    """(9 - 3)² / 12 = 3, corrected (6 - 1)² / 12; also as vectors, in which 1 comes first."""
    vectors = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], [4, 9, 3, 2], axis=0).T
    for found in (
        st.mcnemar_test([[4, 9], [3, 2]], None, method),
        st.mcnemar_test(*vectors, method),
        st.mcnemar_test(*vectors[::-1], method),
    ):
        assert (found.statistic, found.p, found.degrees_of_freedom) == pytest.approx(
            (statistic, p, freedom), nan_ok=True
        )
        assert found.name == name


@pytest.mark.parametrize(
    ("method", "statistic"), [("exact", 4), ("corrected", 0), ("uncorrected", 0)]
)
def test_mcnemar_of_as_many_either_way_is_1(method, statistic):
    found = st.mcnemar_test([[3, 4], [4, 2]], None, method)
    assert (found.statistic, found.p) == (statistic, 1)
    assert (
        np.isnan(found.degrees_of_freedom) if method == "exact" else found.degrees_of_freedom == 1
    )
    assert st.mcnemar_test([[3, 4], [3, 2]], None, "exact").p == 1  # 2 × P(at most 3 of 7) = 1
    assert (
        st.mcnemar_test([1, 1], [0, 1]).p == st.mcnemar_test([0, 1], [1, 1]).p == 1
    )  # one discordant pair, one reader who says yes to all


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.mcnemar_test([[1, 2, 3], [4, 5, 6]], None),
            r"first: expected a 2×2 table of counts, got shape \(2, 3\)",
        ),
        (lambda: st.mcnemar_test([1, 0], [1, 0, 1]), "second: 3 values for 2 in first"),
        (lambda: st.mcnemar_test([1, 0], [1, 2]), "second: expected 0 and 1 only"),
        (
            lambda: st.mcnemar_test([1, 0], [1, 0], "mid-p"),
            "method: 'exact', 'corrected' or 'uncorrected', got 'mid-p'",
        ),
    ],
)
def test_what_mcnemar_cannot_test_is_said(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
