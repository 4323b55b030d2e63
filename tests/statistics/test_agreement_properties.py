"""Agreement of readers: ICC, kappa, Bland-Altman, McNemar."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from analysis import statistics as st
from tests.support.strategies import vector

ratings = arrays.arrays(float, (12, 2), elements=some.integers(0, 20).map(float))
categories = some.lists(
    some.tuples(some.sampled_from("abc"), some.sampled_from("abc")), min_size=6, max_size=40
)


@given(some.lists(some.integers(0, 50), min_size=3, max_size=30), some.integers(2, 4))
def test_identical_readers_agree_completely(values, readers):
    assume(len(set(values)) > 1)
    same = np.repeat(np.array(values, dtype=float)[:, None], readers, axis=1)
    for form in (st.icc_1_1, st.icc_2_1, st.icc_3_1):
        found = form(same)
        assert (found.icc[0], found.ci_low[0], found.ci_high[0]) == pytest.approx(
            (1, 1, 1), abs=1e-9
        )


@given(ratings)
def test_a_constant_shift_of_one_reader_matters_to_absolute_agreement_only(values):
    assume((np.ptp(values, axis=0) > 0).all() and np.ptp(values[:, 0] - values[:, 1]) > 0)
    shifted = values + np.array([0, 5])
    assert st.icc_3_1(shifted).icc == pytest.approx(st.icc_3_1(values).icc, abs=1e-9)
    assert st.icc_2_1(10 * values).icc == pytest.approx(st.icc_2_1(values).icc, abs=1e-9)
    assert st.icc_2_1(values[:, ::-1]).icc == pytest.approx(st.icc_2_1(values).icc, abs=1e-9)


@given(ratings)
def test_many_features_at_once_are_each_on_its_own(values):
    assume((np.ptp(values, axis=0) > 0).all())
    together = st.icc_2_1(np.stack([values, values + np.arange(12)[:, None]]))
    assert together.icc.tolist() == [
        st.icc_2_1(values).icc[0],
        st.icc_2_1(values + np.arange(12)[:, None]).icc[0],
    ]


@given(categories, some.sampled_from([None, "linear", "quadratic"]))
def test_kappa_is_symmetric(pairs, weights):
    first, second = zip(*pairs, strict=True)
    assume(len(set(first) | set(second)) > 1)
    one, other = (
        st.weighted_kappa(first, second, weights),
        st.weighted_kappa(second, first, weights),
    )
    assert (one.value, one.standard_error) == pytest.approx(
        (other.value, other.standard_error), abs=1e-9, nan_ok=True
    )
    assert st.weighted_kappa(first, first, weights).value == 1 if len(set(first)) > 1 else True


@given(some.integers(3, 30).flatmap(lambda n: some.tuples(some.just(n), some.data())))
def test_bland_altman_is_antisymmetric(drawn):
    n, data = drawn
    first, second = (vector(data.draw, n, some.integers(0, 30)) for _ in range(2))
    one, other = st.bland_altman(first, second), st.bland_altman(second, first)
    assert (one.bias.value, one.lower.value, one.upper.value) == pytest.approx(
        (-other.bias.value, -other.upper.value, -other.lower.value), abs=1e-9
    )


@given(
    some.lists(some.tuples(some.integers(0, 1), some.integers(0, 1)), min_size=4, max_size=40),
    some.sampled_from(["exact", "corrected", "uncorrected"]),
)
def test_mcnemar_is_symmetric(pairs, method):
    first, second = np.array(pairs).T
    assert st.mcnemar_test(first, second, method).p == pytest.approx(
        st.mcnemar_test(second, first, method).p, abs=1e-12
    )
