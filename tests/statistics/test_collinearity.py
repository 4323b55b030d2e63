"""Variance inflation: statsmodels' factors, Fox and Monette's determinants of a category, and of a
fit from its own covariance."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.outliers_influence import variance_inflation_factor

from analysis import statistics as st

RANDOM = np.random.default_rng(3)
TABLE = pd.DataFrame({"a": RANDOM.normal(5, 2, 50)}).assign(
    b=lambda t: 0.7 * t["a"] + RANDOM.normal(size=50), c=RANDOM.normal(size=50)
)
TABLE["grade"] = np.where(
    TABLE["a"] + RANDOM.normal(size=50) > 6, "high", np.where(TABLE["c"] > 0, "mid", "low")
)


def test_of_single_columns_it_is_the_plain_factor():
    found, design = (
        st.variance_inflation(TABLE[["a", "b", "c"]]),
        np.column_stack([np.ones(50), TABLE[["a", "b", "c"]]]),
    )
    assert found["gvif"].tolist() == pytest.approx(
        [variance_inflation_factor(design, place) for place in (1, 2, 3)]
    )
    assert found["degrees_of_freedom"].tolist() == [1, 1, 1]
    assert found["scaled"].tolist() == pytest.approx(np.sqrt(found["gvif"]).tolist())
    assert found.index.tolist() == ["a", "b", "c"]
    assert st.variance_inflation(TABLE[["a"]])["gvif"].tolist() == [1]


def test_a_category_of_three_levels_is_one_term_of_two_columns():
    """By Fox & Monette the ratio of the coefficients' generalised variances, here by residual
    cross-products: |X'X residual on the others|⁻¹ × |X'X|."""
    found, columns = st.variance_inflation(TABLE), st.design_matrix(TABLE)[0]
    assert found["degrees_of_freedom"].tolist() == [1, 1, 1, 2]
    own = columns.iloc[:, 3:].to_numpy(dtype=float)
    others = np.column_stack([np.ones(50), columns.iloc[:, :3]]).astype(float)
    residual = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
    centred = own - own.mean(axis=0)
    gvif = np.linalg.det(centred.T @ centred) / np.linalg.det(residual.T @ residual)
    assert found.loc["grade", "gvif"] == pytest.approx(gvif)
    assert found.loc["grade", "scaled"] == pytest.approx(gvif**0.25)


def test_of_a_fit_it_is_the_ratio_of_blocks_of_the_information():
    """Block of the covariance times that of its inverse, correlations or not: |V_jj| |V⁻¹_jj|, the
    intercept left out."""
    fit = st.logistic_regression(TABLE, RANDOM.integers(0, 2, 50))
    covariance = np.asarray(fit.covariance)[1:, 1:]
    inverse = np.linalg.inv(covariance)
    found = st.variance_inflation_of_fit(fit)
    for name, block in (("a", [0]), ("b", [1]), ("c", [2]), ("grade", [3, 4])):
        gvif = np.linalg.det(covariance[np.ix_(block, block)]) * np.linalg.det(
            inverse[np.ix_(block, block)]
        )
        assert found.loc[name].tolist() == pytest.approx(
            [gvif, len(block), gvif ** (1 / (2 * len(block)))]
        )


def test_scale_and_origin_do_not_matter():
    np.testing.assert_allclose(
        st.variance_inflation(TABLE[["a", "b", "c"]] * [1e-6, 1e6, 1] + [0, 5, -3])["gvif"],
        st.variance_inflation(TABLE[["a", "b", "c"]])["gvif"],
        rtol=1e-6,
    )


@pytest.mark.parametrize(
    "extra",
    [TABLE["a"] + TABLE["b"], pd.Series(np.ones(50)), 3 * TABLE["c"] + 1, pd.Series(np.zeros(50))],
)
def test_constant_or_dependent_columns_are_said(extra):
    with pytest.raises(
        ValueError,
        match=(
            "^table: the columns a, b, c, d are constant or linearly dependent, so that an"
            " inflation is infinite"
        ),
    ):
        st.variance_inflation(TABLE[["a", "b", "c"]].assign(d=extra))
