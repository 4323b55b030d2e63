"""What a guard finds, and a split that was changed, stand on the first page; a clean study's first
page is silent."""

import numpy as np

from analysis.study import load_study
from tests.support.blank_figures import run_with_blank_figures
from tests.support.documents import rendered
from tests.support.small_cohort import clinical_study, edit_study, edit_table

FAILED, CHANGED = (
    "A check for data leakage failed",
    "The split was changed after the validation cohort had been evaluated",
)


def _first_page(path, monkeypatch, capsys):
    run_with_blank_figures(load_study(path))
    return rendered(path, monkeypatch, capsys).split("# Methods")[0]


def _late(frame):
    """AST as it was measured after the outcome."""
    event = (frame["event_type"] == "recurrence").to_numpy()
    return frame.assign(
        ast=np.round(30 + 90 * event + np.random.default_rng(0).normal(0, 8, len(frame)))
        .astype(int)
        .astype(str)
    )


def test_the_first_page_tells_a_late_predictor_and_a_split_drawn_again(
    tmp_path, monkeypatch, capsys
):
    path = clinical_study(tmp_path, split={"validation_fraction": 0.25, "seed": 1})
    text = _first_page(path, monkeypatch, capsys)
    assert FAILED not in text
    assert CHANGED not in text
    edit_table(path, _late)
    edit_study(path, split={"validation_fraction": 0.25, "seed": 2})
    text = _first_page(path, monkeypatch, capsys)
    assert FAILED in text
    assert "A single column that tells the outcome (AST)" in text
    assert CHANGED in text
