"""Sentences on perturbed and on preprocessed images say what the study file asks for."""

import pytest

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences import (
    image_preprocessing,
    perturbed_origin,
    perturbed_words,
    preprocessing_compared,
    width_rule,
)
from analysis.reporting.wordings.preprocessing import preprocessing_words
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import (
    Controls,
    DeepLearning,
    Perturbation,
    Phase,
    Preprocessing,
    Radiomics,
    load_study,
)
from tests.support.tiny_study import tiny_study


def _results(folder, perturbation=None, **changes):
    records = Records()
    if perturbation is not None:
        words = perturbation.words_of_all
        records.add(keys.agreement_perturbations(), words, source=load_study)
    changes.setdefault("radiomics", Radiomics(perturbation=perturbation))
    study = load_study(tiny_study(folder)).model_copy(update=changes)
    return Results({each.key: each for each in records.sorted()}, study, folder)


def test_masks_alone_are_said_as_before(tmp_path):
    results = _results(tmp_path, Perturbation(erosion_mm=2, contour_noise_mm=1.5))
    assert results.fill_plain(perturbed_words(results)) == (
        "Masks of training patients were perturbed (erosion 2 mm, contour noise 1.5 mm)."
    )
    assert perturbed_origin(results) == (
        "Perturbed masks ({agreement.perturbations}) were derived from the first segmentation; they"
        " show the robustness of features and not the agreement of readers."
    )
    assert preprocessing_compared(results) == ""
    assert perturbed_words(_results(tmp_path)) == perturbed_origin(_results(tmp_path)) == ""


def test_images_are_said_with_their_sources(tmp_path):
    settings = Perturbation(
        noise=1,
        rotation_degrees=[-5, 5],
        chains={"all": ["rotation", "noise"]},
        alone=False,
        repeats=10,
    )
    results = _results(tmp_path, settings)
    text = results.fill_plain(perturbed_words(results))
    assert text.startswith(
        "Images and masks of training patients were perturbed [@zwanenburg2019] (all: noise 1 SD"
        " with rotation −5/+5°, 10 repeats). Gaussian noise was added in multiples (SD) of"
    )
    assert "[@chang2000]. The sampling grid was turned in the axial plane" in text
    assert "the mask came first, then noise, then the grid, with a single interpolation." in text
    assert text.endswith("by seeds fixed for each patient.")
    assert perturbed_origin(results).endswith(
        "The repeats of a perturbation were raters of one ICC."
    )


N4 = Preprocessing(bias_correction={})
PHASES = {name: Phase(image="", mask="") for name in ("late", "early")}


def test_preprocessing_is_said_of_all_phases_or_of_some(tmp_path):
    every = _results(tmp_path, phases=PHASES, preprocessing=N4)
    assert image_preprocessing(every).startswith(
        "Images were corrected for the bias field by N4 (fitted on voxels brighter than Otsu's"
        " threshold of the image shrunk by 4, by at most 50 iterations on each of 4"
        " levels, convergence 0.001) [@tustison2010]."
    )
    assert "Resampling and discretisation followed." in image_preprocessing(every)
    own = PHASES | {"early": Phase(image="", mask="", preprocessing={})}
    some = image_preprocessing(_results(tmp_path, phases=own, preprocessing=N4))
    assert some.startswith("Images of late were corrected")
    assert image_preprocessing(_results(tmp_path, phases=PHASES)) == ""


def test_matched_histograms_are_said_with_who_saw_which_scale(tmp_path):
    nyul = Preprocessing(intensity={"method": "nyul"})
    phases = PHASES | {
        "late": Phase(image="", mask="", preprocessing={"bias_correction": {}}),
        "early": Phase(image="", mask="", repeat_masks={"second": "b/{patient_id}"}),
    }
    results = _results(
        tmp_path, phases=phases, preprocessing=nyul, controls=Controls(permutations=0)
    )
    text = image_preprocessing(results)
    assert "in which the features of these images were extracted again" in text
    assert (
        "inner and tuning folds kept that of the fit in which they lay, resamples and repeated"
        " delineations that of the final fit."
    ) in text
    assert "Networks" not in text
    networks = results.study.model_copy(update={"deep_learning": DeepLearning.model_construct()})
    mixed = Results(results.records, networks, tmp_path)
    assert image_preprocessing(mixed).endswith(
        " Networks saw the images of early before their histograms were matched, each on a scale of"
        " its own; the others after these steps."
    )


@pytest.mark.parametrize(
    ("intensity", "words"),
    [
        (
            {"method": "organ", "mask": "{patient_id}", "label": "the spleen"},
            "put on mean 0 and standard deviation 100 of voxels in the mask of the spleen",
        ),
        (
            {"method": "organ", "mask": "{patient_id}", "by": "percentile", "scale": 1},
            "divided by the median of voxels in the mask of the reference organ",
        ),
        (
            {"method": "white_stripe"},
            "put on mean 0 and standard deviation 100 of a white stripe (the 5% of voxels"
            " on either side of the largest peak of the histogram of voxels brighter than Otsu's"
            " threshold)",
        ),
    ],
)
def test_scales_are_said_by_their_reference(intensity, words):
    assert preprocessing_words(Preprocessing(intensity=intensity)) == words


def test_the_rule_of_the_bin_width_is_said_where_there_is_one(tmp_path):
    assert width_rule(_results(tmp_path)) == ""
    stated = _results(tmp_path, radiomics=Radiomics(grey_levels=(30, 130)))
    assert "lay between 30 and 130." in width_rule(stated)
