"""Which patients are shown, and that what is said of them is theirs."""

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.crops import crop_settings, mask_crop, tumour_crops
from analysis.reporting.figures.pictures import layer
from analysis.results import read_records
from analysis.results.grad_cam import chosen_patients
from analysis.results.network_description import input_words, training_words
from analysis.results.pictures import grey, reference_slice
from analysis.study import DeepLearning
from analysis.workflow.check.load import load_cohort


def test_the_surest_and_the_worst_of_either_outcome_are_chosen():
    scores = pd.DataFrame(
        {"label": [1, 1, 1, 0, 0, 0], "probability": [0.9, 0.1, 0.5, 0.05, 0.95, 0.5]},
        index=list("abcdef"),
    )
    assert chosen_patients(scores)[["patient_id", "reason"]].to_numpy().tolist() == [
        ["a", "highest with event"],
        ["d", "lowest without event"],
        ["e", "highest without event"],
        ["b", "lowest with event"],
    ]
    alone = chosen_patients(scores.loc[["b", "d", "e"]])
    assert list(alone["patient_id"]) == ["b", "d", "e"]
    assert alone["reason"].is_unique


def test_the_words_follow_the_settings():
    plain = DeepLearning(
        reference_phase="portal_venous", epochs=20, slices=3, field_of_view_mm=80, crop_pixels=40
    )
    assert (
        input_words(plain)
        == "3 axial slices around the largest section, 80 mm in 40 pixels, on the grid of the"
        " portal venous phase; each phase with mean 0 and standard deviation 1 within the crop"
    )
    assert (
        training_words(plain, "float32")
        == "They were trained from scratch for 20 epochs with AdamW under a one-cycle schedule"
        " (peak learning rate 0.001, batches of about 16); pictures were augmented by flips,"
        " quarter turns, zoom up to 10% and noise."
    )
    other = DeepLearning(
        reference_phase="a",
        networks=["resnet18", "resnet50"],
        dimensions=3,
        crop_pixels=48,
        margin_mm=10,
        normalisation="volume",
        clip_percentiles=[1, 99],
        schedule="cosine",
        warmup_epochs=5,
        class_weights="balanced",
        early_stopping={"share": 0.2, "patience": 9},
        members=3,
        augmentation={"flips": False, "quarter_turns": False, "zoom": 0, "noise": 0},
        pretrained={"resnet50": {"file": "weights/r50.pt", "source": "another cohort"}},
    )
    assert input_words(other).startswith(
        "a block of 48 planes as far apart as its pixels, the tumour's bounding box with a margin"
        " of 10 mm in 48 pixels"
    )
    assert input_words(other).endswith("over the volume, clipped to the percentiles 1 to 99")
    text = training_words(other, "bfloat16")
    for words in (
        (
            "ResNet-50 from the weights in r50.pt (another cohort) and the others from scratch for"
            " at most 60 epochs"
        ),
        "20% of the learning patients",
        "fallen for 9 epochs",
        "a cosine schedule after 5 epochs of warm-up",
        "pictures were not augmented",
        "taken back in the probabilities",
        "mean of 3 networks",
        "bfloat16 mixed precision, scoring in float32",
    ):
        assert words in text, words


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
