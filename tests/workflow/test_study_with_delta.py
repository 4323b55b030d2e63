"""A study that registers and compares phases, from images to the article and a new patient."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.reporting.figures.findings import Findings
from analysis.reporting.rendering.alternative_text import alternative_text
from analysis.results import read_records
from analysis.results.registration_pictures import registration_pictures
from analysis.study import load_study
from analysis.study.protocol import Sharing
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.new_deltas import near_zero_warnings
from analysis.workflow.locked_model.new_images import look_at_images
from analysis.workflow.locked_model.patient_files import patient_files
from analysis.workflow.locked_model.predict import predict_patients
from models.inputs import Inputs
from models.locked import LockedModel, read_folder
from tests.support.blank_figures import run_with_blank_figures
from tests.support.registered_images import SHAPE, organ
from tests.support.small_cohort import FEW_FEATURES, image_study

# The run of a whole small study.
pytestmark = pytest.mark.whole
CHANGE = "delta_wash_in_arterial_to_delayed_original_firstorder_Mean"
NAMES = [
    "delta_delayed_minus_arterial_original_firstorder_Mean",
    "delta_delayed_minus_arterial_original_firstorder_Range",
    "delta_delayed_over_arterial_original_firstorder_Mean",
    "delta_delayed_over_arterial_original_firstorder_Range",
    CHANGE,
]


MASK = "images/{patient_id}/mask.nii.gz"
# Of the delayed phase, in mm; the organ's surroundings are 500.
SHIFT = (3.0, -2.0, 1.5)


def draw(folder, number):
    """Two phases of one organ, the second moved and in another contrast, and a tumour's mask."""
    arterial, delayed = organ(seed=number), organ(SHIFT, contrast=-0.6, seed=50 + number)
    for name, image in (("arterial", arterial), ("delayed", delayed)):
        sitk.WriteImage((image + 500) * (1 + number / 100), str(folder / f"{name}.nii.gz"))
    values = np.zeros(SHAPE, np.uint8)
    values[5:11, 10:20, 8 + number % 4 : 20] = 1
    values[4, 12:14, 12 : 13 + number] = 1  # no two patients have the same
    mask = sitk.GetImageFromArray(values)
    mask.CopyInformation(arterial)
    sitk.WriteImage(mask, str(folder / "mask.nii.gz"))


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    extraction = {
        "normalise": False,
        "log_sigma_mm": [],
        "wavelet": None,
        "resampled_spacing_mm": None,
        "features": {"firstorder": ["Mean", "Range"]},
    }
    pair = {
        "phase": "delayed",
        "reference": "arterial",
        "measures": ["difference", "ratio", "wash_in"],
    }
    # Every feature is in the model, so that every kind of comparison is in a new patient's score.
    radiomics = FEW_FEATURES | {
        "extraction": extraction,
        "delta": [pair],
        "selection": ["variance"],
    }
    patterns = {
        name: {"image": f"images/{{patient_id}}/{name}.nii.gz", "mask": MASK}
        for name in ("arterial", "delayed")
    }
    patterns["delayed"] |= {"resample_to": "arterial", "registration": {"transform": "rigid"}}
    path = image_study(
        tmp_path_factory.mktemp("delta"),
        radiomics=radiomics,
        phases=patterns,
        sharing={"pictures": True},
    )
    for number in range(1, 13):
        draw(path.parent / "data" / "images" / f"P{number:02d}", number)
    study = load_study(path)
    run_with_blank_figures(study)
    return study


def test_results_and_tables_count_and_name_them(computed):
    folder = computed.output_folder
    records = read_records(folder / "results.json")
    assert records["features.total"].value == 2 * 2 + 5
    assert records["features.per_phase"].value == 2
    assert records["features.delta.total"].value == 5
    assert records["features.comparison.delayed_minus_arterial.n"].value == 2
    assert records["features.delta.selected.n"].value == 5
    assert records["features.delta.left_out.n"].value == 0
    assert records["features.delta.filled.n"].value == 0
    assert pd.read_csv(folder / "tables" / "delta_left_out.csv").empty
    dictionary = pd.read_csv(folder / "tables" / "feature_dictionary.csv").set_index("feature")
    assert list(dictionary.loc[CHANGE, ["phase", "image", "class", "name"]]) == [
        *("wash-in from arterial to delayed", "original", "first order", "Mean")
    ]
    shown = pd.read_csv(folder / "features.csv", index_col=0)
    assert [name for name in shown if name.startswith("delta_")] == NAMES
    assert Findings(records, {}).feature_name(CHANGE) == (
        "wash-in from arterial to delayed, original, first order, mean"
    )


def test_the_registration_of_each_patient_is_told(computed):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_images
    from analysis.reporting.sections.supplement_patients import supplement_images
    from analysis.reporting.tables import registration_markdown

    table = pd.read_csv(computed.output_folder / "tables" / "registration.csv")
    assert len(table) == 12
    assert set(table["phase"] + table["reference"]) == {"delayedarterial"}
    assert table["used"].all()
    assert (table["after"] > table["before"]).all()
    assert np.abs(table["shift_mm"] - np.linalg.norm(SHIFT)).max() < 0.5
    records = read_records(computed.output_folder / "results.json")
    assert records["registration.unused.delayed.n"].value == 0
    assert records["registration.shift.delayed"].value == pytest.approx(table["shift_mm"].median())
    results = open_results(computed.path)
    text = results.fill(methods_images(Context(results)))
    assert "Images were registered (delayed to arterial) by a rigid transform" in text
    assert "without registration" not in text
    assert "delayed" in registration_markdown(results).data
    supplement = supplement_images(Context(results))
    assert "tbl-registration" in supplement
    pictures = pd.read_csv(computed.output_folder / "curves" / "registration_pictures.csv")
    assert ("patient_id" in pictures) is False
    assert (len(pictures), "fig-registration" in supplement) == (4, True)
    assert "before and after registration" in alternative_text(results, "registration")
    private = computed.model_copy(update={"sharing": Sharing()})
    assert registration_pictures(replace(load_cohort(computed), study=private)) == {}


def test_the_article_says_what_they_are(computed):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_radiomics
    from analysis.reporting.tables.feature_names import in_one

    results = open_results(computed.path)
    text = results.fill(methods_radiomics(Context(results)))
    assert "giving 9 features per patient." in text
    assert (
        "The total includes 5 features that compare two phases in"
        " the same segmentation: of first-order features of the unfiltered image, the difference"
        " delayed − arterial (2) and the ratio delayed / arterial (2); of the mean of the"
        " unfiltered image, wash-in, (delayed − arterial) / arterial. A quotient entered a fit only"
    ) in text
    assert "nowhere below 5% of its median magnitude" in text
    standard = "PyRadiomics has the definitions of the Image Biomarker Standardisation Initiative"
    assert text.index("The total includes") < text.index(standard)
    assert in_one(results, NAMES[0]) == "delayed minus arterial, original, first order, mean"


@pytest.fixture(scope="module")
def exported(computed, tmp_path_factory):
    cohort = load_cohort(computed)
    folder = tmp_path_factory.mktemp("exported") / "model"
    write_model(cohort, trained(cohort)[1], "radiomics_logistic", folder)
    return folder


@pytest.fixture
def patient(computed, tmp_path):
    predictions = pd.read_csv(computed.output_folder / "predictions.csv")
    row = predictions.query("model == 'radiomics_logistic' and how == 'validation'").iloc[0]
    folder = tmp_path / row["patient_id"]
    shutil.copytree(computed.cohort_folder / "images" / row["patient_id"], folder)
    return folder, row["probability"]


def test_a_new_patient_is_scored_as_in_the_study(exported, patient):
    folder, probability = patient
    description = json.loads((exported / "model.json").read_text())
    assert set(description["delta"]) == set(NAMES)
    assert description["delta"][CHANGE] == {
        "measure": "wash_in",
        "phase": "delayed_original_firstorder_Mean",
        "reference": "arterial_original_firstorder_Mean",
    }
    assert predict_patients(exported, [folder])[0].probability == pytest.approx(
        probability, abs=1e-12
    )
    card = (exported / "MODEL_CARD.md").read_text()
    assert "5 features of those that compare two phases" in card
    assert "delayed images, which `predict` registers to those of arterial by a rigid" in card


def test_a_new_patient_whose_registration_is_not_used_is_told(exported, patient):
    folder, _ = patient
    description = read_folder(exported)[0]
    description["phases"]["delayed"]["registration"]["furthest_mm"] = 1.0
    files, faults, warnings = patient_files(description, folder), [], []
    look_at_images(description, files, folder.name, faults, warnings)
    assert any(
        "delayed phase: the registration of phase delayed to arterial is not used:" in each
        for each in warnings
    )


def test_a_new_patient_with_a_denominator_near_zero_is_told(computed, exported):
    model = LockedModel.from_description(*read_folder(exported))
    row = pd.read_csv(computed.output_folder / "features.csv", index_col=0).iloc[[0]]
    assert near_zero_warnings(model, Inputs(row.index, radiomics=row)) == []
    near = row.assign(arterial_original_firstorder_Mean=1.0)
    found = near_zero_warnings(model, Inputs(near.index, radiomics=near))
    assert [text.split(" can't")[0] for text in found] == [NAMES[2], CHANGE]
    assert "denominator arterial_original_firstorder_Mean is 1, of the other sign" in found[0]
