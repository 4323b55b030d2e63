"""A model of one's own is one file and one line of study.yml."""

import pandas as pd
import pytest

from analysis.results.record import read_records
from analysis.study import load_study
from models.additional import load_model_class
from tests.conftest import small_study
from tests.support.blank_figures import run_with_blank_figures

MODEL = """
import numpy as np

class AstAlone:
    reads = "clinical"
    label = "AST alone"
    description = (
        "The **AST alone** model puts a patient's AST into a logistic curve around the training"
        " patients' median."
    )

    def __init__(self, seed=0, steepness=1.0):
        self.steepness = steepness

    def fit(self, inputs, label):
        self.middle = inputs.clinical["ast"].median()
        return self

    def predict(self, inputs):
        ast = inputs.clinical["ast"].fillna(self.middle)
        return 1 / (1 + np.exp(-(ast - self.middle) / 50 * self.steepness))
"""


@pytest.fixture(scope="module")
def with_own_model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "ast_alone.py").write_text(MODEL)
    study = load_study(
        small_study(
            folder,
            "own",
            radiomics=None,
            deep_learning=None,
            additional_models={
                "ast_alone": {"model": "ast_alone.py:AstAlone", "settings": {"steepness": 2.0}}
            },
        )
    )
    run_with_blank_figures(study)
    return study


def test_it_is_fitted_judged_and_reported_like_the_others(with_own_model):
    records = read_records(with_own_model.output_folder / "results.json")
    assert records["label.ast_alone"].value == "AST alone"
    assert "ast_alone" in records["models.headline"].names
    for how in ("apparent", "out_of_fold", "validation"):
        assert 0 <= records[f"auc.ast_alone.{how}"].value <= 1
    predictions = pd.read_csv(
        with_own_model.output_folder / "predictions.csv", dtype={"patient_id": str}
    )
    rows = predictions[predictions["model"] == "ast_alone"]
    assert set(rows["family"]) == {"additional"}
    assert rows["score"].notna().all()
    assert (with_own_model.output_folder / "figures" / "roc.png").is_file()


@pytest.mark.parametrize(
    ("content", "reference", "message"),
    [
        (None, "absent.py:Model", "no file absent.py beside the study file"),
        (None, "../elsewhere.py:Model", "lies outside the study's folder"),
        (None, "no.such.module:Model", "there is no module 'no.such.module'"),
        ("x = 1", "mine.py:Model", "mine.py has no class 'Model'"),
        ("class Model:\n    def fit(self, i, l): ...", "mine.py:Model", "lacks predict and reads"),
        (
            (
                "class Model:\n    reads = 'genes'\n    def fit(self, i, l): ...\n    def"
                " predict(self, i): ..."
            ),
            "mine.py:Model",
            "reads genes; allowed are clinical, radiomics, images",
        ),
    ],
)
def test_what_is_no_model_is_refused_with_the_reason(tmp_path, content, reference, message):
    if content is not None:
        (tmp_path / "mine.py").write_text(content)
    with pytest.raises(ValueError, match=message):
        load_model_class(reference, tmp_path)
