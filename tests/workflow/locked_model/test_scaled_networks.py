"""Networks that keep the scale of a phase: constants of the training patients alone, and a new
patient's score is the study's."""

import json
import shutil

import numpy as np
import pytest
import SimpleITK as sitk

import analysis.workflow.locked_model.export as export
from analysis.inputs.crops import crop_padding, tumour_crops
from analysis.study import StudyError, load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.model_card import FILE
from analysis.workflow.locked_model.predict import predict_patients
from tests.conftest import small_study

SCALES = {
    "arterial": {"normalisation": "reference"},
    "portal_venous": {"normalisation": "none", "divide_by": 100},
    "delayed": {"normalisation": "window", "window": {"low": 0, "high": 200}},
}
FILES = {"image": "images/{patient_id}/%s.nii.gz", "mask": "images/{patient_id}/mask.nii.gz"}
PHASES = {
    name: {key: file.replace("%s", name) for key, file in FILES.items()} | {"networks": scale}
    for name, scale in SCALES.items()
}
FEW = {"patients": 16, "events": 8, "validation": 4, "censored": 0, "repeats": 0}
SMALL = {"image_shape": [20, 20, 6], "seed": 3}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Networks alone, of a phase of each scale; crops reach beyond the small images."""
    path = small_study(
        tmp_path_factory.mktemp("scaled"),
        "scaled",
        cohort={
            "folder": "data",
            "table": "clinical.csv",
            "dictionary": "dictionary.yml",
            "demo": FEW | SMALL,
        },
        phases=PHASES,
        radiomics=None,
        clinical=None,
        comparators=[],
        comparators_supplement=[],
        subgroups=[],
        additional_models={},
        deep_learning={
            "networks": ["resnet18"],
            "reference_phase": "portal_venous",
            "crop_pixels": 24,
            "field_of_view_mm": 60,
            "slices": 1,
            "epochs": 1,
            "batch_size": 4,
            "width": 0.1,
        },
        statistics={"bootstrap_resamples": 100},
        jobs=1,
    )
    return load_study(path)


@pytest.fixture(scope="module")
def cohort(study):
    return load_cohort(study)


@pytest.fixture(scope="module")
def training(cohort):
    return trained(cohort)[1]


@pytest.fixture(scope="module")
def folder(cohort, training, tmp_path_factory):
    place = tmp_path_factory.mktemp("exported") / "resnet18"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "read_records", lambda _: {})
        write_model(cohort, training, "resnet18", place)
    return place


def _constants(cohort, patients):
    values = tumour_crops(cohort, patients=list(patients))[:, :, 0].astype(float)
    return np.nanmean(values), np.nanstd(values)


def test_constants_are_those_of_the_training_patients_alone(cohort, training):
    scale = training.fitted.fit("resnet18").model.scale_
    assert scale.channels == (0,)
    mean, deviation = _constants(cohort, cohort.labelled("training"))
    assert scale.mean[0] == pytest.approx(mean, rel=1e-9)
    assert scale.deviation[0] == pytest.approx(deviation, rel=1e-9)
    assert scale.mean[0] != pytest.approx(_constants(cohort, cohort.patients)[0], rel=1e-9)


def _as_folder(cohort, patient, place):
    shutil.copytree(cohort.study.cohort_folder / "images" / patient, place / patient)
    return place / patient


def test_a_new_patient_gets_the_score_of_the_study(cohort, training, folder, tmp_path):
    table = training.predictions.table
    rows = table[(table["model"] == "resnet18") & table["how"].isin(["apparent", "validation"])]
    expected = rows.set_index("patient_id")["probability"]
    chosen = [cohort.labelled("training")[0], cohort.labelled("validation")[0]]
    found = predict_patients(folder, [_as_folder(cohort, each, tmp_path) for each in chosen])
    for prediction, patient in zip(found, chosen, strict=True):
        assert prediction.probability == pytest.approx(expected[patient], abs=1e-9)
        shares = crop_padding(cohort, [patient]).loc[patient]
        told = [text for text in prediction.warnings if "of what networks see" in text]
        assert len(told) == (shares > 0.5).sum()


def test_a_factor_on_an_image_changes_the_score(cohort, folder, tmp_path):
    patient = cohort.labelled("validation")[0]
    same = _as_folder(cohort, patient, tmp_path / "same")
    other = _as_folder(cohort, patient, tmp_path / "other")
    image = sitk.ReadImage(str(other / "portal_venous.nii.gz"), sitk.sitkFloat32)
    sitk.WriteImage(image * 1.2, str(other / "portal_venous.nii.gz"))
    first, second = predict_patients(folder, [same, other])
    assert first.probability != pytest.approx(second.probability, abs=1e-9)


def test_the_folder_and_its_card_say_the_scale(cohort, training, folder):
    description = json.loads((folder / "model.json").read_text())
    scale = training.fitted.fit("resnet18").model.scale_
    (part,) = description["parts"].values()
    assert part["reference_scale"] == scale.description()
    assert description["phases"]["delayed"]["networks"]["window"] == {"low": 0.0, "high": 200.0}
    card = (folder / FILE).read_text()
    assert "portal venous with values divided by 100" in card
    assert f"arterial {scale.mean[0]:.4g} ± {scale.deviation[0]:.4g}" in card


def test_a_scale_without_networks_is_a_fault(tmp_path):
    path = small_study(tmp_path, deep_learning=None, phases=PHASES)
    with pytest.raises(StudyError, match=r"phases.delayed.networks: .*this study has none"):
        load_study(path)
