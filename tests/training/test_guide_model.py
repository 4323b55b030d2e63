"""The model of the guide docs/tutorials/add-a-model.md is fitted and judged as it says."""

import re

import pandas as pd
from ruamel.yaml import YAML

from analysis.study import load_study
from tests.conftest import ROOT
from tests.support.blank_figures import run_with_blank_figures
from tests.support.small_files import small_files

GUIDE = (ROOT / "docs" / "tutorials" / "add-a-model.md").read_text(encoding="utf-8")


def block(name):
    return re.search(rf"```\w+ {re.escape(name)}\n(.*?)```", GUIDE, re.S)[1]


def test_the_guides_model_is_fitted_and_judged(tmp_path):
    (tmp_path / "my_model.py").write_text(block("my_model.py"))
    written = YAML(typ="safe").load(block("own_model.yml"))
    study = load_study(small_files(tmp_path, **written))
    run_with_blank_figures(study)
    found = pd.read_csv(study.output_folder / "predictions.csv", dtype={"patient_id": str})
    mine = found[found["model"] == "mine"]
    assert set(mine["how"]) == {"apparent", "out_of_fold", "validation"}
    assert mine["probability"].between(0, 1).all()
