"""Levels stand in their own order: of a score, of the dictionary, and numbers within names as
numbers."""

import pandas as pd

from analysis.results.curves import stage_points, survival_points
from analysis.results.scores import _levels
from analysis.statistics import level_order
from models.staging import SCORES


def test_order_of_names():
    assert level_order(["10", "9", "2"]) == ["2", "9", "10"]
    assert level_order([10, 2, 9.5]) == [
        2,
        9.5,
        10,
    ]
    assert level_order(["T10", "T2", "N1"]) == ["N1", "T2", "T10"]
    assert level_order(["severe", "mild", "odd"], ["mild", "moderate", "severe"]) == [
        "mild",
        "severe",
        "odd",
    ]


def test_levels_of_a_system_stand_from_the_best_to_the_worst():
    """By alphabet IIIa would stand before Ib, and 10 points before 2."""
    words = SCORES["cnlc"].levels
    ranks = pd.Series([4, 1, 0, None, 6, 2, 3, 5], dtype=float)
    assert _levels(ranks, words).cat.categories.tolist() == list(words)
    assert _levels(ranks, words).tolist()[:3] == ["IIIa", "Ib", "Ia"]
    assert _levels(pd.Series([10.0, 2, None, 9]), None).cat.categories.tolist() == ["2", "9", "10"]


def test_curves_of_stages_are_in_that_order():
    from types import SimpleNamespace

    outcome = pd.DataFrame(
        {
            "time_months": [5.0, 9, 3, 7, 4, 6],
            "event_type": [
                "recurrence",
                "censored",
                "death",
                "recurrence",
                "censored",
                "recurrence",
            ],
        },
        index=list("abcdef"),
    )
    levels = pd.DataFrame(
        {
            "cnlc": _levels(
                pd.Series([4.0, 1, 0, 1, 4, 0], index=outcome.index), SCORES["cnlc"].levels
            ),
            "points": _levels(pd.Series([10.0, 2, 2, 9, 10, None], index=outcome.index), None),
        }
    )
    points = stage_points(SimpleNamespace(outcome=outcome), levels)
    assert list(dict.fromkeys(points["group"])) == [
        "cnlc: Ia",
        "cnlc: Ib",
        "cnlc: IIIa",
        "points: 2",
        "points: 9",
        "points: 10",
    ]
    assert points.loc[points["group"] == "points: 9", "at_risk"].iloc[0] == 1
    plain = survival_points(
        outcome["time_months"],
        outcome["event_type"].ne("censored").astype(int),
        pd.Series(["10", "2", "10", "2", None, "2"], index=outcome.index),
    )
    assert list(dict.fromkeys(plain["group"])) == ["2", "10"]


def test_the_figure_has_the_worse_level_darker(monkeypatch):
    import matplotlib

    from analysis.reporting.figures.stages import draw_stages

    points = pd.DataFrame(
        [
            (f"cnlc: {level}", time, survival, 5)
            for level in ("Ia", "Ib", "IIIa")
            for time, survival in ((0, 1.0), (12, 0.5))
        ],
        columns=["group", "time_months", "survival", "at_risk"],
    )
    lines = draw_stages(points, {}, None).axes[0].get_lines()
    brightness = [sum(matplotlib.colors.to_rgb(line.get_color())) for line in lines]
    assert [line.get_label().split()[0] for line in lines] == [
        "Ia",
        "Ib",
        "IIIa",
    ]
    assert brightness == sorted(brightness, reverse=True)
