"""A model of one's own is loaded before anything is fitted, and one that can be the study's best
needs a description."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.checks.own_models import check_own_models
from analysis.core.problems import Problems
from analysis.study.protocol import AdditionalModel
from models.additional import patient_scores

CLASS = (
    "class Mine:\n    reads = 'clinical'\n    def __init__(self, seed=0): ...\n{more}\n    def"
    " fit(self, inputs, label): return self\n    def predict(self, inputs): return None\n"
)


def problems_of(folder, more="", **model):
    (folder / "mine.py").write_text(CLASS.format(more=more))
    problems = Problems()
    check_own_models(
        SimpleNamespace(
            root=folder,
            radiomics=None,
            deep_learning=None,
            path=folder / "study.yml",
            additional_models={
                "mine": AdditionalModel(model=model.pop("model", "mine.py:Mine"), **model)
            },
        ),
        problems,
    )
    return [str(each) for each in problems.of("error")]


def test_a_description_is_required_of_a_model_that_can_be_the_best(tmp_path):
    (fault,) = problems_of(tmp_path)
    assert fault.startswith("study.yml, additional_models, mine: the model has no description")
    assert "give description" in fault
    assert problems_of(tmp_path, description="A sum of two values.") == []
    assert problems_of(tmp_path, more="    description = 'A sum.'") == []
    assert problems_of(tmp_path, more="    yardstick = True") == []


def test_a_class_that_is_not_there_is_an_error(tmp_path):
    (fault,) = problems_of(tmp_path, model="mine.py:Other")
    assert "mine.py has no class 'Other'" in fault


def test_predictions_are_a_number_for_each_patient():
    patients = pd.Index(["a", "b"])
    assert patient_scores("mine", np.array([0.2, 0.7]), patients).to_dict() == {"a": 0.2, "b": 0.7}
    given = pd.Series([0.2, 0.7], index=patients)
    assert patient_scores("mine", given, patients).equals(given)
    for values, words in [
        (np.zeros((2, 2)), r"it returned ndarray of shape \(2, 2\)"),
        (None, "it returned NoneType"),
        ([0.1], "it returned list"),
        (given[::-1], "of other patients, or in another order"),
        ([0.1, np.nan], "no number for b"),
    ]:
        with pytest.raises(ValueError, match=f"^mine: predict.*{words}"):
            patient_scores("mine", values, patients)
