"""A study of images that are corrected, scaled and perturbed, to the article and a new patient."""

import shutil

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.inputs.radiomics import radiomics_table
from analysis.results import read_records
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.predict import predict_patients
from tests.support.blank_figures import run_with_blank_figures
from tests.support.living_study import few_of, growing_study

# The run of a whole small study.
pytestmark = pytest.mark.whole
MASK = "images/{patient_id}/liver.nii.gz"


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    path, _ = growing_study(tmp_path_factory.mktemp("prepared"))
    few_of(path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text())
    content["preprocessing"] = {
        "bias_correction": {"shrink": 1, "iterations": [10, 10], "mask": "positive"},
        "intensity": {"method": "organ", "mask": MASK, "label": "the liver"},
    }
    content["radiomics"]["extraction"] = {"log_sigma_mm": [], "wavelet": None, "normalise": False}
    content["radiomics"] |= {
        "perturbation": {
            "noise": 1,
            "translation": 0.5,
            "chains": {"both": ["noise", "translation"]},
            "alone": False,
            "repeats": 2,
            "patients": 5,
            "compare_preprocessing": True,
        },
        "icc_threshold": 0.2,
    }
    content["controls"] = {"permutations": 0}
    content["robustness"] = {"instability_resamples": 0}
    content["statistics"] |= {"optimism_resamples": 0, "bootstrap_resamples": 100}
    content["statistics"].pop("contrasts")
    content |= {"comparators": [], "subgroups": []}
    with path.open("w") as file:
        yaml.dump(content, file)
    # A liver: all but the tumour and the first column.
    for folder in (path.parent / "data" / "images").iterdir():
        mask = sitk.ReadImage(str(folder / "mask.nii.gz"))
        liver = (sitk.GetArrayFromImage(mask) == 0).astype(np.uint8)
        liver[:, :, 0] = 0
        image = sitk.GetImageFromArray(liver)
        image.CopyInformation(mask)
        sitk.WriteImage(image, str(folder / "liver.nii.gz"))
    study = load_study(path)
    run_with_blank_figures(study)
    return study


def test_features_are_those_of_prepared_images_and_are_compared_with_stored_ones(computed):
    cohort = load_cohort(computed)
    table = radiomics_table(cohort)
    assert list(table.delineations) == list(table.further) == ["both"]
    plain = table.unprepared
    assert plain is not None
    mean = "arterial_original_firstorder_Mean"
    patients = list(plain.features.index)
    assert len(patients) == 5
    assert set(patients) <= set(cohort.patients[cohort.cohort == "training"])
    assert not np.allclose(table.features.loc[patients, mean], plain.features[mean])
    shape = "arterial_original_shape_VoxelVolume"
    pd.testing.assert_series_equal(table.features.loc[patients, shape], plain.features[shape])
    frame = pd.read_csv(
        computed.output_folder / "tables" / "preprocessing_repeatability.csv"
    ).set_index("perturbation")
    assert list(frame.index) == ["both", "all"]
    assert frame[["with_it", "without"]].apply(lambda each: each.between(0, 1)).all(axis=None)
    assert len(list((computed.cache_folder / "bias_fields").rglob("*.pickle"))) == len(
        cohort.patients
    )


def test_the_article_says_what_was_done_in_its_order(computed):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_images, methods_radiomics
    from analysis.reporting.sections.supplement_patients import supplement_reproducibility

    results = open_results(computed.path)
    images = methods_images(Context(results))
    assert (
        "Images were corrected for the bias field by N4 (fitted on voxels above 0, by at most 10"
        " iterations on each of 2 levels, convergence 0.001), then put on mean 0 and"
        " standard deviation 100 of voxels in the mask of the liver [@tustison2010]."
        " Each image was treated by itself"
    ) in images
    text = methods_radiomics(Context(results))
    assert "Images and masks of training patients were perturbed" in text
    assert "Gaussian noise was added in multiples (SD) of" in text
    supplement = supplement_reproducibility(Context(results))
    assert "@tbl-preprocessing has the share" in supplement
    assert "All together" in supplement
    records = read_records(computed.output_folder / "results.json")
    assert records["agreement.perturbations"].value == (
        "both: noise 1 SD with translation 0.5 voxel, 2 repeats"
    )
    settings = pd.read_csv(computed.output_folder / "tables" / "settings.csv")["setting"]
    assert "preprocessing.bias_correction.shrink" in set(settings)


def test_a_new_patient_is_prepared_and_scored_as_in_the_study(computed, tmp_path):
    cohort = load_cohort(computed)
    exported = tmp_path / "model"
    write_model(cohort, trained(cohort)[1], "radiomics_logistic", exported)
    card = next(exported.glob("*.md")).read_text(encoding="utf-8")
    assert "by `predict` they are corrected for the bias field by N4" in card
    assert MASK in card
    predictions = pd.read_csv(computed.output_folder / "predictions.csv")
    row = predictions.query("model == 'radiomics_logistic' and how == 'validation'").iloc[0]
    folder = tmp_path / row["patient_id"]
    shutil.copytree(computed.cohort_folder / "images" / row["patient_id"], folder)
    found = predict_patients(exported, [folder])[0]
    assert found.probability == pytest.approx(row["probability"], abs=1e-9)
    (folder / "liver.nii.gz").unlink()
    with pytest.raises(Exception, match=r"liver\.nii\.gz is missing"):
        predict_patients(exported, [folder])
