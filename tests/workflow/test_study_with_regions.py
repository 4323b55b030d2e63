"""A study with a peritumoral ring, from the images to the article and a new patient."""

import shutil

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.inputs.crops.example import read_examples
from analysis.inputs.radiomics import radiomics_table
from analysis.results import read_records
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.predict import predict_patients
from analysis.workflow.locked_model.prediction import Refusal
from models.locked import LockedModelError
from tests.support.blank_figures import run_with_blank_figures
from tests.support.living_study import few_of, growing_study

# The run of a whole small study.
pytestmark = pytest.mark.whole
WORDS = "peritumoral ring (0–4 mm)"


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    path, _ = growing_study(tmp_path_factory.mktemp("regions"))
    few_of(path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text())
    content["phases"]["arterial"]["organ"] = "images/{patient_id}/liver.nii.gz"
    content["radiomics"] |= {
        "regions": {"ring": {"ring": {"from_mm": 0, "to_mm": 4}}},
        "perturbation": {"erosion_mm": 1.5, "patients": 6},
        "icc_threshold": 0.2,
    }
    content["controls"] = {"permutations": 0}
    content["robustness"] = {"instability_resamples": 0}
    content["statistics"] |= {"optimism_resamples": 0, "bootstrap_resamples": 100}
    # What this test does not look at is left out.
    content["statistics"].pop("contrasts")
    content |= {"comparators": [], "subgroups": []}
    with path.open("w") as file:
        yaml.dump(content, file)
    # A liver that leaves out the first column of the image.
    for folder in (path.parent / "data" / "images").iterdir():
        mask = sitk.ReadImage(str(folder / "mask.nii.gz"))
        liver = sitk.GetArrayFromImage(mask)
        liver[:], liver[:, :, 0] = 1, 0
        image = sitk.GetImageFromArray(liver)
        image.CopyInformation(mask)
        sitk.WriteImage(image, str(folder / "liver.nii.gz"))
    study = load_study(path)
    run_with_blank_figures(study)
    return study


def test_the_table_has_a_block_of_the_ring_and_its_repeats(computed):
    table = radiomics_table(load_cohort(computed))
    ring = [name for name in table.features if name.startswith("arterial_ring_")]
    tumour = [name for name in table.features if name not in ring]
    assert ring == [
        name.replace("arterial_", "arterial_ring_") for name in tumour if "_shape_" not in name
    ]
    eroded = table.delineations["erosion"]
    assert list(eroded.columns) == list(table.features.columns)
    # The tumour's rim counts among the ring of the eroded mask.
    assert not np.allclose(eroded[ring], table.features.loc[eroded.index, ring])


def test_results_count_the_regions_features_and_what_was_cut(computed):
    records = read_records(computed.output_folder / "results.json")
    tumour, ring = (records[f"features.{name}"].value for name in ("tumour", "region.ring.n"))
    assert (tumour, ring) == (14 + 9 * 93, 9 * 93)
    assert records["features.total"].value == tumour + ring
    assert records["features.shape"].value == 14
    assert records["features.region.ring.label"].value == WORDS
    tables = computed.output_folder / "tables"
    quality = pd.read_csv(tables / "region_quality.csv")
    assert len(quality) == records["cohort.n"].value
    cut = quality[quality["share_cut"] > 0]
    assert records["regions.ring.cut.n"].value == len(cut)
    assert (quality["voxels"] > 0).all()
    steps = pd.read_csv(computed.output_folder / "curves" / "selection_by_region.csv")
    last = steps[steps["order"] == steps["order"].max()].set_index("region")["features"]
    assert last.sum() == records["features.selected.n"].value
    assert records["features.region.ring.selected.n"].value == last[WORDS]
    dictionary = pd.read_csv(tables / "feature_dictionary.csv").set_index("feature")
    row = dictionary.loc["arterial_ring_original_glcm_Contrast"]
    assert list(row[["phase", "region", "image", "name"]]) == [
        *("arterial", WORDS, "original", "Contrast"),
    ]
    by_class = pd.read_csv(tables / "feature_icc_by_class.csv")
    assert set(by_class["region"]) == {"tumour", WORDS}
    settings = set(pd.read_csv(tables / "settings.csv")["setting"])
    assert "radiomics.regions.ring.ring.to_mm" in settings


def test_the_article_names_them(computed):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_radiomics
    from analysis.reporting.tables import features_markdown, region_quality_markdown
    from analysis.reporting.tables.feature_names import in_one

    results = open_results(computed.path)
    text = methods_radiomics(Context(results))
    assert "{features.tumour|feature} per phase" in text
    assert (
        "; features other than shape were also taken from the {features.region.ring.label}"
        " ({features.region.ring.n|feature} per phase), giving {features.total|feature} per"
        " patient. Regions beside the tumour were made"
    ) in text
    assert "Outside of the tumour they ended at the border of the organ's mask and left" in text
    assert (
        "A part of the {features.region.ring.label} was cut in {regions.ring.cut.n|patient}" in text
    )
    assert f"also taken from the {WORDS} (" in results.fill(text)
    assert in_one(results, "arterial_ring_original_glcm_Contrast") == (
        f"arterial, {WORDS}, original, GLCM, contrast"
    )
    assert "Region" in features_markdown(results).data
    assert WORDS in region_quality_markdown(results).data
    shown = read_examples(computed.output_folder / "curves" / "examples.npz")
    assert all(list(each.regions) == [WORDS] for each in shown)
    assert all(each.regions[WORDS].any() for each in shown)
    assert not any((each.regions[WORDS] & each.mask).any() for each in shown)


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


def test_a_new_patient_is_scored_by_the_region_of_the_mask(exported, patient):
    folder, probability = patient
    found = predict_patients(exported, [folder])[0]
    assert found.probability == pytest.approx(probability, abs=1e-9)


def said(exported, folder):
    """What a refused patient is told, however many patients there are."""
    try:
        found = predict_patients(exported, [folder])[0]
    except LockedModelError as error:
        return str(error)
    assert isinstance(found, Refusal)
    return found.faults


def test_a_new_patient_without_the_region_is_refused_in_words(exported, patient):
    folder, _ = patient
    liver, mask = (sitk.ReadImage(str(folder / f"{name}.nii.gz")) for name in ("liver", "mask"))
    tumour_alone = sitk.Cast(mask > 0, liver.GetPixelID())
    sitk.WriteImage(tumour_alone, str(folder / "liver.nii.gz"))
    words = said(exported, folder)
    assert "the model can't be applied" in words
    assert "region 'ring' is empty: of" in words
    assert "beyond the organ's mask" in words
    (folder / "liver.nii.gz").unlink()
    assert "liver.nii.gz is missing" in said(exported, folder)
