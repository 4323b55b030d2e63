"""Explained values are those that were scored."""

import numpy as np

from analysis.results.explanation import _folds
from tests.support.new_centre import new_centre_training


def test_values_of_a_new_centre_are_harmonised_by_all_its_patients_who_were_scored(tmp_path):
    """Those without a label are not explained, and yet the centre was learnt from them too."""
    cohort, training = new_centre_training(tmp_path)
    outer = list(training.fitted.scores.contexts.values())
    folds = list(_folds(cohort, training, outer))
    assert len(folds) == 3
    for fold in folds:
        assert not fold.label.isna().any()
        np.testing.assert_allclose(
            fold.fit.model.probability_of(fold.score.to_numpy()),
            fold.fit.scores[fold.score.index],
            rtol=0,
            atol=1e-12,
        )
