"""The workflow has what a study did, and nothing that it did not."""

import pandas as pd
import pytest

from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.of_results.workflow import workflow_stages
from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.alternative_text import alternative_text
from analysis.results.record import read_records
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study


@pytest.fixture(params=[LIVER, SARCOMA], ids=lambda kind: kind.name)
def study(request, tmp_path):
    return request.param, write_fake_study(request.param, tmp_path)


def stages_of(path):
    folder = path.parent / "outputs"
    curves = {each.stem: pd.read_csv(each) for each in (folder / "curves").glob("*.csv")}
    stages = workflow_stages(Findings(read_records(folder / "results.json"), curves))
    return {
        stage.name: {part.heading: list(part.lines) for part in stage.parts} for stage in stages
    }


def test_each_kind_of_study_shows_what_it_has(study):
    kind, path = study
    stages = stages_of(path)
    assert list(stages) == ["Patients", "Data", "Models", "Evaluation"]
    assert "Training: 132 (77 events)" in stages["Patients"]["Cohort"]
    assert stages["Data"]["Radiomics features"][0] == "3111 extracted"
    evaluation = stages["Evaluation"]
    if kind is LIVER:
        assert stages["Data"]["Clinical variables"] == ["19 candidates"]
        assert list(stages["Models"]) == ["CR", "Radiomics", "DL", "RCR", "DLRCR"]
        assert stages["Models"]["DL"] == ["best of ResNet-18 and ResNet-34"]
        assert stages["Models"]["DLRCR"] == ["fusion of DL, Radiomics and clinical predictors"]
        assert "survival by risk group" in evaluation["Judged by"]
        assert evaluation["Compared with"] == ["2 staging systems and prognostic indexes"]
    else:
        assert "Clinical variables" not in stages["Data"]
        assert stages["Data"]["Images"] == ["mr_t1 and pet"]  # as the made records name them
        assert list(stages["Models"]) == ["Radiomics", "DL"]
        assert "survival by risk group" not in evaluation["Judged by"]
        assert "Compared with" not in evaluation


def test_its_alternative_text_tells_the_boxes(study):
    _, path = study
    words = alternative_text(open_results(path), "workflow")
    assert "Data: Images" in words
    assert "Cohort, 165 patients, of known outcome, Training: 132 (77 events)" in words
