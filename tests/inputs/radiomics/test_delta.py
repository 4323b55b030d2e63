"""Features that compare two phases: values by hand, what is left out, reproducibility, checks."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.tables.feature_table import read_features
from analysis.core.problems import Problems
from analysis.inputs.checks.delta import check_deltas, check_deltas_of_table
from analysis.inputs.radiomics.delta import delta_values, references_of, with_deltas
from analysis.inputs.radiomics.reproducibility import (
    feature_reproducibility,
    reproducible_features,
)
from analysis.inputs.radiomics.table import RadiomicsTable, radiomics_table
from analysis.study import load_study
from analysis.study.delta import DeltaFeature
from analysis.workflow.check.load import load_cohort
from tests.support.small_cohort import FEW_FEATURES, edit_study, image_study, table_study

PLAIN = {
    "normalise": False,
    "log_sigma_mm": [],
    "wavelet": None,
    "bin_count": 16,
    "resampled_spacing_mm": None,
    "features": {"firstorder": ["Mean", "Skewness"]},
}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("difference", [20.0, -30.0, 40.0]),
        ("ratio", [1.5, 0.25, -1.0]),
        ("relative_change", [0.5, -0.75, -2.0]),
        ("wash_in", [0.5, -0.75, -2.0]),
        ("washout", [-0.5, 0.75, 2.0]),
    ],
)
def test_values_are_those_by_hand(measure, expected):
    table = pd.DataFrame({"p": [60.0, 10.0, 20.0], "r": [40.0, 40.0, -20.0]}, index=[*"abc"])
    found = delta_values(table, {"x": DeltaFeature(measure, "p", "r")})
    assert found["x"].tolist() == expected


def test_a_quotient_by_zero_is_left_out_for_all_and_its_difference_stays():
    table = pd.DataFrame({"p": [1.0, 2.0], "r": [0.0, 1.0]}, index=[*"ab"])
    wanted = {name: DeltaFeature(name, "p", "r") for name in ("difference", "ratio", "washout")}
    assert delta_values(table, wanted)["ratio"].isna().tolist() == [True, False]
    assert list(with_deltas(table, wanted)) == ["p", "r", "difference"]


def delta(measures, **more):
    pair = {"phase": "delayed", "reference": "arterial", "measures": measures}
    return [pair | more]


def test_every_delineation_compares_its_own_features(tmp_path):
    radiomics = FEW_FEATURES | {
        "extraction": PLAIN,
        "perturbation": {"dilation_mm": 1.5},
        "delta": delta(["difference", "wash_in"]),
    }
    cohort = load_cohort(load_study(image_study(tmp_path, radiomics=radiomics)))
    table = radiomics_table(cohort)
    for each in (table.features, table.perturbed["dilation"]):
        one, two = (each[f"{phase}_original_firstorder_Mean"] for phase in ("arterial", "delayed"))
        assert np.array_equal(
            each["delta_delayed_minus_arterial_original_firstorder_Mean"], two - one
        )
        assert np.array_equal(
            each["delta_wash_in_arterial_to_delayed_original_firstorder_Mean"], (two - one) / one
        )
    assert table.references == {
        "delta_wash_in_arterial_to_delayed_original_firstorder_Mean": (
            "arterial_original_firstorder_Mean"
        )
    }
    # The phases' own features are as they are without it.
    path = edit_study(cohort.study.path, radiomics=radiomics | {"delta": []})
    before = radiomics_table(load_cohort(load_study(path))).features
    pd.testing.assert_frame_equal(table.features[list(before)], before)


def test_a_quotient_is_as_reproducible_as_its_denominator_at_most():
    random = np.random.default_rng(1)
    first = pd.DataFrame({"r": random.normal(10, 1, 30)})
    first["q"] = random.normal(0, 1, 30)
    again = first.assign(r=random.normal(10, 1, 30))
    table = RadiomicsTable(first, {"reader": again})
    assert reproducible_features(table, 0.75) == ["q"]
    table = RadiomicsTable(first, {"reader": again}, references={"q": "r"})
    assert reproducible_features(table, 0.75) == []
    smallest = feature_reproducibility(table)["smallest"]
    assert smallest["q"] == smallest["r"]


def told(study, level):
    problems = Problems()
    check_deltas(study, problems)
    return [str(problem) for problem in problems.of(level)]


@pytest.mark.parametrize(
    ("extraction", "pairs", "errors", "warnings"),
    [
        ({"normalise": True}, delta(["washout"]), ["washout of delayed and arterial divides"], []),
        ({"normalise": True}, delta(["ratio"]), ["ratio of delayed and arterial divides"], []),
        ({"normalise": True}, delta(["ratio"], features=["original_glcm_*"]), [], []),
        (
            {"normalise": True, "engine": "ibsi"},
            delta(["ratio"], features=["original_intensitymorphology_*"]),
            ["ratio of delayed and arterial divides"],
            [],
        ),
        ({"normalise": True}, delta(["difference"]), [], ["is no enhancement"]),
        (
            {"normalise": False},
            delta(["difference"], features=["original_shape_*", "origin_glcm_*"]),
            ["no feature of both delayed and arterial is called original_shape_*"],
            [],
        ),
        (
            {"normalise": False, "features": {"glcm": None}},
            delta(["difference"], features=["original_glcm_*", "wavelet_glcm_*"]),
            [],
            ["can be compared is called wavelet_glcm_*"],
        ),
        ({"normalise": False}, delta(["difference", "washout"]), [], []),
        (
            {"normalise": False, "features": {"glcm": None}},
            delta(["wash_in"]),
            ["wash_in is of the mean (original_firstorder_Mean), which is not extracted"],
            [],
        ),
    ],
)
def test_check_refuses_to_divide_what_has_no_zero(tmp_path, extraction, pairs, errors, warnings):
    radiomics = FEW_FEATURES | {"extraction": extraction, "delta": pairs}
    study = load_study(image_study(tmp_path, radiomics=radiomics))
    for level, expected in (("error", errors), ("warning", warnings)):
        found = told(study, level)
        assert len(found) == len(expected)
        assert all(words in text for words, text in zip(expected, found, strict=True))
        assert all("normalise: false" in text for text in found if "normalised" in text)


@pytest.mark.parametrize(
    ("intensity", "measures", "errors"),
    [
        ({"by": "mean_sd"}, ["ratio", "washout", "difference"], 2),
        ({}, ["wash_in"], 1),
        ({"by": "percentile"}, ["ratio", "washout", "difference"], 0),
    ],
)
def test_check_refuses_to_divide_by_a_scale_whose_zero_is_the_references_mean(
    tmp_path, intensity, measures, errors
):
    radiomics = FEW_FEATURES | {"extraction": PLAIN, "delta": delta(measures)}
    steps = {"intensity": {"method": "white_stripe"} | intensity}
    study = load_study(image_study(tmp_path, radiomics=radiomics, preprocessing=steps))
    found = told(study, "error")
    assert len(found) == errors
    assert all("by: percentile" in text and "normalised images" in text for text in found)
    # A difference needs one scale and no zero.
    assert told(study, "warning") == []


def test_matched_phases_have_a_scale_each(tmp_path):
    radiomics = FEW_FEATURES | {"extraction": PLAIN, "delta": delta(["ratio", "difference"])}
    steps = {"intensity": {"method": "nyul"}}
    study = load_study(image_study(tmp_path, radiomics=radiomics, preprocessing=steps))
    (error,) = told(study, "error")
    assert "zero at a mean or a percentile" in error
    assert "take method: organ with by: percentile" in error
    (warning,) = told(study, "warning")
    assert "the difference is no enhancement" in warning


def test_check_warns_of_phases_that_are_extracted_in_different_ways(tmp_path):
    path = image_study(
        tmp_path, radiomics=FEW_FEATURES | {"extraction": PLAIN, "delta": delta(["difference"])}
    )
    study = load_study(path)
    phases = {name: each.model_dump(exclude_unset=True) for name, each in study.phases.items()}
    phases["delayed"]["extraction"] = PLAIN | {"bin_count": 32}
    found = told(load_study(edit_study(path, phases=phases)), "warning")
    assert len(found) == 1
    assert "which are extracted otherwise (bin_count)" in found[0]


def test_features_of_a_table_are_compared_and_check_names_a_comparison_without_any(tmp_path):
    path = table_study(tmp_path)
    study = load_study(path)
    radiomics = study.radiomics.model_dump(mode="json", exclude_unset=True)
    radiomics["delta"] = delta(["difference", "ratio"], features=["original_*"])
    cohort = load_cohort(load_study(edit_study(path, radiomics=radiomics)))
    table = radiomics_table(cohort)
    names = [name for name in table.features if name.startswith("delta_")]
    assert len(names) == 4
    assert set(references_of(cohort.study, names)) == {name for name in names if "_over_" in name}
    radiomics["delta"] = delta(["difference"], features=["wavelet*"])
    study = load_study(edit_study(path, radiomics=radiomics))
    problems = Problems()
    features, _ = read_features(study, cohort.patients, Problems())
    check_deltas_of_table(study, list(features), problems)
    assert "no feature of both delayed and arterial is called wavelet*" in str(
        problems.of("error")[0]
    )
