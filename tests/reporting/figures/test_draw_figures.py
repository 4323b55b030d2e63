"""Figures draw the numbers that they are given, and only those."""

from contextlib import nullcontext

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.inputs.crops.example import Example
from analysis.reporting.figures import (
    draw_all,
    draw_forest,
    draw_kaplan_meier,
)
from analysis.reporting.figures.calibration import Detail, Histogram, draw_calibration
from analysis.reporting.figures.decision_curve import Claimed, draw_decision_curve
from analysis.reporting.figures.forest import Group, Row
from analysis.reporting.figures.kaplan_meier import censored_points
from analysis.reporting.figures.nomogram import Worked, draw_nomogram
from analysis.reporting.figures.phases import draw_phases
from analysis.reporting.figures.selection import draw_selection
from analysis.reporting.figures.stages import draw_stages
from analysis.reporting.figures.style import DOUBLE, SINGLE, colour, letter_panels, line, panels
from analysis.reporting.survival_name import survival_name
from analysis.results.nomogram import add_worked_patient
from analysis.results.record import Records
from models.declared import DECLARED
from tests.support.blank_figures import blank_figures
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study
from tests.support.manuscript_pages import OF_LIVER
from tests.support.printed_figures import faults_in_print

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


def test_decision_curves_are_drawn_at_every_fifth_threshold_over_the_claimed_ones():
    thresholds = np.arange(20, 83) / 100
    points = pd.DataFrame(
        {"model": "cr", "how": "validation", "threshold": thresholds, "net_benefit": 0.2}
    )
    for claimed, label in (
        (Claimed(0.4, 0.6), "Thresholds of the claim"),
        (Claimed(0.5, 0.5), "Threshold of the claim"),
    ):
        figure = draw_decision_curve(points, ["cr"], ["validation"], TEXT, claimed=claimed)
        (axis,) = figure.axes
        curve = next(each for each in axis.lines if each.get_label() == "CR")
        assert list(curve.get_xdata()) == pytest.approx([*np.arange(20, 81, 5) / 100, 0.82])
        assert label in axis.get_legend_handles_labels()[1]


def test_forest_prints_differences_with_n_auc_and_p():
    rows = [
        Row("CR", 0.1, -0.02, 0.22, 33, (0.75, 0.6, 0.86), 0.041),
        Row("RCR", 0.05, -0.1, 0.2),
    ]
    figure = draw_forest(
        [
            Group("Models", "dl", "DL minus the other", "AUC", rows),
            Group("Scores", "dl", "", "AUC alone", rows[:1]),
        ],
        0.9,
    )
    assert faults_in_print(figure) == []
    models, scores = figure.axes
    assert [text.get_text() for text in models.texts] == [
        "33",
        "0.750 (0.600–0.860)",
        "0.100 (−0.020 to 0.220)",
        ".04",
        "0.050 (−0.100 to 0.200)",
        "–",
        "n",
        "AUC (90% CI)",
        "Difference (90% CI)",
        "P",
    ]
    assert "AUC alone (90% CI)" in [text.get_text() for text in scores.texts]
    assert scores.get_title(loc="left") == "B   Scores"


def test_kaplan_meier_counts_those_at_risk_at_each_year():
    points = pd.DataFrame(
        {
            "group": "training: low risk",
            "time_months": [0.0, 6, 12, 20, 30],
            "survival": [1, 0.9, 0.9, 0.7, 0.6],
            "ci_low": 0.1,
            "ci_high": 0.9,
            "at_risk": [20, 20, 8, 6, 3],
        }
    )
    figure = draw_kaplan_meier(
        points, ["training"], TEXT, 24, "Relapse-free survival", {"training": "Hazard ratio, 2.00"}
    )
    (axis,) = figure.axes
    assert axis.get_xlim() == (0, 24)
    assert axis.get_ylabel() == "Relapse-free survival"
    assert [text.get_text() for text in axis.texts] == ["Number at risk", "Low", "20", "8", "3"]
    assert axis.get_legend().get_title().get_text() == "Hazard ratio, 2.00"
    # Fewer than five are at risk from 30 months: the step before is drawn to its end.
    assert list(axis.lines[0].get_xdata()) == [0, 6, 12, 20, 30]
    assert list(axis.lines[0].get_ydata()) == [1, 0.9, 0.9, 0.7, 0.7]


def test_censored_patients_are_those_who_left_without_the_event():
    curve = pd.DataFrame(
        {
            "time_months": [0.0, 6, 12, 20],
            # Of 10, two have the event at 6 months and one is censored there; one is censored at
            # 12; all six who are left have the event at 20.
            "survival": [1, 0.8, 0.8, 0.0],
            "at_risk": [10, 10, 7, 6],
        }
    )
    assert list(censored_points(curve)["time_months"]) == [6, 12]


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("early recurrence", "recurrence-free survival"),
        ("Death of any cause", "overall survival"),
        ("pathological response", "event-free survival"),
    ],
)
def test_survival_is_named_by_the_event(event, name):
    assert survival_name(event) == name


def test_a_nomogram_numbers_both_ends_and_no_two_numbers_that_meet():
    ticks = pd.DataFrame(
        [
            {"axis": "ast", "label": "AST", "tick": tick, "points": points}
            for tick, points in (("11.3", 0), ("20", 0.9), ("30", 30), ("128", 100))
        ]
        + [{"axis": "risk", "label": "Risk", "tick": "0.1", "total_points": 50.0}]
    )
    (axis,) = draw_nomogram(ticks, "relapse").axes
    written = [text.get_text() for text in axis.texts]
    assert written == ["AST", "11.3", "30", "128", "Risk of relapse", "0.1"]


def test_a_nomogram_marks_the_worked_patient():
    ticks = pd.DataFrame(
        [
            {"axis": "ast", "label": "AST", "tick": tick, "points": points}
            for tick, points in (("10", 0), ("40", 50), ("128", 100))
        ]
        + [
            {"axis": "total", "label": "Total points", "tick": "100", "total_points": 100.0},
            {"axis": "risk", "label": "Risk", "tick": "0.1", "total_points": 20.0},
            {"axis": "risk", "label": "Risk", "tick": "0.9", "total_points": 80.0},
        ]
    )
    records = Records()
    example = add_worked_patient(records, ticks)
    assert example.to_dict("records") == [{"axis": "ast", "tick": "40", "points": 50}]
    assert records.value("nomogram.example.points") == 50
    # Halfway between risks of 0.1 and 0.9 the log odds are zero.
    assert records.value("nomogram.example.risk") == pytest.approx(0.5)
    figure = draw_nomogram(ticks, "relapse", Worked({"ast": 50}, 50, "0.50"))
    (axis,) = figure.axes
    assert faults_in_print(figure) == []
    assert "50 points, risk 0.50" in [text.get_text() for text in axis.texts]
    dots = [line for line in axis.lines if line.get_marker() == "o"]
    assert [float(dot.get_xdata()[0]) for dot in dots] == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(("kind", "absent"), [(LIVER, set()), (SARCOMA, OF_LIVER)])
def test_every_figure_of_a_study_is_drawn(folders, kind, absent):
    folder = folders[kind.name]
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "of_an_earlier_run.png").write_bytes(b"old")
    # The other figures are written as files for the smaller study.
    with blank_figures(shown=OF_LIVER) if kind is LIVER else nullcontext():
        paths = draw_all(folder)
    assert {path.suffix for path in paths} == {
        ".svg",
        ".pdf",
        ".png",
        ".tiff",
    }  # vector for print and web, pixels for Word and submission systems
    assert {path.stem for path in paths} == {
        "roc",
        "roc_staging",
        "calibration",
        "calibration_models",
        "decision_curve",
        "decision_curve_models",
        "forest",
        "kaplan_meier",
        "cumulative_incidence",
        "stages",
        "nomogram",
        "flow_chart",
        "workflow",
        "graphical_abstract",
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
    assert [axis.get_ylabel() for axis in figure.axes[::2]] == [
        "Patient A\nWith relapse",
        "Patient B\nWithout relapse",
    ]
    for axis in figure.axes:
        (line,) = axis.collections[0].get_paths()
        assert line.get_extents().bounds == pytest.approx((11.5, 9.5, 16, 20))
    bar = figure.axes[1].lines[0].get_xdata()
    assert bar[1] - bar[0] == pytest.approx(20)  # ten millimetres at half a millimetre a pixel


def test_selection_shows_both_rules_and_the_coefficients_at_the_penalty_taken():
    deviance = pd.DataFrame(
        {
            "penalty": [0.1, 0.05, 0.01],
            "deviance": [1.3, 1.2, 1.1],
            "error": 0.1,
            "rule": [np.nan, "1se", "min"],
            "chosen": [False, False, True],
        }
    )
    path = pd.DataFrame(
        {
            "feature": ["a", "a", "b", "b", "c", "c"],
            "penalty": [0.1, 0.01] * 3,
            "coefficient": [0, 0.2, 0, -0.5, 0, 0.1],
            "chosen": 0.01,
            "selected": [True, True, True, True, False, False],
        }
    )
    left, right = draw_selection(deviance, path, str.upper).axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "Least deviance (taken)",
        "Within one SE of it",
    ]
    marked = [line.get_xdata()[0] for line in left.lines if line.get_label()[0] != "_"]
    assert marked == [0.01, 0.05]
    assert [label.get_text() for label in right.get_yticklabels()] == ["B", "A"]
    assert [bar.get_width() for bar in right.patches] == [-0.5, 0.2]


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
        points,
        ["cr"],
        ["validation"],
        TEXT,
        "cr",
        Detail(histogram=Histogram("cr", counts, "relapse")),
    ).axes
    assert [patch.get_height() for patch in histogram.patches] == [1, 5, -7, -2]
    assert [label.get_text() for label in histogram.get_yticklabels()] == ["7", "0", "7"]
    assert len(draw_calibration(points, ["cr"], ["validation"], TEXT, "cr").axes) == 1


def test_calibration_says_the_measures_and_groups_of_the_model():
    points = pd.DataFrame(columns=["model", "how", "predicted", "observed", "ci_low", "ci_high"])
    groups = pd.DataFrame(
        {
            "how": ["validation"] * 2,
            "predicted": [0.2, 0.8],
            "observed": [0.1, 0.7],
            "ci_low": [0.0, 0.4],
            "ci_high": [0.3, 0.9],
        }
    )
    detail = Detail(groups, {"validation": ["O:E 0.96", "Slope 0.87"]})
    (axis,) = draw_calibration(points, ["cr"], ["validation"], TEXT, "cr", detail).axes
    assert [text.get_text() for text in axis.texts] == ["O:E 0.96\nSlope 0.87"]
    dots = axis.containers[0].lines[0]
    assert list(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == [(0.2, 0.1), (0.8, 0.7)]


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (3, 1), (4, 2)])
def test_panels_stand_in_rows_of_three_under_their_letters(count, rows):
    figure, axes = panels(count, height=2.0, width=SINGLE if count == 1 else DOUBLE)
    assert figure.get_figheight() == 2.0 * rows
    assert len(axes) == count
    for axis in axes:
        axis.set_title("Validation", loc="left")
    letter_panels(axes)
    assert [axis.get_title(loc="left") for axis in axes] == (
        ["Validation"] if count == 1 else [f"{each}   Validation" for each in "ABCD"[:count]]
    )


def test_curves_by_stage_end_where_few_are_at_risk():
    points = pd.DataFrame(
        {
            "group": ["bclc: A"] * 4 + ["bclc: C"] * 2,
            "time_months": [0.0, 10.0, 20.0, 40.0, 0.0, 5.0],
            "survival": [1.0, 0.8, 0.6, 0.3, 1.0, 0.0],
            "at_risk": [9, 8, 5, 3, 2, 1],
        }
    )
    (axis,) = draw_stages(points, {"bclc": "BCLC"}, 24.0).axes
    whole, few = axis.get_lines()[:2]
    assert list(whole.get_xdata()) == [0, 10, 20, 40]
    assert min(whole.get_ydata()) == 0.6
    assert len(few.get_xdata()) == 0
    assert [each.get_text() for each in axis.get_legend().get_texts()] == ["A (9)", "C (2)"]
