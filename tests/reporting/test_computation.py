"""What computed the results: the package and the study apart, and only software that was used."""

import json
import subprocess
from dataclasses import replace

import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.sections import Says
from analysis.reporting.tables.appendix import software_markdown
from analysis.results.record import Record
from analysis.workflow.provenance import study_commit
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

PACKAGES = ("python", "torch", "monai", "scikit-learn", "xgboost", "statsmodels", "lifelines")


@pytest.fixture(scope="module")
def liver(tmp_path_factory):
    found = open_results(write_fake_study(LIVER, tmp_path_factory.mktemp("liver")))
    versions = {
        f"software.{name}": Record(f"software.{name}", f"{n}.0") for n, name in enumerate(PACKAGES)
    }
    return replace(found, records=found.records | versions)


def with_models(results, *names):
    included = replace(results.records["models.included"], value=names)
    return replace(results, records=results.records | {"models.included": included})


def test_only_software_that_the_study_used_is_named(liver):
    everything = with_models(liver, "cr", "radiomics", "radiomics_xgboost", "dl", "resnet18")
    assert str(Says(everything)("software-used")) == (
        "Python 0.0, PyTorch 1.0, MONAI 2.0, scikit-learn 3.0, XGBoost 4.0, statsmodels 5.0 and"
        " lifelines 6.0"
    )
    clinical = with_models(liver, "cr")
    said = str(Says(clinical)("software-used"))
    assert said == "Python 0.0, scikit-learn 3.0, statsmodels 5.0 and lifelines 6.0"
    table = software_markdown(clinical).data
    assert "torch" not in table
    assert "xgboost" not in table
    assert "monai" not in table
    assert "lifelines" in table


def test_package_and_study_are_told_apart(liver):
    path = liver.folder / "provenance.json"
    before = path.read_text()
    origin = json.loads(before)
    commit = replace(liver.records["provenance.commit"], value="abcdef0+changes")
    changed = replace(liver, records=liver.records | {"provenance.commit": commit})
    installed = replace(commit, value="version 0.2.0")
    given = replace(liver, records=liver.records | {"provenance.commit": installed})
    try:
        path.write_text(json.dumps(origin | {"package": "0.2.0"}))
        assert str(Says(changed)("code-identity")) == (
            "the package hcc-early-recurrence 0.2.0 (its code at commit abcdef0, with changes that"
            " were not committed)"
        )
        path.write_text(json.dumps(origin | {"package": "0.2.0", "study_commit": "1234567"}))
        assert str(Says(given)("code-identity")) == (
            "the package hcc-early-recurrence 0.2.0, for the study at commit 1234567 of its own"
            " repository"
        )
    finally:
        path.write_text(before)


def test_the_commit_of_a_study_is_that_of_its_own_repository(liver, tmp_path):
    (tmp_path / "study.yml").write_text(liver.study.path.read_text())
    study = liver.study.model_copy(update={"path": tmp_path / "study.yml"})
    assert study_commit(study) is None

    def git(*words):
        named = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
        subprocess.run(["git", "-C", tmp_path, *named, *words], check=True, capture_output=True)

    git("init")
    git("add", "study.yml")
    git("commit", "-m", "study")
    commit = study_commit(study)
    assert commit is not None
    assert len(commit) == 12
    (tmp_path / "study.yml").write_text("study: {}")
    assert study_commit(study) == f"{commit}+changes"
