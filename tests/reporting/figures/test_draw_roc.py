"""ROC curves draw the areas, points and bands that they are given."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.reporting.figures import (
    draw_roc,
)
from analysis.reporting.figures.roc import NO_BREAK, Area, Band, Marks, OperatingPoint, Panel
from tests.support.printed_figures import faults_in_print

POINTS = pd.DataFrame(
    {
        "model": ["cr", "cr", "dl", "dl"],
        "how": "validation",
        "false_positive_rate": [0, 1, 0, 1],
        "true_positive_rate": [0, 1, 0.5, 1],
    }
)


BAND = pd.DataFrame(
    {
        "how": ["validation", "validation", "training"],
        "false_positive_rate": [0, 1, 1],
        "ci_low": [0.25, 0.9, 0.0],
        "ci_high": [0.5, 1.0, 1.0],
    }
)


TEXT = {"cr": "CR", "dl": "DL", "validation": "Validation", "training": "Training"}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_roc_prints_the_given_areas_and_keeps_its_axes_equal():
    figure = draw_roc(
        POINTS,
        [Panel("Validation", ["cr", "dl"], "validation")],
        TEXT,
        {
            ("cr", "validation"): Area(0.5, level=0.9),
            ("dl", "validation"): Area(0.7512, 0.61, 0.8499),
        },
        Marks(
            [OperatingPoint("dl", "validation", 0.75, 0.5), OperatingPoint("dl", "training", 1, 1)],
            Band("dl", BAND),
        ),
    )
    (axis,) = figure.axes
    legend = axis.get_legend()
    assert legend.get_title().get_text() == "AUC (90% CI)"
    assert [text.get_text() for text in legend.get_texts()] == [
        "CR, 0.500",
        f"DL, 0.751{NO_BREAK}(0.610–0.850)",
    ]
    assert [tuple(axis.lines[2].get_xdata()), tuple(axis.lines[2].get_ydata())] == [(0.5,), (0.75,)]
    assert axis.get_aspect() == 1
    assert axis.get_xlim() == axis.get_ylim() == (0, 1)
    (shade,) = axis.collections
    assert shade.get_datalim(axis.transData).bounds == pytest.approx((0, 0.25, 1, 0.75))
    assert list(axis.lines[1].get_ydata()) == [0.5, 1]


def test_a_model_without_a_curve_is_left_out():
    figure = draw_roc(
        POINTS[POINTS["model"] == "dl"],
        [Panel("Validation", ["cr", "dl"], "validation")],
        TEXT,
        {("dl", "validation"): Area(0.75)},
    )
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["DL, 0.750"]


def test_long_names_in_narrow_panels_break_into_lines_below_them():
    hows = ("training", "validation", "hospital_b")
    points = pd.concat([POINTS.assign(how=how) for how in hows])
    labels = {"cr": "Prognostic nutritional index (PNI)", "dl": "Neutrophil-to-lymphocyte ratio"}
    areas = {(model, how): Area(0.675, 0.424, 0.855) for model in labels for how in hows}
    figure = draw_roc(points, [Panel(how, list(labels), how) for how in hows], labels, areas)
    assert faults_in_print(figure) == []
    for axis in figure.axes:
        panel, legend = axis.get_window_extent(), axis.get_legend().get_window_extent()
        assert legend.y1 < panel.y0
        assert panel.width > 0.75 * figure.bbox.width / len(hows)
        assert f"Prognostic nutritional index (PNI),\n0.675{NO_BREAK}(0.424–0.855)" in [
            text.get_text() for text in axis.get_legend().get_texts()
        ]
