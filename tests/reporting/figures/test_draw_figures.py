"""Figures draw the numbers that they are given, and only those."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.inputs.crops.example import Example
from analysis.reporting.figures import (
    draw_all,
    draw_flow_chart,
    draw_forest,
    draw_kaplan_meier,
    draw_roc,
)
from analysis.reporting.figures.calibration import Histogram, draw_calibration
from analysis.reporting.figures.phases import draw_phases
from analysis.reporting.figures.selection import LINES, OTHER, draw_selection
from analysis.reporting.figures.style import PAGE, colour, line, panels
from models.declared import DECLARED
from tests.support.fake_results import LIVER, SARCOMA, write_fake_study

POINTS = pd.DataFrame(
    {
        "model": ["cr", "cr", "dl", "dl"],
        "how": "validation",
        "false_positive_rate": [0, 1, 0, 1],
        "true_positive_rate": [0, 1, 0.5, 1],
    }
)
TEXT = {"cr": "CR", "dl": "DL", "validation": "Validation", "training": "Training"}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {
        kind.name: write_fake_study(kind, tmp_path_factory.mktemp(kind.name)).parent / "outputs"
        for kind in (LIVER, SARCOMA)
    }


def test_roc_prints_the_given_areas_and_keeps_its_axes_equal():
    figure = draw_roc(
        POINTS,
        ["cr", "dl"],
        ["validation"],
        TEXT,
        {("cr", "validation"): 0.5, ("dl", "validation"): 0.7512},
    )
    (axis,) = figure.axes
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["CR, 0.500", "DL, 0.751"]
    assert axis.get_aspect() == 1
    assert axis.get_xlim() == axis.get_ylim() == (0, 1)
    assert list(axis.lines[1].get_ydata()) == [0.5, 1]


def test_a_model_without_a_curve_is_left_out():
    figure = draw_roc(
        POINTS[POINTS["model"] == "dl"],
        ["cr", "dl"],
        ["validation"],
        TEXT,
        {("dl", "validation"): 0.75},
    )
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["DL, 0.750"]


@pytest.mark.parametrize(
    "models",
    [
        ("cr", "radiomics", "dl", "rcr", "dlrcr"),
        (
            "radiomics_logistic",
            "radiomics_svm",
            "radiomics_knn",
            "radiomics_xgboost",
            "radiomics_mlp",
        ),
        ("resnet18", "resnet34", "resnet50"),
    ],
)
def test_models_of_one_figure_differ_in_colour(models):
    assert len({colour(model) for model in models}) == len(models)
    assert all(line(model)["color"] == DECLARED[model].colour for model in models)
    assert len({str(line(model)["linestyle"]) for model in models}) > 1


def test_forest_prints_differences_with_their_intervals():
    figure = draw_forest(
        [{"label": "CR", "difference": 0.1, "ci_low": -0.02, "ci_high": 0.22}], "dl", "DL", 0.9
    )
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "0.100 (−0.020 to 0.220)" in texts
    assert "Difference (90% CI)" in texts


def test_flow_chart_draws_unknown_outcomes_only_where_there_are_some():
    counts = {"n": 10, "labelled": 8, "unknown": 2} | {
        f"{cohort}.{name}": 4
        for cohort in ("training", "validation")
        for name in ("n", "events", "non_events")
    }
    texts = " ".join(
        text.get_text() for text in draw_flow_chart(counts, "lung metastasis").axes[0].texts
    )
    assert "unknown, n = 2" in texts
    assert "Lung metastasis: 4" in texts
    assert "No lung metastasis: 4" in texts
    assert "unknown" not in " ".join(
        text.get_text()
        for text in draw_flow_chart(counts | {"unknown": 0}, "relapse").axes[0].texts
    )


def test_kaplan_meier_counts_those_at_risk_at_each_year():
    points = pd.DataFrame(
        {
            "group": "training: low risk",
            "time_months": [0.0, 6, 12, 20, 30],
            "survival": [1, 0.9, 0.8, 0.7, 0.6],
            "ci_low": 0.1,
            "ci_high": 0.9,
            "at_risk": [5, 5, 4, 2, 1],
        }
    )
    (axis,) = draw_kaplan_meier(points, ["training"], TEXT, 24).axes
    assert axis.get_xlim() == (0, 24)
    assert [text.get_text() for text in axis.texts] == ["Low", "5", "4", "1", "Number at risk"]


@pytest.mark.parametrize(
    ("kind", "absent"),
    [
        (LIVER, set()),
        (SARCOMA, {"kaplan_meier", "cumulative_incidence", "stages", "added_value", "nomogram"}),
    ],
)
def test_every_figure_of_a_study_is_drawn(folders, kind, absent):
    folder = folders[kind.name]
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "of_an_earlier_run.png").write_bytes(b"old")
    paths = draw_all(folder)
    assert {path.suffix for path in paths} == {
        ".svg",
        ".png",
    }  # vector for print and web, pixels for Word
    assert {path.stem for path in paths} == {
        "roc",
        "roc_radiomics",
        "roc_resnet",
        "calibration",
        "decision_curve",
        "forest",
        "kaplan_meier",
        "cumulative_incidence",
        "stages",
        "added_value",
        "nomogram",
        "flow_chart",
    } - absent
    assert {path.name for path in (folder / "figures").iterdir()} == {path.name for path in paths}
    if kind is SARCOMA:  # the smaller one: the same numbers give the same files
        first = {path: path.read_bytes() for path in paths}
        assert {path: path.read_bytes() for path in draw_all(folder)} == first


def test_the_outline_of_the_mask_is_drawn_over_each_phase_of_each_patient():
    rng = np.random.default_rng(1)
    mask = np.zeros((40, 40), dtype=np.uint8)
    mask[10:30, 12:28] = 1
    figure = draw_phases(
        [
            Example(rng.random((2, 40, 40)), mask, 0.5, group)
            for group in ("With relapse", "Without relapse")
        ],
        ["arterial", "portal venous"],
    )
    assert [axis.get_title(loc="left") for axis in figure.axes] == [
        "Arterial",
        "Portal venous",
        "",
        "",
    ]
    assert [axis.get_ylabel() for axis in figure.axes[::2]] == ["With relapse", "Without relapse"]
    for axis in figure.axes:
        (line,) = axis.collections[0].get_paths()
        assert line.get_extents().bounds == pytest.approx((11.5, 9.5, 16, 20))
    bar = figure.axes[1].lines[0].get_xdata()
    assert bar[1] - bar[0] == pytest.approx(20)  # ten millimetres at half a millimetre a pixel


def test_selection_counts_what_each_step_left_and_marks_the_penalty():
    steps = pd.DataFrame({"step": ["extracted", "selected by LASSO"], "features": [3111, 1]})
    path = pd.DataFrame(
        {
            "feature": ["a", "a", "b", "b"],
            "penalty": [0.1, 0.01] * 2,
            "coefficient": [0, 0.5, 0, 0.1],
            "chosen": 0.05,
            "selected": [True, True, False, False],
        }
    )
    bars, lines = draw_selection(steps, path).axes
    assert [text.get_text() for text in bars.texts] == ["3111", "1"]
    assert bars.get_xscale() == "log"
    assert [line.get_color() for line in lines.lines[:2]] == [OTHER, LINES[0]]
    assert list(lines.lines[2].get_xdata()) == [0.05, 0.05]
    assert len(draw_selection(steps, None).axes) == 1
    for axis in (bars, lines):
        axis.figure.canvas.draw()
        shown = [tick.label1.get_text() for tick in axis.xaxis.get_major_ticks()]
        assert shown
        assert all(float(text) > 0 for text in shown)


def test_calibration_counts_patients_below_the_curves():
    points = pd.DataFrame(
        {
            "model": "cr",
            "how": "validation",
            "predicted": [0.1, 0.9],
            "observed": [0.2, 0.8],
            "ci_low": 0.0,
            "ci_high": 1.0,
        }
    )
    counts = pd.DataFrame(
        {
            "how": "validation",
            "low": [0.0, 0.5] * 2,
            "high": [0.5, 1.0] * 2,
            "event": [0, 0, 1, 1],
            "patients": [7, 2, 1, 5],
        }
    )
    _curves, histogram = draw_calibration(
        points, ["cr"], ["validation"], TEXT, "cr", Histogram("cr", counts, "relapse")
    ).axes
    assert [patch.get_height() for patch in histogram.patches] == [1, 5, -7, -2]
    assert [label.get_text() for label in histogram.get_yticklabels()] == ["7", "0", "7"]
    assert len(draw_calibration(points, ["cr"], ["validation"], TEXT, "cr").axes) == 1


def test_no_figure_is_wider_than_a_page():
    assert all(panels(count)[0].get_figwidth() <= PAGE + 1e-9 for count in (1, 2, 3, 4))
    assert panels(1, width=12)[0].get_figwidth() <= PAGE
