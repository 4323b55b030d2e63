"""Contact sheets show every patient once, page after page; the figure of ICCs has a panel a
delineation."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.reporting.figures.contact_sheet import PAGE, WARNED, contact_sheets
from analysis.reporting.figures.feature_icc import draw_feature_icc
from analysis.results.quality import pack


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def _thumbnails(patients: int) -> pd.DataFrame:
    side = 8
    inner = np.zeros((side, side), np.uint8)
    inner[2:6, 2:6] = 1
    return pd.DataFrame(
        [
            {
                "patient_id": f"P{number:03d}",
                "cohort": "training" if number else "validation",
                "warned": number == 3,
                "side": side,
                "grey": pack(40 * inner + number % 200),
                "mask": pack(inner),
            }
            for number in range(patients)
        ]
    )


def test_every_patient_is_on_one_page():
    sheets = contact_sheets(_thumbnails(PAGE + 6))
    assert list(sheets) == [
        "contact_sheet_validation",
        "contact_sheet_training",
        "contact_sheet_training_2",
    ]
    named = [text.get_text() for figure in sheets.values() for text in figure.axes[0].texts]
    assert sorted(named) == [f"P{number:03d}" for number in range(PAGE + 6)]
    first = sheets["contact_sheet_training"].axes[0]
    assert len(first.patches) == 1
    assert [text.get_text() for text in first.texts if text.get_color() == WARNED] == ["P003"]
    sheet = first.images[0].get_array()
    # The first training patient, inside and outside of its tumour, right of half the space between.
    assert {sheet[3, 4], sheet[0, 1]} == {41, 1}


def test_regions_are_dashed_and_named():
    from matplotlib.colors import to_hex

    from analysis.reporting.figures.phases import REGIONS

    thumbnails = _thumbnails(5)
    ring = np.zeros((8, 8), np.uint8)
    ring[1:7, 1:7] = 1
    ring[2:6, 2:6] = 0
    thumbnails["region_ring"] = pack(ring)
    words = {"ring": "peritumoral ring", "core": "core that was not pictured"}
    plain = contact_sheets(thumbnails)["contact_sheet_training"]
    assert not plain.legends
    (legend,) = contact_sheets(thumbnails, words)["contact_sheet_training"].legends
    assert [text.get_text() for text in legend.get_texts()] == ["peritumoral ring"]
    sheet = contact_sheets(thumbnails, words)["contact_sheet_training"].axes[0]
    colours = {to_hex(each.get_edgecolor()[0]).upper() for each in sheet.collections}
    assert colours == {REGIONS[0], "#FFD400"}


def test_icc_panels():
    random = np.random.default_rng(0)
    points = pd.DataFrame(
        [
            {"class": name, "delineation": delineation, "icc": icc, "ci_low": icc - 0.3, "n": 30}
            for name in ("shape", "glcm")
            for delineation in ("a", "reader_2", "c", "d")
            for icc in [*random.uniform(0.3, 1, 9), np.nan, -0.7]
        ]
    )
    figure = draw_feature_icc(points, 0.75)
    titles = [
        axis.get_title(loc="left") or axis.get_title() for axis in figure.axes if axis.has_data()
    ]
    assert titles == [
        f"{letter}   {name} (n = 30)"
        for letter, name in zip("ABCD", ("a", "reader 2", "c", "d"), strict=True)
    ]
    for axis in figure.axes[:4]:
        assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["Shape", "GLCM"]
        assert sum(len(each.get_offsets()) for each in axis.collections) == 20
        assert axis.get_xlim()[0] < -0.05
