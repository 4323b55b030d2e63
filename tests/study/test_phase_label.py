"""Phases in words: the study file's label, or the name with spaces, wherever it is printed."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from analysis.inputs.radiomics.definitions import feature_parts
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.grad_cam import draw_grad_cam
from analysis.reporting.manuscript import open_results
from analysis.reporting.tables.feature_names import in_one
from analysis.results.record import Records, read_records, write_records
from analysis.results.settings import _add_about
from analysis.study import load_study
from analysis.study.phase_label import in_spaces, phase_label, phase_labels
from analysis.study.schema import study_schema
from tests.reporting.figures.test_draw_pictures import _shown
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

LABEL = "late arterial phase"


@pytest.fixture
def study(tmp_path):
    """A study whose first phase has a label."""
    path = write_fake_study(LIVER, tmp_path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["phases"][LIVER.phases[0]]["label"] = LABEL
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return load_study(path)


def test_a_label_is_the_study_files_and_else_the_name_in_words(study):
    first, second = LIVER.phases[:2]
    assert phase_labels(study)[first] == LABEL
    assert phase_labels(study)[second] == in_spaces(second)
    assert phase_label("portal_venous", {}) == "portal venous"
    assert "label" in study_schema()["$defs"]["Phase"]["properties"]


def test_a_study_without_labels_is_digested_as_before(study):
    phases = study.model_dump(mode="json")["phases"]
    assert phases[LIVER.phases[0]]["label"] == LABEL
    assert all("label" not in phases[name] for name in LIVER.phases[1:])


def test_features_of_the_phase_have_its_label_in_tables_and_figures(study, tmp_path):
    first, second = LIVER.phases[:2]
    name = "{}_original_glcm_Idn"
    labels = phase_labels(study)
    assert feature_parts(name.format(first), labels)[0] == LABEL
    assert feature_parts(name.format(second), list(labels))[0] == in_spaces(second)
    assert in_one(open_results(study.path), name.format(first)).startswith(f"{LABEL}, ")
    records = Records()
    _add_about(records, study)
    write_records(tmp_path / "records.json", records)
    findings = Findings(read_records(tmp_path / "records.json"), {})
    assert findings.phases == {first: LABEL, **{each: labels[each] for each in LIVER.phases[1:]}}
    assert findings.feature_name(name.format(first)).startswith(f"{LABEL}, ")
    assert findings.feature_name(name.format(second)).startswith(f"{in_spaces(second)}, ")


def test_a_row_of_pictures_has_the_label():
    pixels, patients = _shown(2)
    phase = next(name for name in pixels if name.startswith("phase.")).removeprefix("phase.")
    figure = draw_grad_cam(pixels.assign(heat=50), patients, "relapse", {phase: LABEL})
    assert LABEL in [axis.get_ylabel() for axis in figure.axes]
