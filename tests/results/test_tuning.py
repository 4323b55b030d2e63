"""What tuning tried, and what of the choice lay at an end of it."""

from __future__ import annotations

import pandas as pd

from analysis.results import keys
from analysis.results.record import Records
from analysis.results.tuning import _grid, add_tuning, at_edge

TUNING = pd.DataFrame(
    [
        ["radiomics_svm", "final", "C", "0.1", "0.1, 1, 10"],
        ["radiomics_svm", "outer_1", "C", "1", "0.1, 1, 10"],
        ["radiomics_knn", "final", "n_neighbors", "21", "9, 15, 21"],
        ["radiomics_knn", "outer_1", "n_neighbors", "9", "9, 15"],
        ["own", "final", "depth", "3", ""],
    ],
    columns=["model", "context", "parameter", "value", "grid"],
)


def test_only_grids_with_a_middle_have_an_edge():
    assert at_edge(TUNING).to_dict() == {0: True, 1: False, 2: True}


def test_chosen_values_at_an_edge_are_counted():
    records = Records()
    add_tuning(records, TUNING)
    found = records.get(keys.tuning_edge_n())
    assert (found.value, found.n) == (2, 3)
    assert records.get(keys.tuning_contexts_n()).value == 2


def test_the_grid_is_that_of_the_patients_of_the_smallest_part():
    assert _grid("radiomics_knn", 30, 3) == {"n_neighbors": [9, 15]}
    assert _grid("radiomics_knn", 30, 0) == {}
    assert _grid("resnet18", 30, 3) == {}
