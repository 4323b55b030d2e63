"""Training again from the reviewer's own data: identical, and a part of the verdict."""

import re

import pytest

from analysis.study import load_study
from analysis.workflow.review.bundle import write_bundle
from analysis.workflow.review.verify import verify
from tests.support.blank_figures import blank_figures, run_with_blank_figures
from tests.support.small_cohort import clinical_study, edit_table


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    path = clinical_study(tmp_path_factory.mktemp("retrain"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_RECURRENCE_CACHE", str(path.parent / ".cache"))
        study = load_study(path)
        run_with_blank_figures(study)
        return path, write_bundle(study, path.parent / "bundle.zip")


def test_every_number_is_identical(packed, capsys):
    path, bundle = packed
    with blank_figures():
        found = verify(bundle, retrain=True, study=path)
    assert found.retrained.apart == []
    assert re.fullmatch(r"(\d+) of \1 numbers identical", found.retrained.lines[0])
    assert found.retrained.different == []
    assert found.sound
    assert "training again; identical numbers are expected" in capsys.readouterr().err


def test_a_number_that_differs_is_not_verified(packed):
    path, bundle = packed
    before = (path.parent / "data" / "clinical.csv").read_bytes()

    def change(table):
        return table.assign(ast=table["ast"].where(table["cohort"] != "validation", "33"))

    try:
        edit_table(path, change)
        with blank_figures():
            found = verify(bundle, retrain=True, study=path)
    finally:
        (path.parent / "data" / "clinical.csv").write_bytes(before)
    assert found.different == []
    assert found.tampered == []
    assert "auc.cr.validation" in found.retrained.different
    assert not found.sound
