"""A study's locked models leave it as folders and score its own patients, from their files, as the
study did."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.results import read_records
from analysis.training import trained
from analysis.units.quantities import canonical_units
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import locked_model, write_model
from analysis.workflow.locked_model.predict import predict_patients
from analysis.workflow.locked_model.training_ranges import place_of
from models.locked import LockedModel, LockedModelError, read_folder
from tests.support.command_line import command

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def cohort(whole_study):
    return load_cohort(whole_study)


@pytest.fixture(scope="module")
def training(cohort):
    """The study's models, from its cache."""
    return trained(cohort)[1]


@pytest.fixture(scope="module")
def fused(cohort, training, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "dlrcr"
    write_model(cohort, training, "dlrcr", folder)
    return folder


@pytest.fixture(scope="module")
def clinical(cohort):
    return cohort.clinical


@pytest.fixture(scope="module")
def as_folder(whole_study, clinical, tmp_path_factory):
    """Writes a patient of the study as the folder of a new one."""

    def write(patient, model_folder, target=None):
        description = json.loads((model_folder / "model.json").read_text())
        folder = (target or tmp_path_factory.mktemp("patients")) / patient
        shutil.copytree(whole_study.cohort_folder / "images" / patient, folder)
        rows = [
            (
                name,
                clinical.loc[patient, name],
                (
                    canonical_units().get(name, variable.get("unit", ""))
                    if variable["type"] == "continuous"
                    else ""
                ),
            )
            for name, variable in description["dictionary"].items()
        ]
        pd.DataFrame(rows, columns=["variable", "value", "unit"]).to_csv(
            folder / "clinical.csv", index=False
        )
        return folder

    return write


def _scores(study, model):
    predictions = pd.read_csv(study.output_folder / "predictions.csv", dtype={"patient_id": str})
    return predictions[
        (predictions["model"] == model) & (predictions["how"] == "validation")
    ].set_index("patient_id")["probability"]


@pytest.mark.parametrize(
    "model", ["cr", "radiomics", "resnet18", "rcr", "dlrcr", "radiomics_xgboost"]
)
def test_new_patients_get_the_scores_of_the_study(
    whole_study, cohort, training, as_folder, tmp_path, model
):
    folder = tmp_path / model
    write_model(cohort, training, model, folder)
    expected = _scores(whole_study, model)
    patients = [as_folder(patient, folder, tmp_path) for patient in expected.index[:2]]
    for prediction, patient in zip(
        predict_patients(folder, patients), expected.index, strict=False
    ):
        # The study's file has ten digits or more.
        assert prediction.patient_id == patient
        assert prediction.probability == pytest.approx(expected[patient], abs=1e-9)
        if prediction.terms:
            odds = prediction.intercept + sum(term["contribution"] for term in prediction.terms)
            assert 1 / (1 + np.exp(-odds)) == pytest.approx(prediction.probability, abs=1e-12)


def test_the_round_trip_is_exact_to_the_last_digits(training, fused):
    """The model in memory and the model from the folder, on the same inputs."""
    here, there = locked_model(training, "dlrcr"), LockedModel.from_description(*read_folder(fused))
    patients = training.provenance.inputs.subset(training.provenance.inputs.patients[:6])
    np.testing.assert_allclose(there.predict(patients), here.predict(patients), rtol=0, atol=1e-12)
    final = training.fitted.fusions["final"]["dlrcr"].scores[patients.patients]
    np.testing.assert_allclose(there.predict(patients), final, rtol=0, atol=1e-12)


def test_the_points_are_those_of_the_nomogram(whole_study, fused, as_folder):
    patient = _scores(whole_study, "dlrcr").index[0]
    prediction = predict_patients(fused, [as_folder(patient, fused)])[0]
    assert prediction.risk == (
        "high"
        if prediction.probability
        >= read_records(whole_study.output_folder / "results.json")["cutoff.dlrcr"].value
        else "low"
    )
    records = read_records(whole_study.output_folder / "results.json")
    if records["nomogram.model"].value != "dlrcr":
        pytest.skip("the nomogram of this study is of another model")
    ticks = pd.read_csv(whole_study.output_folder / "curves" / "nomogram.csv")
    for term in prediction.terms:
        axis = ticks[ticks["axis"] == term["term"]]
        assert (
            axis.empty or axis["points"].min() - 25 <= term["points"] <= axis["points"].max() + 25
        ), term
    total = sum(term["points"] for term in prediction.terms if term["points"] is not None)
    risk = ticks[ticks["axis"] == "risk"]
    near = np.interp(total, risk["total_points"], risk["tick"].astype(float))
    assert abs(near - prediction.probability) < 0.15


def test_nothing_of_a_patient_is_in_the_folder(whole_study, fused, clinical):
    content = b"".join(path.read_bytes() for path in fused.iterdir())
    assert not [patient for patient in clinical.index if patient.encode() in content]
    assert str(whole_study.root).encode() not in content


def _spoil_phase(folder):
    (folder / "delayed.nii.gz").unlink()


def _spoil_mask(folder):
    mask = sitk.ReadImage(str(folder / "mask.nii.gz"))
    sitk.WriteImage(mask * 0, str(folder / "mask.nii.gz"))


def _spoil_spacing(folder):
    for path in folder.glob("*.nii.gz"):
        image = sitk.ReadImage(str(path))
        image.SetSpacing([each * 4 for each in image.GetSpacing()])
        sitk.WriteImage(image, str(path))


def _spoil_intensity(folder):
    image = sitk.ReadImage(str(folder / "arterial.nii.gz"))
    sitk.WriteImage(sitk.Cast(image, sitk.sitkFloat64) * 50, str(folder / "arterial.nii.gz"))


def _spoil_unit(folder):
    table = pd.read_csv(folder / "clinical.csv")
    table["unit"] = ""
    table.to_csv(folder / "clinical.csv", index=False)


def _spoil_value(folder):
    table = pd.read_csv(folder / "clinical.csv", dtype=object)
    table.loc[0, "value"] = "1e9" if table.loc[0, "unit"] == table.loc[0, "unit"] else "purple"
    table.to_csv(folder / "clinical.csv", index=False)


def _spoil_table(folder):
    (folder / "clinical.csv").write_text("ast,90\n")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_spoil_phase, r"delayed phase: .*delayed\.nii\.gz is missing"),
        (_spoil_mask, r"mask\.nii\.gz is empty"),
        (_spoil_spacing, r"spacing \(mm\) .* too far from what the model knows"),
        (_spoil_intensity, r"arterial phase: median value inside the tumour .* too far"),
        (_spoil_unit, r"has no unit; the model was trained in"),
        (_spoil_value, r"(?s)clinical\.csv: .*(1e\+09|purple)"),
        (_spoil_table, r"its columns must be variable, value, unit"),
    ],
)
def test_inputs_that_the_model_does_not_know_are_refused(
    whole_study, fused, as_folder, tmp_path, capsys, spoil, message
):
    patient = as_folder(_scores(whole_study, "dlrcr").index[0], fused, tmp_path)
    spoil(patient)
    with pytest.raises(LockedModelError, match=message):
        predict_patients(fused, [patient])
    assert command("predict", "--model", fused, patient) != 0
    said = capsys.readouterr()
    assert "the model can't be applied" in said.err
    assert "Traceback" not in said.err
    assert not said.out


def test_what_is_unusual_is_said_and_scored(whole_study, fused, as_folder, tmp_path):
    patient = as_folder(_scores(whole_study, "dlrcr").index[0], fused, tmp_path)
    table = pd.read_csv(patient / "clinical.csv", dtype=object)
    table = table[table["unit"].isna()] if table["unit"].isna().any() else table.iloc[1:]
    table.to_csv(patient / "clinical.csv", index=False)
    image = sitk.ReadImage(str(patient / "arterial.nii.gz"))
    ranges = json.loads((fused / "model.json").read_text())["ranges"]["phases"]["arterial"][
        "tumour_median"
    ][0]
    inside = sitk.GetArrayFromImage(sitk.ReadImage(str(patient / "mask.nii.gz"))) > 0
    factor = ranges[1] * 1.2 / np.median(sitk.GetArrayFromImage(image)[inside])
    sitk.WriteImage(
        sitk.Cast(image, sitk.sitkFloat64) * float(factor), str(patient / "arterial.nii.gz")
    )
    prediction = predict_patients(fused, [patient])[0]
    said = " ".join(prediction.warnings)
    assert "is not given: it was imputed" in said
    assert "arterial phase: median value inside the tumour" in said
    assert 0 < prediction.probability < 1


def test_what_check_warns_of_is_said(whole_study, fused, as_folder, tmp_path):
    """A mask that touches the border of its image, and a small piece apart from the tumour."""
    patient = as_folder(_scores(whole_study, "dlrcr").index[0], fused, tmp_path)
    before = predict_patients(fused, [patient])[0]
    path = patient / "mask.nii.gz"
    mask = sitk.ReadImage(str(path))
    values = sitk.GetArrayFromImage(mask)
    values[0, 0, 0] = values.max()
    spoilt = sitk.GetImageFromArray(values)
    spoilt.CopyInformation(mask)
    sitk.WriteImage(spoilt, str(path))
    said = set(predict_patients(fused, [patient])[0].warnings) - set(before.warnings)
    assert sum("touches the border of its image" in each for each in said) == 1
    assert sum("1 small piece is apart from the largest" in each for each in said) == 1
    assert all("mask.nii.gz: it touches" in each for each in said if "border" in each)


def test_the_commands(whole_study, as_folder, tmp_path, capsys):
    model = tmp_path / "best"
    assert command("export", "--study", whole_study.path, model) == 0
    assert capsys.readouterr().out.startswith(f"{model}: ")
    patients = [
        str(as_folder(patient, model, tmp_path)) for patient in _scores(whole_study, "cr").index[:2]
    ]
    assert command("predict", "--model", model, *patients) == 0
    text = capsys.readouterr().out
    assert text.count("probability of early recurrence within 24 months") == 2
    assert command("predict", "--model", model, "--json", patients[0]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 1
    assert 0 < found[0]["probability"] < 1
    assert found[0]["patient_id"] in patients[0]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("resnet99", "this study has no model 'resnet99'; it has cr, "),
        ("volume", "is a model of your own"),
    ],
)
def test_a_model_that_can_not_be_exported_is_said(cohort, training, tmp_path, name, message):
    with pytest.raises(LockedModelError, match=message):
        write_model(cohort, training, name, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_places():
    assert [place_of(value, (1.0, 2.0)) for value in (1.5, 2.5, 3.5, 0.5, -0.5)] == [
        "inside",
        "outside",
        "far",
        "outside",
        "far",
    ]
    assert [place_of(value, (2.0, 2.0)) for value in (2.0, 2.5, 4.0, 0.5)] == [
        "inside",
        "outside",
        "far",
        "far",
    ]
