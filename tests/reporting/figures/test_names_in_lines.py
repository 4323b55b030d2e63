"""Long names of variables break into lines, and a figure keeps its panel beside them."""

import pandas as pd
import pytest

from analysis.reporting.figures.names_in_lines import name_in_lines
from analysis.reporting.figures.number_shifts import draw_moves
from analysis.reporting.figures.shap_values import draw_shap
from tests.support.printed_figures import faults_in_print


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Tumour diameter (cm)", "Tumour diameter (cm)"),
        (
            "t1_wavelet-HLH_glrlm_GrayLevelNonUniformityNormalized",
            "t1_wavelet-HLH_glrlm_\nGrayLevelNonUniformityNormalized",
        ),
        (
            "Gamma-glutamyl transferase to lymphocyte ratio",
            "Gamma-glutamyl transferase to\nlymphocyte ratio",
        ),
        ("Pneumonoultramicroscopicsilicovolcanoconiosis", None),
        ("", ""),
    ],
)
def test_a_name_breaks_where_its_words_end(name, lines):
    shown = name_in_lines(name)
    assert shown == (name if lines is None else lines)
    assert "".join(shown.split()) == "".join(name.split())


@pytest.mark.parametrize("models", [["radiomics"], ["radiomics", "rcr"]])
def test_shap_values_of_long_names_keep_their_panels(models):
    names = [
        f"portal_venous_log-sigma-3-mm-3D_glszm_SmallAreaLowGrayLevelEmphasis{i}" for i in "ABC"
    ]
    points = pd.DataFrame(
        {"model": model, "patient_id": f"P{i}", "variable": name, "value": i, "shap": i / 10 - 0.2}
        for model in models
        for name in names
        for i in range(5)
    )
    figure = draw_shap(points, dict.fromkeys(models, names), {model: model for model in models}, {})
    assert faults_in_print(figure) == []
    panels = figure.axes[: len(models)]
    widths = [25.4 * figure.get_figwidth() * panel.get_position().width for panel in panels]
    assert all(width > 20 for width in widths), widths


def test_shifts_of_numbers_with_long_names_stand_below_each_other():
    name = (
        "Balanced accuracy at the cut-off, Radiomics, logistic regression, Training, apparent,"
        " neutrophil-to-lymphocyte ratio (NLR)"
    )
    rows = [{"label": f"{name} {number}", "shift": number / 5 - 1} for number in range(10)]
    assert faults_in_print(draw_moves(rows)) == []
