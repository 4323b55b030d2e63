"""Sentences on what speaks against the models, for the results and the limitations."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences.crop_padding import padding_limit
from analysis.results import keys


def unstable_selection(results: Results) -> str:
    """How many features every outer fold chose; empty where no selection was repeated."""
    ever, always = keys.chosen_radiomics_ever("outer"), keys.chosen_radiomics_always("outer")
    if ever not in results.records or always not in results.records:
        return ""
    if not results.record(always).value:
        return (
            f"No feature was chosen in all {results.plural(f'{always}:n', 'outer fold')}"
            f" ({results.text(ever)} were chosen in at least one)."
        )
    return (
        f"Of {results.plural(ever, 'feature')} chosen in at least one outer fold,"
        f" {results.text(always)} were chosen in all {results.text(always, 'n')}."
    )


def shuffled_voxels(results: Results) -> str:
    """AUC that is left without texture; empty where voxels were not shuffled."""
    pair = keys.shuffled_voxels("real"), keys.shuffled_voxels("shuffled")
    if not all(results.has_value(key) for key in pair):
        return ""
    return (
        f"With shuffled voxels, which keep tumour volume, shape and intensities but not texture,"
        f" the out-of-fold AUC of {{radiomics.best}} was {{{pair[1]}}}, compared with {{{pair[0]}}}"
        " in the original images."
    )


def volume_alone(results: Results) -> str:
    """AUC of the tumour's volume; empty where it was not judged."""
    pair = keys.auc("volume", "out_of_fold"), keys.auc("volume", "validation")
    if not all(results.has_value(key) for key in pair):
        return ""
    return (
        f"Tumour volume alone had an AUC of {{{pair[0]}:ci}} out of fold in training and"
        f" {{{pair[1]}:ci}} in the validation cohort."
    )


def weaknesses(results: Results) -> list[str]:
    """Limitations of the imaging models that the analysis itself found, a sentence or two each."""
    found = []
    always = keys.chosen_radiomics_always("outer")
    if always in results.records and not results.record(always).value:
        found.append(
            "The selection of radiomics features was unstable: no feature was chosen in all"
            f" {results.plural(f'{always}:n', 'outer fold')}."
        )
    pair = keys.shuffled_voxels("real"), keys.shuffled_voxels("shuffled")
    if all(results.has_value(key) for key in pair):
        found.append(
            "Part of the discrimination of the radiomics model does not depend on texture: its"
            f" out-of-fold AUC was {{{pair[1]}}} with shuffled voxels and {{{pair[0]}}} without"
            + (
                f", and tumour volume alone had one of {{{keys.auc('volume', 'out_of_fold')}}}."
                if results.has_value(keys.auc("volume", "out_of_fold"))
                else "."
            )
        )
    elif results.has_value(keys.auc("volume", "out_of_fold")):
        found.append(
            "Tumour volume alone had an out-of-fold AUC of"
            f" {{{keys.auc('volume', 'out_of_fold')}}}."
        )
    inside = results.records.get(keys.grad_cam_inside())
    if inside is not None and inside.value is not None and inside.number < 0.5:
        found.append(
            f"Most of the Grad-CAM map of the network lay outside the tumour"
            f" ({{{keys.grad_cam_inside()}:percent}} within it), so that the network may use"
            " information beyond the tumour or unrelated to it."
        )
    padded = padding_limit(results)
    return [*found, padded] if padded else found
