"""One prediction a patient, model, way of judging and repeat of the folds; a second is refused,
repeats are not."""

import pandas as pd
import pytest

from analysis.training import Predictions

ROWS = pd.DataFrame(
    {
        "patient_id": ["A", "B"],
        "model": "cr",
        "how": "out_of_fold",
        "repeat": 1,
        "score": [0.2, 0.4],
    }
)


def test_repeats_of_the_folds_are_rows_of_their_own():
    both = pd.concat([ROWS, ROWS.assign(repeat=2)])
    assert len(Predictions(both).table) == 4


@pytest.mark.parametrize("rows", [ROWS, ROWS.drop(columns="repeat")])
def test_a_second_row_is_refused_with_its_patient(rows):
    with pytest.raises(ValueError, match="2 row.*patient A, model 'cr', out_of_fold"):
        Predictions(pd.concat([rows, rows]))
