"""Scores that grade nobody: the numerals of their names are bound to the table that names them."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.manuscript import open_results
from analysis.reporting.tables.staging import ungraded
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study


def test_a_numeral_of_a_scores_name_is_bound(tmp_path):
    path = write_fake_study(LIVER, tmp_path)
    table = tmp_path / "outputs" / "tables" / "scores.csv"
    scores = pd.read_csv(table).assign(label="AJCC TNM, 8th edition", n_evaluable=0)
    scores.to_csv(table, index=False)
    named = ungraded(open_results(path, links=True))
    assert len(named) == len(scores)
    assert named[0] == '[AJCC TNM, 8th edition]{.stated key="tables/scores.csv"}'
    scores.assign(label="Okuda").to_csv(table, index=False)
    assert ungraded(open_results(path, links=True))[0] == "Okuda"
