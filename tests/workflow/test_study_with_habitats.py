"""A study with habitats, from the images to the article and a new patient."""

import shutil

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.inputs.crops.example import read_examples
from analysis.results import read_records
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.predict import predict_patients
from analysis.workflow.locked_model.prediction import Refusal
from models.habitats.names import is_habitat_feature
from models.locked import LockedModelError
from tests.support.blank_figures import run_with_blank_figures
from tests.support.living_study import few_of, growing_study

# The run of a whole small study.
pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    path, _ = growing_study(tmp_path_factory.mktemp("habitats"))
    few_of(path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text())
    content["phases"] |= {
        "delayed": {
            "image": "images/{patient_id}/delayed.nii.gz",
            "mask": "images/{patient_id}/mask.nii.gz",
        }
    }
    content["phases"]["arterial"]["repeat_masks"] = {"again": "images/{patient_id}/again.nii.gz"}
    content["radiomics"] |= {
        "extraction": {
            "log_sigma_mm": [],
            "wavelet": None,
            "bin_count": 16,
            "features": {"firstorder": ["Entropy", "Skewness"]},
        },
        "habitats": {"number_to": 3, "voxels_per_patient": 30},
        "selection": ["variance", "univariable"],
        "univariable_features": 6,
        "icc_threshold": 0.0,
    }
    content["controls"] = {"permutations": 1}
    content["robustness"] = {"instability_resamples": 1}
    content["statistics"] |= {"optimism_resamples": 0, "bootstrap_resamples": 100}
    # What this test does not look at is left out.
    content["statistics"].pop("contrasts")
    content |= {"comparators": [], "subgroups": []}
    with path.open("w") as file:
        yaml.dump(content, file)
    # The event comes where a part of the tumour is bright; the other part is dark.
    table = pd.read_csv(path.parent / "data" / "clinical.csv", dtype=str)
    for patient in table["patient_id"]:
        folder = path.parent / "data" / "images" / patient
        mask = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "mask.nii.gz"))) > 0
        places = np.argwhere(mask)
        share = 0.6 if int(patient.split("-")[1]) % 2 else 0.3
        bright = places[: int(share * len(places))]
        for name in ("arterial", "delayed"):
            image = sitk.ReadImage(str(folder / f"{name}.nii.gz"))
            values = sitk.GetArrayFromImage(image)
            step = 6 * values.std() * (1 if name == "arterial" else -1)
            values[tuple(bright.T)] += np.asarray(step, values.dtype)
            changed = sitk.GetImageFromArray(values)
            changed.CopyInformation(image)
            sitk.WriteImage(changed, str(folder / f"{name}.nii.gz"))
        again = sitk.ReadImage(str(folder / "mask.nii.gz"))
        sitk.WriteImage(sitk.BinaryDilate(again, [1, 1, 0]), str(folder / "again.nii.gz"))
    study = load_study(path)
    run_with_blank_figures(study)
    return study


@pytest.fixture(scope="module")
def training(computed):
    return trained(load_cohort(computed))[1]


def test_results_describe_the_habitats(computed, training):
    records = read_records(computed.output_folder / "results.json")
    fit = training.fitted.fit("radiomics")
    habitats = fit.model.habitats_
    assert records["habitats.n"].value == habitats.number
    assert records["habitats.phase"].value == "arterial"
    assert records["habitats.features.n"].value == len(habitats.names)
    own = [name for name in fit.selected if is_habitat_feature(name)]
    assert own
    assert records["habitats.selected.n"].value == len(own)
    table = pd.read_csv(computed.output_folder / "tables" / "habitats.csv")
    assert list(table["habitat"]) == list(range(1, habitats.number + 1))
    assert table["centre_arterial"].is_monotonic_increasing
    assert table["icc"].between(-1, 1).all()
    dictionary = pd.read_csv(computed.output_folder / "tables" / "feature_dictionary.csv")
    row = dictionary.set_index("feature").loc[own[0]]
    assert (row["class"], row["final"]) == ("habitats", "yes")
    assert row["name"].startswith("habitat ")
    frequency = pd.read_csv(computed.output_folder / "tables" / "selection_frequency.csv")
    assert set(own) <= set(frequency["feature"])
    settings = set(pd.read_csv(computed.output_folder / "tables" / "settings.csv")["setting"])
    assert "radiomics.habitats.number_to" in settings
    steps = pd.read_csv(computed.output_folder / "curves" / "selection_steps.csv")
    extracted = pd.read_csv(computed.output_folder / "features.csv").shape[1] - 1
    assert steps.set_index("step").loc["extracted", "features"] == extracted + len(habitats.names)


def test_every_fold_has_clusters_of_its_own_patients(computed, training):
    scores = training.fitted.scores
    cohort = load_cohort(computed)
    voxels = training.provenance.inputs.voxels
    from models.habitats.fitted import fitted_habitats

    for context in training.fitted.outer:
        fit = scores.fits["radiomics_logistic", context]
        learnt = cohort.patients.get_indexer(list(scores.contexts[context].learn))
        again = fitted_habitats(fit.model.habitats, voxels.take(learnt))
        assert again.description() == fit.model.habitats_.description()


def test_other_segmentations_have_voxels_of_their_own(training):
    inputs = training.provenance.inputs
    repeated = [name for name in inputs.patients if "\x1f" in str(name)]
    assert repeated
    own = inputs.subset([str(repeated[0]).partition("\x1f")[0]])
    other = inputs.subset([repeated[0]])
    assert len(other.voxels.patient(0)) > len(own.voxels.patient(0))


def test_the_article_names_them(computed):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.rendering.alternative_text import alternative_text
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_radiomics
    from analysis.reporting.sections.supplement_patients import supplement_selection
    from analysis.reporting.tables import features_markdown, habitats_markdown

    results = open_results(computed.path)
    text = methods_radiomics(Context(results))
    assert "Habitats of the tumour were clusters of its voxels by their intensities in" in text
    assert "by k-means" in text
    assert "from 2 to 3, was that of the highest mean silhouette" in text
    assert "no voxel of a left-out patient was used" in text
    assert "@tbl-habitats" in supplement_selection(Context(results))
    assert "Patients without it" in habitats_markdown(results).data
    assert "Habitat " in features_markdown(results).data
    assert results.has_figure("habitats")
    assert "habitats in colours" in alternative_text(results, "habitats")
    for each in read_examples(computed.output_folder / "curves" / "examples.npz"):
        assert each.habitats[each.mask > 0].min() >= 1
        assert not each.habitats[each.mask == 0].any()


@pytest.fixture(scope="module")
def exported(computed, training, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "model"
    write_model(load_cohort(computed), training, "radiomics_logistic", folder)
    return folder


@pytest.fixture
def patient(computed, tmp_path):
    predictions = pd.read_csv(computed.output_folder / "predictions.csv")
    row = predictions.query("model == 'radiomics_logistic' and how == 'validation'").iloc[0]
    folder = tmp_path / row["patient_id"]
    shutil.copytree(computed.cohort_folder / "images" / row["patient_id"], folder)
    return folder, row["probability"]


def test_a_new_patient_gets_the_probability_of_the_run(exported, patient):
    folder, probability = patient
    found = predict_patients(exported, [folder])[0]
    assert found.probability == pytest.approx(probability, abs=1e-12)
    assert "habitats" in (exported / "MODEL_CARD.md").read_text()


def test_a_new_patient_whose_phases_do_not_meet_is_refused_in_words(exported, patient):
    folder, _ = patient
    image = sitk.ReadImage(str(folder / "delayed.nii.gz"))
    image.SetOrigin([1000.0, 0.0, 0.0])
    sitk.WriteImage(image, str(folder / "delayed.nii.gz"))
    try:
        found = predict_patients(exported, [folder])[0]
    except LockedModelError as error:
        words = str(error)
    else:
        assert isinstance(found, Refusal)
        words = found.faults
    assert "the model can't be applied" in words


def test_a_bundle_is_verified_and_says_that_habitats_need_the_images(computed, tmp_path):
    from analysis.workflow.review.bundle import write_bundle
    from analysis.workflow.review.verify import verify

    found = verify(write_bundle(computed, tmp_path / "bundle.zip"), retrain=True)
    assert found.different == []
    assert "radiomics was not trained: its habitats need the images" in found.retrained.lines
    assert any(line.startswith("cr, ") for line in found.retrained.lines)
