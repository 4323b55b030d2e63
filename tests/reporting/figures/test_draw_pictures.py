"""Figures of images: every picture that is named is drawn, with its outcome, its tumour and its
heat."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.reporting.figures.gallery import draw_gallery
from analysis.reporting.figures.grad_cam import draw_grad_cam
from analysis.reporting.figures.training_curves import draw_training_curves
from analysis.results.pictures import grey, pixels, reference_slice


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def _shown(count):
    random = np.random.default_rng(0)
    tumour = np.zeros((12, 12), int)
    tumour[4:8, 4:8] = 1
    frames = [
        pixels(
            number,
            random.standard_normal((2, 12, 12)),
            ["arterial", "portal_venous"],
            {"heat": 100 * tumour, "tumour": tumour},
        )
        for number in range(1, count + 1)
    ]
    patients = pd.DataFrame(
        {
            "picture": range(1, count + 1),
            "patient_id": [f"P{number}" for number in range(1, count + 1)],
            "label": [number % 2 for number in range(count)],
            "probability": 0.25,
        }
    )
    return pd.concat(frames, ignore_index=True), patients


def test_pixels_come_back_as_they_went():
    frame, _ = _shown(2)
    picture = np.random.default_rng(0).standard_normal((2, 12, 12))[1]
    from analysis.reporting.figures.pictures import layer

    assert np.array_equal(layer(frame[frame["picture"] == 1], "phase.portal_venous"), grey(picture))
    assert grey(picture).min() == 0
    assert grey(picture).max() == 255
    assert (grey(np.ones((3, 3))) == 0).all()
    assert [reference_slice(slices) for slices in (1, 2, 3, 5, 8)] == [0, 1, 1, 2, 4]


def test_grad_cam_has_a_row_a_phase_and_one_with_the_map():
    frame, patients = _shown(3)
    figure = draw_grad_cam(frame, patients, "early recurrence")
    pictured = [axis for axis in figure.axes if axis.images]
    assert len(pictured) == 3 * 3
    assert [len(axis.images) for axis in pictured] == [1] * 6 + [2] * 3
    assert [axis.get_ylabel() for axis in pictured if axis.get_ylabel()] == [
        "arterial",
        "portal venous",
        "Grad-CAM",
    ]
    titles = [axis.get_title().split("\n") for axis in pictured if axis.get_title()]
    assert titles[1] == ["Patient B", "early recurrence", "probability 0.25"]
    assert titles[0][1] == "no early recurrence"
    assert pictured[-1].images[1].get_array().max() == 1


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 2, 1), (6, 2, 6), (8, 4, 6)])
def test_the_gallery_shows_all_in_blocks_of_six(count, rows, columns):
    figure = draw_gallery(*_shown(count), "relapse")
    assert len(figure.axes) == rows * columns
    assert sum(bool(axis.images) for axis in figure.axes) == 2 * count
    assert [axis.get_title().split("\n")[0] for axis in figure.axes if axis.get_title()] == [
        f"Patient {letter}" for letter in "ABCDEFGH"[:count]
    ]


@pytest.mark.parametrize("held", [True, False])
def test_training_curves_mark_the_epoch_taken(held):
    rows = [
        (
            "resnet18",
            context,
            member,
            epoch,
            1 / epoch,
            0.5 + epoch / 10 if held else np.nan,
            epoch == 2,
        )
        for context in ("final", "outer_1")
        for member in (1, 2)
        for epoch in (1, 2, 3)
    ]
    points = pd.DataFrame(
        rows, columns=["model", "context", "member", "epoch", "loss", "held_out_loss", "kept"]
    )
    (axis,) = draw_training_curves(points, {"resnet18": "ResNet-18"}).axes
    assert len([line for line in axis.lines if len(line.get_xdata()) == 3]) == (8 if held else 4)
    assert [list(each.get_offsets()[0]) for each in axis.collections] == (
        [[2.0, 0.7]] * 2 if held else []
    )
