"""Features of a study's own code, as docs/tutorials/add-a-model.md has them, from the images to the
article, the reviewer's bundle and a new patient."""

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.core.cache import read_timings
from analysis.inputs.radiomics import radiomics_table
from analysis.results import read_records
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.command import problems_of
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.predict import predict_patients
from analysis.workflow.run import is_current
from models.locked import LockedModelError
from tests.conftest import ROOT
from tests.support.blank_figures import run_with_blank_figures
from tests.support.command_line import command
from tests.support.living_study import few_of, growing_study

# The run of a whole small study.
pytestmark = pytest.mark.whole
GUIDE = (ROOT / "docs" / "tutorials" / "add-a-model.md").read_text(encoding="utf-8")


def block(name):
    """The guide's code of a file."""
    return re.search(rf"```\w+ {re.escape(name)}\n(.*?)```", GUIDE, re.S)[1]


def with_own_features(folder, code):
    """A study of one phase and one classifier, which reads every feature that varies."""
    path, _ = growing_study(folder)
    few_of(path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text())
    content["radiomics"]["extraction"] |= yaml.load(block("own_features.yml"))["radiomics"][
        "extraction"
    ]
    # Few of the others, as each that is read is explained as well.
    few = {"shape": [], "firstorder": ["Mean", "Entropy"], "glcm": ["Contrast"]}
    content["radiomics"]["extraction"]["features"] = few
    content["radiomics"] |= {
        "selection": ["variance", "univariable"],
        "univariable_features": 2000,
        "perturbation": {"erosion_mm": 1.5, "patients": 6},
    }
    content["controls"] = {"permutations": 2, "shuffled_voxels": True}
    with path.open("w") as file:
        yaml.dump(content, file)
    (folder / "my_features.py").write_text(code)
    return path


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    study = load_study(with_own_features(tmp_path_factory.mktemp("own"), block("my_features.py")))
    run_with_blank_figures(study)
    return study


def by_hand(study, patient):
    """What the guide's class says of a patient, from the files."""
    image, mask = (
        sitk.ReadImage(str(study.cohort_folder / "images" / patient / f"{name}.nii.gz"))
        for name in ("arterial", "mask")
    )
    values = sitk.GetArrayFromImage(image)[sitk.GetArrayFromImage(mask) > 0].astype(float)
    return {
        "arterial_mine_range": values.max() - values.min(),
        "arterial_mine_volume_ml": len(values) * np.prod(mask.GetSpacing()) / 1000,
    }


def test_every_patient_has_them_in_the_table_of_features(computed):
    cohort = load_cohort(computed)
    table = radiomics_table(cohort)
    for patient in cohort.patients:
        for name, value in by_hand(computed, patient).items():
            assert table.features.loc[patient, name] == pytest.approx(value)
    assert list(table.features.columns[-2:]) == ["arterial_mine_range", "arterial_mine_volume_ml"]
    eroded = table.delineations["erosion"]["arterial_mine_volume_ml"]
    assert (eroded < table.features.loc[eroded.index, "arterial_mine_volume_ml"]).all()


def test_results_count_name_and_define_them(computed):
    records = read_records(computed.output_folder / "results.json")
    assert records["features.own.mine.n"].value == 2
    assert records["features.own.mine.label"].value == "intensity range and volume"
    pyradiomics = records["features.pyradiomics"].value
    assert records["features.total"].value == pyradiomics + 2
    # Fourteen of shape, and three of the image and its eight bands.
    assert pyradiomics == 14 + 9 * 3
    classes = [records[f"features.{kind}"].value for kind in ("shape", "first_order", "texture")]
    assert classes == [14, 9 * 2, 9 * 1]
    tables = computed.output_folder / "tables"
    row = (
        pd.read_csv(tables / "feature_dictionary.csv")
        .set_index("feature")
        .loc["arterial_mine_range"]
    )
    assert list(row[["phase", "image", "class", "name", "definition"]]) == [
        "arterial",
        "as read",
        "intensity range and volume",
        "range",
        "Largest minus smallest intensity within the mask",
    ]
    by_class = pd.read_csv(tables / "feature_icc_by_class.csv").set_index("class")
    assert by_class.loc["intensity range and volume", "features"] == 2
    assert "radiomics.extraction.own.mine" in set(pd.read_csv(tables / "settings.csv")["setting"])


def test_the_article_says_whose_code_computed_them(computed):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_radiomics
    from analysis.reporting.tables import definitions_markdown, feature_icc_markdown
    from analysis.reporting.tables.feature_names import spelled_out

    results = open_results(computed.path)
    text = methods_radiomics(Context(results))
    assert "{features.pyradiomics|feature} per phase" in text
    assert (
        "; the authors' own code computed {features.own.mine.n} of {features.own.mine.label} from"
        " the mask and the unfiltered image, giving {features.total|feature} per patient."
    ) in text
    assert " ".join(spelled_out(results, "arterial_mine_range")) == (
        "arterial as read intensity range and volume range"
    )
    defined = definitions_markdown(results).data
    assert "Largest minus smallest intensity within the mask" in defined
    assert "intensity range and volume" in feature_icc_markdown(results).data


def test_the_bundle_is_verified_without_the_code(computed, tmp_path):
    from analysis.workflow.review.bundle import write_bundle
    from analysis.workflow.review.verify import verify

    found = verify(write_bundle(computed, tmp_path / "bundle.zip"))
    assert found.sound, [f"{each.key}: {each.detail}" for each in found.different]


@pytest.fixture(scope="module")
def exported(computed, tmp_path_factory):
    cohort = load_cohort(computed)
    folder = tmp_path_factory.mktemp("exported") / "model"
    write_model(cohort, trained(cohort)[1], "radiomics_logistic", folder)
    return folder


@pytest.fixture
def patient(computed, tmp_path):
    predictions = pd.read_csv(computed.output_folder / "predictions.csv")
    rows = predictions.query("model == 'radiomics_logistic' and how == 'validation'")
    row = rows.iloc[0]
    folder = tmp_path / row["patient_id"]
    shutil.copytree(computed.cohort_folder / "images" / row["patient_id"], folder)
    return folder, row["probability"]


def test_a_new_patient_is_scored_with_the_code_of_the_folder(computed, exported, patient, capsys):
    assert (exported / "own_features_mine.py").read_text() == block("my_features.py")
    assert "class Mine" not in (exported / "model.json").read_text()
    folder, probability = patient
    found = predict_patients(exported, [folder], run_own_code=True)[0]
    assert found.probability == pytest.approx(probability, abs=1e-9)
    capsys.readouterr()
    assert command("predict", "--model", exported, "--run-own-code", "--json", folder) == 0
    printed = json.loads(capsys.readouterr().out)[0]
    assert printed["probability"] == pytest.approx(probability, abs=1e-9)


def test_code_of_a_folder_runs_only_where_the_user_says_so(exported, patient, tmp_path):
    with pytest.raises(LockedModelError, match=r"own_features_mine.py in this folder, which would"):
        predict_patients(exported, [patient[0]])
    changed = tmp_path / "changed"
    shutil.copytree(exported, changed)
    (changed / "own_features_mine.py").write_text("print('other code')")
    with pytest.raises(LockedModelError, match="was changed after it was written"):
        predict_patients(changed, [patient[0]], run_own_code=True)


def test_a_changed_file_makes_the_results_stale_and_recomputes_its_features_alone(computed):
    assert is_current(computed)
    path = computed.root / "my_features.py"
    try:
        path.write_text(block("my_features.py") + "\n# Another line.\n")
        assert not is_current(computed)
        before = len(read_timings(computed.cache_folder))
        load_cohort(computed)
        rooms = {
            (each["room"], each["what"]) for each in read_timings(computed.cache_folder, before)
        }
        assert rooms == {("radiomics", "own features")}
    finally:
        path.write_text(block("my_features.py"))


def faults(study):
    return [each for each in problems_of(study) if each.level == "error"]


def test_check_names_each_patient_and_phase_without_features(computed):
    path = computed.root / "my_features.py"
    first = load_cohort(computed).patients[0]
    volume = by_hand(computed, first)["arterial_mine_volume_ml"]
    guard = f"        assert abs(mask.sum() * np.prod(spacing) / 1000 - {volume!r}) > 1e-9\n"
    code = block("my_features.py").replace("        values =", guard + "        values =")
    try:
        path.write_text(code)
        found = faults(computed)
        assert first in {each.patient for each in found}
        assert {each.where for each in found} == {"radiomics.extraction.own, arterial"}
        assert "my_features.py:Mine (radiomics.extraction.own, mine) failed on a" in found[0].what
        assert found[0].mend == "mend the file, or leave the patient out"
        path.write_text("class Mine:\n    label = 'a'\n")
        assert ["lacks compute" in each.what for each in faults(computed)] == [True]
        odd = code.replace(guard, "").replace(
            '"range": values',
            f'("a" if mask.sum() * np.prod(spacing) / 1000 > {volume!r} else "b"): values',
        )
        path.write_text(odd)
        assert any(
            "return the same features for everybody" in each.what for each in faults(computed)
        )
        path.unlink()
        (message,) = [each.what for each in faults(computed)]
        assert message == "radiomics.extraction.own: no file my_features.py beside the study file"
    finally:
        path.write_text(block("my_features.py"))
