"""A study that chooses among several paths, from the table of features to article and export."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis.reporting.open_manuscript import open_manuscript
from analysis.results import read_records
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from models.inputs import Inputs
from models.locked import LockedModel, read_folder
from tests.support.blank_figures import run_with_blank_figures
from tests.support.tiny_study import tiny_study, tiny_table

# The run of a whole small study.
pytestmark = pytest.mark.whole
NOISY = 110
PATHS = {
    "few": ["variance", "univariable", "lasso"],
    "pca": ["variance", "pca"],
}


def many_features():
    """The tiny table with features that all lean to the event a little, so that many are better
    than few."""
    table = tiny_table()
    random = np.random.default_rng(0)
    values = random.normal(size=(len(table), NOISY)) + 0.4 * table[["event"]].to_numpy()
    columns = [f"t1_lean{number:03d}" for number in range(NOISY)]
    return pd.concat([table, pd.DataFrame(values, columns=columns)], axis=1)


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    path = tiny_study(
        tmp_path_factory.mktemp("paths"),
        many_features(),
        radiomics={
            "table": {"file": "clinical.csv", "columns": {"t1": "t1_{feature}"}},
            "classifiers": ["logistic"],
            "tuning_folds": 2,
            "univariable_features": 2,
            "selected_features": 2,
            "paths": PATHS,
        },
        clinical=None,
        statistics={"bootstrap_resamples": 100, "optimism_resamples": 0},
        controls={"permutations": 1},
        robustness={"instability_resamples": 0},
    )
    study = load_study(path)
    run_with_blank_figures(study)
    return study


@pytest.fixture(scope="module")
def says(computed):
    return open_manuscript(computed.path)[2]


def test_the_path_is_recorded_and_its_many_features_are_not(computed):
    records = read_records(computed.output_folder / "results.json")
    assert records["radiomics.path"].value == "pca"
    assert set(records["radiomics.path.in_folds"].names) <= set(PATHS)
    assert len(records["radiomics.path.in_folds"].names) == 2
    assert records["features.selected.n"].value == NOISY + 8
    assert records["features.components.n"].value > 1
    assert "features.selected.01" not in records
    assert "features.after.lasso" not in records
    table = pd.read_csv(computed.output_folder / "tables" / "paths.csv")
    final = table[table["context"] == "final"].set_index("path")
    assert final["chosen"].to_dict() == {"few": 0, "pca": 1}
    assert final["auc"].idxmax() == "pca"
    assert table.groupby("context")["chosen"].sum().eq(1).all()


def test_what_is_not_there_is_not_drawn(computed):
    assert not (computed.output_folder / "curves" / "selection_path.csv").exists()
    assert not (computed.output_folder / "figures" / "selection.png").exists()
    records = read_records(computed.output_folder / "results.json")
    folds = records["radiomics.path.in_folds"].names
    unexplained = records.get("explanation.left_out.n")
    assert (unexplained.value if unexplained else 0) == list(folds).count("pca")


def test_the_article_says_which_paths_there_were_and_which_was_taken(says):
    methods = re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", str(says("methods-radiomics-model")))
    assert "They reached the classifiers by one of several paths" in methods
    assert "few: leaving out near-constant features" in methods
    assert "then the principal components that held 90% of their variance" in methods
    assert "included the choice of the path and all its steps" in methods
    found = re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", str(says("results-radiomics")))
    assert (
        "principal components, so that single features have no coefficient; they are too many"
        in found
    )
    assert "The path chosen with the classifier was pca" in found
    assert "tbl-features" not in found
    assert "| Logistic regression | pca |" in str(says("supplement-tuning"))
    assert "their mean AUC over the tuning folds" in str(says("supplement-tuning"))
    assert "each classifier by the path chosen there" in str(says("supplement-selection"))
    assert "tbl-selection-path" in str(says("supplement-selection"))


def test_the_exported_model_scores_as_the_study_did(computed, tmp_path):
    cohort = load_cohort(computed)
    write_model(cohort, trained(cohort)[1], "radiomics", tmp_path / "model")
    description = json.loads((tmp_path / "model" / "model.json").read_text())
    (part,) = description["parts"].values()
    assert len(part["components"]["weights"]) > 1
    assert len(part["components"]["centre"]) == NOISY + 8
    model = LockedModel.from_description(*read_folder(tmp_path / "model"))
    table = many_features().set_index("patient_id")
    features = table.filter(like="t1_")
    scores = model.predict(Inputs(features.index, radiomics=features))
    rows = pd.read_csv(computed.output_folder / "predictions.csv").query(
        "model == 'radiomics' and how == 'validation'"
    )
    np.testing.assert_allclose(
        scores.loc[rows["patient_id"]], rows["probability"], rtol=0, atol=1e-12
    )
