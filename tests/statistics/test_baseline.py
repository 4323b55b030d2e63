"""Table 1 by value: what is shown of a variable, which test, its p, the difference, and the edges
where one gives way to another."""

from pathlib import Path
from types import SimpleNamespace as Some

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import statistics as st

EVEN = [50.0, 52, 54, 56, 58, 61, 63, 70]
TAIL = [1.0, 1, 2, 2, 3, 3, 4, 40]


def table_of(values, group, type="continuous", unit="years", levels=None, summary=None):
    """summary: as the dictionary names it; here the mean for what starts like EVEN, in any unit."""
    if summary is None:
        summary = "mean" if type == "continuous" and values[1] / values[0] == 1.04 else "median"
    variable = Some(label="X", unit=unit, type=type, levels=levels, summary=summary)
    return st.baseline_table(pd.DataFrame({"x": values}), group, Some(variables={"x": variable}))


def test_an_even_variable_is_mean_and_deviation_with_welch():
    found = table_of(EVEN, list("aaaabbbb")).iloc[0]
    # 50, 52, 54, 56: mean 53, SD √(20 / 3) = 2.58; 58, 61, 63, 70: mean 63, SD √(78 / 3) = 5.10.
    # Difference 10 / √((20/3 + 26) / 2).
    assert (found["variable"], found["level"], found["statistic"], found["a"], found["b"]) == (
        "X, years",
        "",
        "mean ± SD",
        "53 ± 2.58",
        "63 ± 5.1",
    )
    assert found["smd"] == pytest.approx(10 / np.sqrt((20 / 3 + 26) / 2))
    assert found["missing"] == 0
    assert found["p"] == pytest.approx(stats.ttest_ind(EVEN[:4], EVEN[4:], equal_var=False).pvalue)
    assert "Welch" in found["test"]


def test_a_variable_with_a_tail_is_median_and_quartiles_with_mann_whitney():
    found = table_of(TAIL, list("abababab")).iloc[0]
    # a: 1, 2, 3, 4, quartiles of type 7 1.75, 2.5, 3.25; b: 1, 2, 3, 40, quartiles 1.75, 2.5,
    # 12.25.
    assert (found["statistic"], found["a"], found["b"], found["test"]) == (
        "median [IQR]",
        "2.5 [1.75, 3.25]",
        "2.5 [1.75, 12.2]",
        "Mann-Whitney",
    )
    assert found["p"] == pytest.approx(st.mann_whitney_test(TAIL[::2], TAIL[1::2]).p)


@pytest.mark.parametrize("values", [EVEN, TAIL, EVEN[:7], [5.0] * 8])
def test_the_dictionary_and_not_the_values_decides_what_is_printed(values):
    """A tail, a bell and a constant alike: the summary that the dictionary names, with its own
    test."""
    group = np.resize(["a", "b"], len(values))
    for summary, shown, test in (
        ("median", "median [IQR]", "Mann-Whitney"),
        ("mean", "mean ± SD", "Welch t"),
    ):
        row = table_of(values, group, summary=summary).iloc[0]
        assert (row["statistic"], row["test"]) == (shown, test)


def test_no_test_of_normality_is_called_by_what_is_printed():
    root = Path(st.__file__).parents[1]
    for folder in ("results", "reporting/tables", "statistics", "reporting/claims", "training"):
        for path in (root / folder).glob("*.py"):
            code = path.read_text(encoding="utf-8")
            names = (
                "shapiro",
                "normaltest",
                "anderson(",
                "jarque",
                "stats.skew",
                "homoscedasticity",
                "normality(",
            )
            # The test itself is there to be asked for; nothing calls it.
            assert not [name for name in names if name in code] or path.name in (
                "two_samples.py",
                "__init__.py",
            ), path


@pytest.mark.parametrize(
    ("values", "name", "reference"),
    [
        ([*EVEN, 60.0], "one-way ANOVA", stats.f_oneway),
        ([*TAIL, 5.0], "Kruskal-Wallis", stats.kruskal),
    ],
)
def test_three_groups_have_their_own_tests_and_the_largest_difference(values, name, reference):
    values = np.array(values)
    found, parts = (
        table_of(values, list("abcabcabc")).iloc[0],
        [values[place::3] for place in range(3)],
    )
    assert found["test"] == name
    assert found["p"] == pytest.approx(reference(*parts).pvalue)
    pairs = [
        abs(one.mean() - two.mean()) / np.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2)
        for one, two in ((parts[0], parts[1]), (parts[0], parts[2]), (parts[1], parts[2]))
    ]
    assert found["smd"] == pytest.approx(max(pairs))
    assert len({round(pair, 6) for pair in pairs}) == 3


def test_a_group_of_one_has_no_test_and_two_are_enough():
    alone = table_of(EVEN, list("aaaaaaab")).iloc[0]
    assert np.isnan(alone["p"])
    assert alone["test"] == ""
    assert np.isnan(alone["smd"])
    assert alone["b"] == ""
    assert alone["a"] == "56.3 ± 4.72"
    two = table_of(EVEN, list("aaaaaabb")).iloc[0]
    assert two["p"] == pytest.approx(stats.ttest_ind(EVEN[:6], EVEN[6:], equal_var=False).pvalue)
    assert two["b"] == "66.5 ± 4.95"
    assert two["smd"] > 0
    # A third group of one hides its own pairs alone.
    third = table_of(EVEN, list("aaaabbbc")).iloc[0]
    assert np.isnan(third["p"])
    assert third["smd"] == pytest.approx(st.standardized_mean_difference(EVEN[:4], EVEN[4:7]))


def test_a_first_group_of_one_or_two_and_the_widest_of_four():
    alone = table_of(EVEN, list("abbbbbbb")).iloc[0]
    assert np.isnan(alone["p"])
    assert np.isnan(alone["smd"])
    assert alone["a"] == ""
    two = table_of(EVEN, list("aabbbbbb")).iloc[
        0
    ]  # 50, 52: mean 51, variance 2; the others' 60.33 and 35.07
    assert two["smd"] == pytest.approx((362 / 6 - 51) / np.sqrt((2 + np.var(EVEN[2:], ddof=1)) / 2))
    assert two["a"] == "51 ± 1.41"
    # Means 1, 5, 9, 4, each with variance 2: first and third are 8 / √2 apart.
    assert table_of([0, 2, 4, 6, 8, 10, 3, 5], list("aabbccdd"), summary="mean")["smd"].iloc[
        0
    ] == pytest.approx(8 / np.sqrt(2))


def test_a_small_unit_is_no_constant():
    found = table_of([value / 100 for value in EVEN], list("aaaabbbb")).iloc[0]
    assert (found["statistic"], found["a"]) == ("mean ± SD", "0.53 ± 0.0258")


def test_one_patient_is_a_group_of_a_category():
    found = table_of(["u", "v", "v", "v"], list("abbb"), "categorical")
    assert found["a"].tolist() == ["1 (100.0)", "0 (0.0)"]
    assert found["b"].tolist() == [
        "0 (0.0)",
        "3 (100.0)",
    ]
    assert found["test"].iloc[0] == "Fisher exact"
    assert found["p"].iloc[0] == pytest.approx(0.25)
    assert np.isnan(found["smd"].iloc[0])


def test_nobody_known_in_a_group_is_blank_and_one_alone_is_its_own_median():
    found = table_of([1, 2, 3, np.nan, np.nan, 7], list("aaabbc")).iloc[0]
    assert (found["statistic"], found["a"], found["b"], found["c"]) == (
        "median [IQR]",
        "2 [1.5, 2.5]",
        "",
        "7 [7, 7]",
    )
    assert np.isnan(found["p"])
    assert found["missing"] == 2
    even = table_of([*EVEN, np.nan], list("aaaabbbbc")).iloc[0]
    assert (even["statistic"], even["c"], even["missing"]) == ("mean ± SD", "", 1)


def test_categories_follow_the_dictionary_and_leave_empty_levels_out():
    values = ["II"] * 6 + ["I"] * 4 + ["II"] * 2 + ["I"] * 7 + [None]
    found = table_of(values, ["a"] * 10 + ["b"] * 10, "categorical", levels=["II", "I", "III"])
    # a: 6 and 4 of 10; b: 2 and 7 of 9 known, 22.2 and 77.8 %.
    assert found["level"].tolist() == ["II", "I"]
    assert found["a"].tolist() == ["6 (60.0)", "4 (40.0)"]
    assert found["b"].tolist() == ["2 (22.2)", "7 (77.8)"]
    assert found["variable"].tolist() == ["X", ""]
    assert found["statistic"].tolist() == ["n (%)"] * 2
    assert found["test"].tolist() == ["Fisher exact", ""]
    assert found["p"].iloc[0] == pytest.approx(stats.fisher_exact([[6, 2], [4, 7]]).pvalue)
    assert np.isnan(found["p"].iloc[1])
    assert np.isnan(found["smd"].iloc[1])
    # Of two levels: |p - q| / √((p (1 - p) + q (1 - q)) / 2).
    p, q = 0.6, 2 / 9
    assert found["smd"].iloc[0] == pytest.approx((p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2))
    assert found["missing"].tolist() == [1, ""]


def test_levels_that_the_dictionary_lacks_are_sorted():
    assert table_of(["z", "m", "z", "m"], list("abba"), "categorical")["level"].tolist() == [
        "m",
        "z",
    ]


def test_a_yes_or_no_is_its_yes():
    values = [1] * 30 + [0] * 20 + [1] * 10 + [0] * 40
    found = table_of(values, ["a"] * 50 + ["b"] * 50, "binary", unit=None)
    assert found["level"].tolist() == ["yes"]
    assert (found["a"].iloc[0], found["b"].iloc[0]) == (
        "30 (60.0)",
        "10 (20.0)",
    )
    assert found["test"].iloc[0] == "chi-square"
    assert found["p"].iloc[0] == pytest.approx(
        stats.chi2_contingency([[30, 10], [20, 40]], correction=False).pvalue
    )


def test_one_level_only_has_no_test():
    found = table_of([0, 0, 0, 0], list("aabb"), "binary").iloc[0]
    assert (found["level"], found["a"], found["test"], found["smd"]) == (
        "no",
        "2 (100.0)",
        "one level only",
        0.0,
    )
    assert np.isnan(found["p"])
    one_group_known = table_of(["u", "v", None, None], list("aabb"), "categorical").iloc[0]
    assert one_group_known["test"] == "known in one group only"
    assert np.isnan([one_group_known["p"], one_group_known["smd"]]).all()
    assert one_group_known["a"] == "1 (50.0)"


@pytest.mark.parametrize(
    ("unit", "label"), [("mm", "X, mm"), ("1", "X"), ("count", "X"), (None, "X")]
)
def test_a_unit_is_named_where_there_is_one(unit, label):
    assert table_of(EVEN, list("aabbaabb"), unit=unit)["variable"].iloc[0] == label


def test_groups_are_aligned_by_patient_counted_and_sorted():
    table = pd.DataFrame({"x": EVEN}, index=list("stuvwxyz"))
    group = pd.Series([*list("bbbbaaa"), None], index=table.index)
    variables = Some(
        variables={
            "x": Some(label="X", unit=None, type="continuous", levels=None, summary="median")
        }
    )
    found = st.baseline_table(table, group, variables)
    assert found.columns.tolist() == [
        "variable",
        "level",
        "statistic",
        "a",
        "b",
        "p",
        "test",
        "smd",
        "missing",
    ]
    assert (found["a"].iloc[0], found["b"].iloc[0]) == (
        "61 [59.5, 62]",
        "53 [51.5, 54.5]",
    )  # seven patients with a group
    with pytest.raises(ValueError, match="group: 7 values for 8 patients"):
        st.baseline_table(table, list("bbbbaaa"), variables)
    with pytest.raises(ValueError, match=r"group: expected two or more groups, got \['a'\]"):
        st.baseline_table(table, ["a"] * 8, variables)
