"""Figures draw the numbers that they are given, and only those."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.figures import draw_all, draw_flow_chart, draw_forest, draw_kaplan_meier, draw_roc
from analysis.figures.style import COLOURS, DASHES, colour, line
from tests.fake_results import LIVER, SARCOMA, write_fake_study

POINTS = pd.DataFrame({"model": ["cr", "cr", "dl", "dl"], "how": "validation", "false_positive_rate": [0, 1, 0, 1], "true_positive_rate": [0, 1, 0.5, 1]})
TEXT = {"cr": "CR", "dl": "DL", "validation": "Validation", "training": "Training"}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind.name: write_fake_study(kind, tmp_path_factory.mktemp(kind.name)).parent / "outputs" for kind in (LIVER, SARCOMA)}


def test_roc_prints_the_given_areas_and_keeps_its_axes_equal():
    figure = draw_roc(POINTS, ["cr", "dl"], ["validation"], TEXT, {("cr", "validation"): 0.5, ("dl", "validation"): 0.7512})
    axis, = figure.axes
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["CR, 0.500", "DL, 0.751"]
    assert axis.get_aspect() == 1 and axis.get_xlim() == axis.get_ylim() == (0, 1)
    assert list(axis.lines[1].get_ydata()) == [0.5, 1]


def test_a_model_without_a_curve_is_left_out():
    figure = draw_roc(POINTS[POINTS["model"] == "dl"], ["cr", "dl"], ["validation"], TEXT, {("dl", "validation"): 0.75})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["DL, 0.750"]


@pytest.mark.parametrize("models", [("cr", "radiomics", "dl", "rcr", "dlrcr"), ("radiomics_logistic", "radiomics_svm", "radiomics_knn", "radiomics_xgboost", "radiomics_mlp"), ("resnet18", "resnet34", "resnet50")])
def test_models_of_one_figure_differ_in_colour(models):
    assert len({colour(model) for model in models}) == len(models)
    assert all(line(model)["color"] == COLOURS[model] for model in models)
    assert len({str(DASHES.get(model, "-")) for model in models}) > 1


def test_forest_prints_differences_with_their_intervals():
    figure = draw_forest([{"label": "CR", "difference": 0.1, "ci_low": -0.02, "ci_high": 0.22}], "dl", "DL", 0.9)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "0.100 (−0.020 to 0.220)" in texts and "Difference (90% CI)" in texts


def test_flow_chart_draws_unknown_outcomes_only_where_there_are_some():
    counts = {"n": 10, "labelled": 8, "unknown": 2} | {f"{cohort}.{name}": 4 for cohort in ("training", "validation") for name in ("n", "events", "non_events")}
    texts = " ".join(text.get_text() for text in draw_flow_chart(counts, "lung metastasis").axes[0].texts)
    assert "unknown, n = 2" in texts and "Lung metastasis: 4" in texts and "No lung metastasis: 4" in texts
    assert "unknown" not in " ".join(text.get_text() for text in draw_flow_chart(counts | {"unknown": 0}, "relapse").axes[0].texts)


def test_kaplan_meier_counts_those_at_risk_at_each_year():
    points = pd.DataFrame({"group": "training: low risk", "time_months": [0.0, 6, 12, 20, 30], "survival": [1, 0.9, 0.8, 0.7, 0.6], "ci_low": 0.1, "ci_high": 0.9, "at_risk": [5, 5, 4, 2, 1]})
    axis, = draw_kaplan_meier(points, ["training"], TEXT, 24).axes
    assert axis.get_xlim() == (0, 24)
    assert [text.get_text() for text in axis.texts] == ["Low", "5", "4", "1", "Number at risk"]


@pytest.mark.parametrize(("kind", "absent"), [(LIVER, set()), (SARCOMA, {"kaplan_meier", "cumulative_incidence", "stages", "added_value", "nomogram"})])
def test_every_figure_of_a_study_is_drawn(folders, kind, absent):
    folder = folders[kind.name]
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "of_an_earlier_run.png").write_bytes(b"old")
    paths = draw_all(folder)
    assert {path.suffix for path in paths} == {".svg", ".png"}  # vector for print and web, pixels for Word
    assert {path.stem for path in paths} == {"roc", "roc_radiomics", "roc_resnet", "calibration", "decision_curve", "forest", "kaplan_meier", "cumulative_incidence", "stages", "added_value", "nomogram", "flow_chart"} - absent
    assert {path.name for path in (folder / "figures").iterdir()} == {path.name for path in paths}
    if kind is SARCOMA:  # the smaller one: the same numbers give the same files
        first = {path: path.read_bytes() for path in paths}
        assert {path: path.read_bytes() for path in draw_all(folder)} == first
