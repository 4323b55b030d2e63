"""A value over its error, with and without one, and where a p-value between models is refused, by
its words."""

import re

import numpy as np
import pytest
from scipy.stats import norm

from analysis import statistics as st
from analysis.statistics.comparison import INTERVAL_MEANS
from analysis.statistics.estimate import standardised, wald_contrast


@pytest.mark.parametrize(
    ("value", "error", "z"),
    [
        (3, 2, 1.5),
        (-3, 2, -1.5),
        (0, 2, 0),
        (0, 0, 0),
        (1e-13, 0, 0),
        (2e-12, 0, np.inf),
        (-1, 0, -np.inf),
        (-1, 1e-13, -np.inf),
        (1e-12, 2e-12, 0.5),
    ],
)
def test_standardised(value, error, z):
    assert standardised(value, error) == pytest.approx(z)


@pytest.mark.parametrize(("value", "level"), [(0.3, 0.95), (-0.3, 0.9), (0.0, 0.5)])
def test_a_wald_contrast_by_the_normal(value, level):
    found = wald_contrast(value, 0.2, 40, "so", level)
    assert (found.ci_low, found.ci_high) == pytest.approx(norm.interval(level, value, 0.2))
    assert (found.value, found.standard_error, found.z, found.n, found.method) == (
        value,
        0.2,
        pytest.approx(value / 0.2),
        40,
        "so",
    )
    assert found.p == pytest.approx(norm.cdf(-abs(value) / 0.2) + norm.sf(abs(value) / 0.2))


def test_a_contrast_whose_error_is_unknown_says_nothing():
    found = wald_contrast(0.3, np.nan, 1, "so")
    assert all(
        np.isnan(part)
        for part in (found.ci_low, found.ci_high, found.standard_error, found.z, found.p)
    )
    certain = wald_contrast(0.3, 0.0, 1, "so")
    assert (certain.ci_low, certain.ci_high, certain.z, certain.p) == (0.3, 0.3, np.inf, 0)


@pytest.mark.parametrize(
    ("how", "locked", "nested", "reason"),
    [
        ("validation", True, False, None),
        ("validation", True, True, None),
        (
            "validation",
            False,
            False,
            "the models weren't locked before the validation patients were seen",
        ),
        (
            "apparent",
            True,
            False,
            "scores are apparent on training patients, so DeLong's test doesn't hold",
        ),
        (
            "out_of_fold",
            True,
            False,
            "scores are out-of-fold on training patients, so DeLong's test doesn't hold",
        ),
        (
            "out_of_fold",
            False,
            True,
            (
                "scores are out-of-fold on training patients, so DeLong's test doesn't hold; for"
                " nested models its statistic isn't even normal (Demler et al. 2012)"
            ),
        ),
    ],
)
def test_where_a_p_value_is_refused(how, locked, nested, reason):
    assert st.p_value_refusal(how, locked, nested) == reason
    label, first, second = [0, 1, 0, 1, 0, 1], [1, 2, 3, 4, 5, 6], [2, 1, 3, 4, 6, 5]
    if reason is None:
        assert st.compare_auc(
            label, first, second, how, locked, nested, level=0.8
        ) == st.auc_difference(label, first, second, 0.8)
    else:
        message = (
            f"how: no p-value for this comparison: {reason}. Print the two intervals, or compare"
            " on validation patients"
        )
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            st.compare_auc(label, first, second, how, locked, nested)


def test_models_are_locked_and_not_nested_unless_said():
    assert st.p_value_refusal("validation") is None
    assert st.p_value_refusal("validation", nested=True) is None
    assert "nested" not in st.p_value_refusal("apparent")
    with pytest.raises(
        ValueError, match="how: expected one of apparent, out_of_fold, validation, got 'training'"
    ):
        st.p_value_refusal("training")
    assert set(INTERVAL_MEANS) == {"apparent", "out_of_fold", "validation"}
