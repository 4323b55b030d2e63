"""A model of one's own is loaded before anything is fitted, and one that can be the study's best
needs a description."""

from types import SimpleNamespace

from analysis.cohort.checks.own_models import check_own_models
from analysis.core.problems import Problems
from analysis.study.protocol import AdditionalModel

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
