"""Explained values are those that were scored."""

from unittest.mock import patch

import numpy as np
import shap
from scipy.special import expit
from shap.utils import _masked_model

from analysis.results.explanation import _explain, _folds, _interpreted
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
    compiled, used = _masked_model._build_fixed_single_output, []
    with patch.object(
        _masked_model,
        "_build_fixed_output",
        side_effect=lambda *_: used.append(_masked_model._build_fixed_single_output),
    ):
        _explain(folds[0], 0)
    # Nothing is compiled for a few patients.
    assert set(used) == {compiled.py_func}


def test_shap_values_are_those_of_the_compiled_loop():
    random = np.random.default_rng(0)
    weights, background = random.normal(size=3), random.normal(size=(10, 3))
    patients, compiled = random.normal(size=(5, 3)), _masked_model._build_fixed_single_output

    def explained():
        masker = shap.maskers.Independent(background, max_samples=10)
        masker.supports_delta_masking = False
        explainer = shap.explainers.Permutation(lambda x: expit(x @ weights), masker, seed=1)
        return explainer(patients, max_evals=7, silent=True).values

    with _interpreted():
        assert _masked_model._build_fixed_single_output is compiled.py_func
        interpreted = explained()
    assert _masked_model._build_fixed_single_output is compiled
    np.testing.assert_allclose(interpreted, explained(), rtol=0, atol=1e-14)
