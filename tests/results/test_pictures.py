"""Which patients are shown, and that what is said of them is theirs."""

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.crops import crop_settings, mask_crop, tumour_crops
from analysis.reporting.figures.pictures import layer
from analysis.results import read_records
from analysis.results.grad_cam import chosen_patients
from analysis.results.pictures import grey, reference_slice
from analysis.workflow.check.load import load_cohort


def test_the_surest_and_the_worst_of_either_outcome_are_chosen():
    scores = pd.DataFrame(
        {"label": [1, 1, 1, 0, 0, 0], "probability": [0.9, 0.1, 0.5, 0.05, 0.95, 0.5]},
        index=list("abcdef"),
    )
    assert chosen_patients(scores)[["patient_id", "reason"]].to_numpy().tolist() == [
        ["a", "highest_with_event"],
        ["d", "lowest_without_event"],
        ["e", "highest_without_event"],
        ["b", "lowest_with_event"],
    ]
    alone = chosen_patients(scores.loc[["b", "d", "e"]])
    assert list(alone["patient_id"]) == ["b", "d", "e"]
    assert alone["reason"].is_unique


def test_beyond_an_image_a_picture_is_black_and_nothing_else_changes():
    picture = np.linspace(0, 10, 64).reshape(8, 8)
    cut = picture.copy()
    cut[0] = np.nan
    assert (grey(cut)[0] == 0).all()
    assert (grey(cut)[1:] == grey(picture[1:])).all()
    assert not grey(cut * np.nan).any()


def test_the_gallery_has_the_largest_errors_and_their_own_images(whole_study):
    folder = whole_study.output_folder
    records = read_records(folder / "results.json")
    predictions = pd.read_csv(folder / "predictions.csv")
    rows = (
        predictions[
            (predictions["model"] == records["best.model"].value)
            & (predictions["how"] == "validation")
        ]
        .dropna(subset=["label"])
        .set_index("patient_id")
    )
    errors = (rows["label"] - rows["probability"]).abs()
    patients = pd.read_csv(folder / "curves" / "gallery_patients.csv")
    assert len(patients) == records["gallery.n"].value == 2
    assert set(errors[patients["patient_id"]]) == set(errors.nlargest(2))
    assert np.allclose(patients["probability"], rows.loc[patients["patient_id"], "probability"])
    pixels, cohort = pd.read_csv(folder / "curves" / "gallery.csv"), load_cohort(whole_study)
    for patient in patients.itertuples():
        crop = tumour_crops(cohort, patients=[patient.patient_id])[0]
        part = pixels[pixels["picture"] == patient.picture]
        for number, phase in enumerate(whole_study.phases):
            assert np.array_equal(
                layer(part, f"phase.{phase}"), grey(crop[reference_slice(len(crop)), number])
            )
        mask = mask_crop(
            cohort.mask_source(patient.patient_id, whole_study.deep_learning.reference_phase),
            crop_settings(cohort),
        )
        assert mask.any()
        assert np.array_equal(layer(part, "tumour"), mask[reference_slice(len(crop))])


def test_grad_cam_is_that_of_the_chosen_network_on_validation_patients(whole_study):
    folder = whole_study.output_folder
    records = read_records(folder / "results.json")
    assert records["grad_cam.network"].value in whole_study.deep_learning.networks
    patients, pixels = (
        pd.read_csv(folder / "curves" / name) for name in ("grad_cam_patients.csv", "grad_cam.csv")
    )
    predictions = pd.read_csv(folder / "predictions.csv")
    assert records["grad_cam.n"].value == len(patients)
    validation = predictions[
        (predictions["model"] == "dl") & (predictions["how"] == "validation")
    ].set_index("patient_id")
    assert set(patients["patient_id"]) <= set(validation.index)
    assert np.allclose(
        patients["probability"], validation.loc[patients["patient_id"], "probability"]
    )
    for patient in patients.itertuples():
        part = pixels[pixels["picture"] == patient.picture]
        inside = (
            (part["heat"] * part["tumour"]).sum() / part["heat"].sum()
            if part["heat"].sum()
            else np.nan
        )
        assert part["heat"].between(0, 100).all()
        assert inside == pytest.approx(patient.inside, abs=0.02, nan_ok=True)
    assert {"grad_cam", "gallery", "training"} <= {
        path.stem for path in (folder / "figures").glob("*.png")
    }
    curves = pd.read_csv(folder / "curves" / "training.csv")
    assert set(curves["model"]) == set(whole_study.deep_learning.networks)
    assert set(curves["context"]) == {"final", "outer_1", "outer_2"}
    assert curves["loss"].gt(0).all()
    assert len(list((folder / "training").glob("*.csv"))) == 3 * 7
    assert not list((whole_study.cache_folder / "training").glob("*.pt"))
