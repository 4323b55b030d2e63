"""A study whose histograms are matched anew in each fold, to the article and a new patient."""

import shutil

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.inputs.radiomics.table import features_under
from analysis.inputs.standard_scale import (
    cohort_landmarks,
    final_learning,
    scale_of,
    with_standard_scale,
)
from analysis.results import read_records
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.examine import examine
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update.status import status_of
from analysis.workflow.locked_model.export import write_model
from analysis.workflow.locked_model.predict import predict_patients
from models.locked import LockedModelError
from tests.support.blank_figures import run_with_blank_figures
from tests.support.living_study import few_of, growing_study

# The run of a whole small study.
pytestmark = pytest.mark.whole
MEAN = "arterial_original_firstorder_Mean"
PATIENTS = 23


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    path, _ = growing_study(tmp_path_factory.mktemp("matched"))
    assert len(few_of(path)) == PATIENTS
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text())
    content["preprocessing"] = {"intensity": {"method": "nyul"}}
    content["radiomics"]["extraction"] = {"log_sigma_mm": [], "wavelet": None, "normalise": False}
    content["radiomics"]["habitats"] = {
        "number": 2,
        "normalisation": "none",
        "voxels_per_patient": 50,
    }
    content["controls"] = {"permutations": 2, "shuffled_voxels": True}
    content["robustness"] = {"instability_resamples": 2}
    content["statistics"] |= {"optimism_resamples": 0, "bootstrap_resamples": 100}
    content["statistics"].pop("contrasts")
    content |= {"comparators": [], "subgroups": []}
    with path.open("w") as file:
        yaml.dump(content, file)
    # The few voxels of these images share whole numbers, of which percentiles would be equal.
    random = np.random.default_rng(3)
    for place in sorted((path.parent / "data" / "images").glob("*/arterial.nii.gz")):
        stored = sitk.ReadImage(str(place), sitk.sitkFloat32)
        values = sitk.GetArrayFromImage(stored)
        image = sitk.GetImageFromArray(values + random.uniform(0, 1, values.shape))
        image.CopyInformation(stored)
        sitk.WriteImage(image, str(place))
    study = load_study(path)
    run_with_blank_figures(study)
    return study


@pytest.fixture(scope="module")
def made(computed):
    cohort = load_cohort(computed)
    table, training = trained(cohort)
    return cohort, table, training


def test_each_fit_sees_features_on_the_scale_of_its_own_learning_patients(made):
    cohort, table, training = made
    inputs, contexts = training.provenance.inputs, training.fitted.scores.contexts
    pd.testing.assert_frame_equal(
        inputs.of_fit("final").radiomics.loc[cohort.patients], table.features
    )
    outer = [name for name in contexts if name.startswith("outer") and "/" not in name]
    assert sorted(inputs.fits) == sorted(outer)
    scales = []
    for name in outer:
        learn, score = contexts[name].learn, contexts[name].score
        own = with_standard_scale(cohort, learn)
        scales.append(own.standards["arterial"])
        expected = features_under(own, sorted({*learn, *score}))
        seen = inputs.of_fit(name)
        pd.testing.assert_frame_equal(seen.radiomics, expected.radiomics)
        np.testing.assert_array_equal(seen.voxels.values, expected.voxels.values)
        assert not np.allclose(seen.radiomics[MEAN], table.features.loc[seen.patients, MEAN])
        # Shape is of the mask alone.
        shape = "arterial_original_shape_MeshVolume"
        np.testing.assert_allclose(seen.radiomics[shape], table.features.loc[seen.patients, shape])
        assert contexts[f"{name}/inner_1"].upper == name
    assert len(set(scales)) == len(outer)


def test_models_are_fitted_on_those_features_and_nothing_else(made):
    _, _, training = made
    contexts, inputs = training.fitted.scores.contexts, training.provenance.inputs
    for name in ("final", "outer_1"):
        fit = training.fitted.fit("radiomics_logistic", name)
        seen = inputs.of_fit(name).subset(fit.saw)
        places = [fit.model.names_.index(each) for each in fit.model.features]
        np.testing.assert_allclose(
            fit.model.fitted_.named_steps["scale"].mean_[places],
            seen.radiomics[fit.model.features].mean(),
        )
        scores = fit.model.predict(inputs.of_fit(name).subset(contexts[name].score))
        np.testing.assert_allclose(scores, fit.scores)


def test_results_and_article_say_what_was_learnt_and_where(computed, made):
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.context import Context
    from analysis.reporting.sections.methods_patients import methods_images
    from analysis.reporting.sections.supplement_patients import supplement_images

    cohort, _, training = made
    frame = pd.read_csv(computed.output_folder / "tables" / "standard_scale.csv")
    assert list(frame["percentile"]) == [1, *range(10, 100, 10), 99]
    np.testing.assert_allclose(frame["standard"], cohort.standards["arterial"])
    assert (frame["lowest"] <= frame["standard"] + 1e-9).all()
    assert (frame["standard"] <= frame["highest"] + 1e-9).all()
    records = read_records(computed.output_folder / "results.json")
    outer = [each for each in training.fitted.scores.contexts.values() if not each.inner]
    again = sum(len(each.learn) + len(each.score) for each in outer if each.name != "final")
    assert records["standard_scale.extractions.n"].value == again
    assert 0 < records["standard_scale.moved.arterial"].value < 100
    results = open_results(computed.path)
    images = methods_images(Context(results))
    assert "Images were matched to a standard scale from 0 to" in images
    assert "[@nyul2000; @shah2011]" in images
    assert "inner and tuning folds kept that of the fit in which they lay" in images
    assert "treated by itself, so that nothing was learnt" not in images
    assert "@tbl-standard-scale" in supplement_images(Context(results))


def test_check_tells_the_extractions_and_status_finds_them_all_there(computed):
    _, problems = examine(computed)
    (note,) = [each for each in problems.of("note") if "matched anew" in each.what]
    assert "extractions besides those of the final fit, about" in note.what
    assert status_of(computed).current
    settings = pd.read_csv(computed.output_folder / "tables" / "settings.csv")
    told = settings[settings["setting"].str.startswith("preprocessing.intensity.")]
    assert {name.rpartition(".")[2] for name in told["setting"]} == {
        *("method", "mask", "segment", "scale", "label")
    }
    scale = told.set_index("setting").loc["preprocessing.intensity.scale"]
    assert (float(scale["value"]), scale["origin"]) == (500, "default")


def test_status_counts_the_images_of_another_scale(computed, tmp_path):
    content = computed.path.read_text().replace("method: nyul", "method: nyul, scale: 400")
    changed = computed.path.with_name("changed.yml")
    changed.write_text(content)
    try:
        found = {each.room: each for each in status_of(load_study(changed)).pieces}
    finally:
        changed.unlink()
    assert found["radiomics"].stale == PATIENTS
    assert found["landmarks"].stale == 0


def test_status_counts_the_fits_where_only_features_of_new_folds_are_missing(computed):
    changed = computed.path.with_name("changed.yml")
    content = YAML(typ="safe").load(computed.path.read_text())
    content["seed"] = content.get("seed", 0) + 1
    with changed.open("w") as file:
        YAML(typ="safe").dump(content, file)
    try:
        found = {each.room: each for each in status_of(load_study(changed)).pieces}
    finally:
        changed.unlink()
    assert found["radiomics"].fresh >= PATIENTS
    assert found["radiomics"].stale
    assert found["fits"].stale


def test_a_new_patient_is_matched_to_the_scale_of_the_final_fit(computed, made, tmp_path):
    cohort, _, training = made
    exported = tmp_path / "model"
    write_model(cohort, training, "radiomics_logistic", exported)
    card = next(exported.glob("*.md")).read_text(encoding="utf-8")
    assert (
        "the standard scale of arterial images, of the training patients: percentile 1 at 0" in card
    )
    predictions = pd.read_csv(computed.output_folder / "predictions.csv")
    row = predictions.query("model == 'radiomics_logistic' and how == 'validation'").iloc[0]
    folder = tmp_path / row["patient_id"]
    shutil.copytree(computed.cohort_folder / "images" / row["patient_id"], folder)
    found = predict_patients(exported, [folder])[0]
    assert found.probability == pytest.approx(row["probability"], abs=1e-9)
    stored = sitk.ReadImage(str(folder / "arterial.nii.gz"))
    top = float(np.median(sitk.GetArrayFromImage(stored)))
    clipped = sitk.Clamp(stored, stored.GetPixelID(), -1e9, top)
    sitk.WriteImage(clipped, str(folder / "arterial.nii.gz"))
    with pytest.raises(LockedModelError, match="its histogram can't be matched"):
        predict_patients(exported, [folder])


def test_an_image_that_is_left_out_moves_no_scale_of_the_fit(made):
    cohort, _, training = made
    context = training.fitted.scores.contexts["outer_1"]
    before = with_standard_scale(cohort, context.learn).standards
    everybody = final_learning(cohort)
    left_out = next(patient for patient in context.score if patient in everybody)
    path = cohort.image(left_out, "arterial")
    stored = path.read_bytes()
    image = sitk.ReadImage(str(path))
    try:
        sitk.WriteImage(sitk.Pow(image, 1.5), str(path))
        assert with_standard_scale(cohort, context.learn).standards == before
        assert with_standard_scale(cohort).standards != cohort.standards
    finally:
        path.write_bytes(stored)
    # Nor do patients of validation, or without an outcome, move that of the final fit.
    landmarks = cohort_landmarks(cohort, list(cohort.patients))
    others = [patient for patient in cohort.patients if patient not in everybody]
    assert set(cohort.patients[cohort.cohort == "validation"]) < set(others)
    landmarks["arterial"].loc[others] *= 3.0
    assert scale_of(cohort, landmarks, everybody) == cohort.standards
