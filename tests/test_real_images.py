"""Real images that were not made for the project: a few sarcoma patients, MR and PET on grids of
their own, no clinical variables.

The cohort (Vallières et al. 2015; TCIA Soft-tissue-Sarcoma, CC BY 3.0) is not part of the project:
the test runs where its folder lies beside the checkout.
"""

import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.results import read_records
from analysis.study import load_study
from analysis.workflow.run import run
from tests.conftest import ROOT

SARCOMA = ROOT.parent / "shared" / "real" / "sarcoma"


@pytest.mark.skipif(
    not SARCOMA.is_dir(),
    reason="the sarcoma cohort is not beside this checkout: real images were not tried",
)
def test_two_modalities_without_clinical_variables(tmp_path):
    table = pd.read_csv(SARCOMA / "clinical.csv")
    sizes = table["patient_id"].map(
        lambda name: (SARCOMA / "images" / name / "MR_T1_image.nii.gz").stat().st_size
    )
    few = (
        table.assign(size=sizes)
        .sort_values("size")
        .groupby("lung_metastasis")
        .head(6)
        .drop(columns="size")
    )
    (tmp_path / "data").mkdir()
    few.to_csv(tmp_path / "data" / "clinical.csv", index=False)
    (tmp_path / "data" / "images").symlink_to(SARCOMA / "images")
    study = YAML(typ="safe").load((ROOT / "study.sarcoma.yml").read_text())
    study["cohort"]["folder"], study["output"] = "data", "outputs"
    study["validation"] = {"outer_folds": 2, "inner_folds": 2}
    study["radiomics"] |= {"tuning_folds": 2, "classifiers": ["logistic", "knn"]}
    study["deep_learning"] |= {
        "networks": ["resnet18"],
        "epochs": 1,
        "width": 0.1,
        "batch_size": 4,
        "crop_pixels": 24,
    }
    path = tmp_path / "study.yml"
    with path.open("w") as file:
        YAML(typ="safe").dump(study, file)
    outcome = run(load_study(path))
    records = read_records(outcome.output / "results.json")
    assert records["features.total"].value == 2 * 1037
    assert records["models.headline"].names == ["radiomics", "dl"]
    assert records["models.comparators"].names == []
    predictions = pd.read_csv(outcome.output / "predictions.csv")
    assert set(predictions["patient_id"]) == set(few["patient_id"])
    assert predictions["score"].notna().all()
    assert not list((outcome.output / "tables").glob("baseline*.csv"))
    assert not (outcome.output / "figures" / "kaplan_meier.png").exists()
