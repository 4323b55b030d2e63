"""What the supplement says of each score: whom it grades and why not, with and without
assumptions."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.results.scores import agreement, describe_comparators


def cohort(**assume):
    table = pd.DataFrame(
        {
            "sex": ["male", "female", None, "male"],
            "bilirubin": [10.0, 40, 20, np.nan],
            "albumin": [42.0, 30, 35, 40],
            "afp": [5.0, 500, 20, 7],
            "tumour_diameter": [2.0, 6, 4, 3],
            "tumour_number": [1.0, 1, 4, 2],
            "vascular_invasion": "none",
            "lymph_node_metastasis": 0,
            "distant_metastasis": [0.0, 0, 0, 1],
            "adjacent_organ_invasion": 0,
        },
        index=["A", "B", "C", "D"],
    )
    return SimpleNamespace(
        clinical=table, study=SimpleNamespace(assume=assume, comparator_files={}), scored={}
    )


@pytest.mark.parametrize(
    ("assume", "graded", "missing"),
    [
        ({}, 2, {"bilirubin (1)", "sex (1)"}),
        ({"sex": "male"}, 3, {"bilirubin (1)"}),
        ({"sex": "male", "bilirubin": 12.0}, 4, set()),
    ],
)
def test_a_refit_grades_whom_the_assumptions_complete(assume, graded, missing):
    row = describe_comparators(cohort(**assume), ["erasl_refit"]).iloc[0]
    assert row["n_evaluable"] == graded
    assert set(filter(None, row["missing"].split(", "))) == missing


def test_a_published_score_has_its_distribution_and_its_gaps():
    table = describe_comparators(cohort(), ["ajcc8", "albi"]).set_index("id")
    assert table.loc["ajcc8", "n_evaluable"] == 4
    assert "IVB 1" in table.loc["ajcc8", "distribution"]
    assert table.loc["albi", "n_evaluable"] == 3
    assert table.loc["albi", "missing"] == "bilirubin (1)"
    assert table.loc["albi", "distribution"].startswith("median -")


def test_systems_agree_on_ranks_and_an_ungraded_pair_is_undefined():
    pairs = agreement(cohort(), ["ajcc8", "milan", "okuda", "albi"]).set_index(["first", "second"])
    assert -1 <= pairs.loc[("ajcc8", "milan"), "kappa"] <= 1
    assert pairs.loc[("ajcc8", "milan"), "n"] == 4
    assert pairs.loc[("ajcc8", "okuda"), "n"] == 0
    assert np.isnan(pairs.loc[("ajcc8", "okuda"), "kappa"])
    assert not any(
        "albi" in pair for pair in pairs.index
    )  # a continuous index has no levels to agree on
