"""Sentences on numbers of features, and on what features were held against, say what was done."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.reporting.compared_masks import compared_masks, reproducible_in
from analysis.reporting.manuscript import Results
from analysis.reporting.sections.methods_models import _kept_effects
from analysis.reporting.sentences import habitats_joined
from analysis.reporting.sentences.final_features import lasso_kept_none, of_final_features
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Perturbation, Radiomics, load_study
from tests.support.tiny_study import tiny_study


def _results(folder, counts=(), radiomics=None):
    records = Records()
    for key, number in dict(counts).items():
        records.add(key, number, source=load_study)
    study = load_study(tiny_study(folder)).model_copy(update={"radiomics": radiomics})
    if radiomics is not None and radiomics.perturbation is not None:
        words = radiomics.perturbation.words_of_all
        records.add(keys.agreement_perturbations(), words, source=load_study)
    return Results({each.key: each for each in records.sorted()}, study, folder)


@pytest.mark.parametrize(
    ("perturbation", "repeated", "words", "reproducible"),
    [
        (None, True, "repeated segmentations", "between segmentations"),
        (
            Perturbation(noise=1),
            False,
            "perturbed images and masks",
            "in perturbed images and masks",
        ),
        (Perturbation(erosion_mm=2), False, "perturbed masks", "in perturbed masks"),
        (
            Perturbation(erosion_mm=2),
            True,
            "repeated segmentations and perturbed masks",
            "between segmentations and in perturbed masks",
        ),
    ],
)
def test_what_features_were_held_against(tmp_path, perturbation, repeated, words, reproducible):
    counts = {keys.agreement_patients_n(): 6} if repeated else {}
    results = _results(tmp_path, counts, Radiomics(perturbation=perturbation))
    assert compared_masks(results) == words
    assert reproducible_in(results, "between segmentations") == reproducible


@pytest.mark.parametrize(
    ("number", "total", "words"),
    [
        (0, 1, "The only feature of the final model did not describe habitats."),
        (1, 1, "The only feature of the final model described habitats."),
        (0, 3, "None of the 3 features of the final model described habitats."),
        (2, 3, "2 of the 3 features of the final model described habitats."),
    ],
)
def test_features_of_a_kind(tmp_path, number, total, words):
    key = keys.habitats_selected_n()
    results = _results(tmp_path, {key: number, keys.features_selected_n(): total})
    sentence = of_final_features(results, key, ("describe", "described"), "habitats")
    assert results.fill_plain(sentence) == words


def test_features_of_habitats_join_those_of_the_table(tmp_path):
    counts = {keys.features_total(): 251, keys.habitats_features_n(): 17}
    joined = "went through the selection together with 17 features of habitats, which were made"
    results = _results(tmp_path, counts)
    assert results.fill_plain(habitats_joined(results)).startswith(f"251 features {joined}")
    results = _results(tmp_path, counts | {keys.features_stable_n(): 125})
    assert results.fill_plain(habitats_joined(results)).startswith(f"These {joined}")
    assert habitats_joined(_results(tmp_path)) == ""


@pytest.mark.parametrize(("coefficient", "none"), [(0.0, True), (3e-17, True), (-2e-4, False)])
def test_lasso_that_kept_nothing(tmp_path, coefficient, none):
    results = _results(tmp_path)
    assert not lasso_kept_none(results)
    (tmp_path / "curves").mkdir()
    pd.DataFrame(
        [["late_a", 0.27, coefficient, 0.27, True], ["late_b", 0.27, 0.0, 0.27, False]],
        columns=["feature", "penalty", "coefficient", "chosen", "selected"],
    ).to_csv(tmp_path / "curves" / "selection_path.csv", index=False)
    assert lasso_kept_none(results) == none


def test_covariates_of_combat_have_their_labels(tmp_path):
    radiomics = Radiomics(harmonisation={"covariates": ["age_years", "sex"]})
    results = _results(tmp_path, radiomics=radiomics)
    (tmp_path / "tables").mkdir()
    pd.DataFrame({"variable": ["age_years", "sex"], "label": ["Age", "Sex"]}).to_csv(
        tmp_path / "tables" / "variables.csv", index=False
    )
    assert _kept_effects(SimpleNamespace(r=results)) == (
        "The effects of Age and Sex on the features were kept by ComBat."
    )
    assert _kept_effects(SimpleNamespace(r=_results(tmp_path))) == ""
