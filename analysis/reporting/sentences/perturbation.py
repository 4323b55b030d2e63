"""Perturbed masks and images: what was done to them, in the methods and the supplement."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.reporting.manuscript import Results
from analysis.results import keys
from analysis.results.preprocessing_names import TABLE
from analysis.study import Perturbation

HOW = {
    "volume": "The volume of masks was changed at the voxels nearest to their outline.",
    "noise": (
        "Gaussian noise was added in multiples (SD) of the standard deviation of the noise around"
        " the tumour, which was estimated from the finest diagonal subband of a stationary wavelet"
        " transform (by the shortest coiflet) [@chang2000]."
    ),
    "translation": "The sampling grid was moved along each axis by fractions of a voxel.",
    "rotation": "The sampling grid was turned in the axial plane about the centroid of the mask.",
}


def _settings(r: Results) -> Perturbation | None:
    if keys.agreement_perturbations() not in r.records or r.study.radiomics is None:
        return None
    return r.study.radiomics.perturbation


def _what(settings: Perturbation) -> str:
    return "images and masks" if settings.images_changed else "masks"


def _how(settings: Perturbation) -> Iterable[str]:
    """Sentences on how the kinds were made that a name and a number do not tell."""
    yield from (HOW[kind] for kind in settings.kinds if kind in HOW)
    if settings.chains:
        yield (
            "Of perturbations that were applied together, those of the mask came first, then noise,"
            " then the grid, with a single interpolation."
        )
    if settings.repeats > 1:
        yield "Amounts and noise were drawn anew for each repeat, by seeds fixed for each patient."


def perturbed_words(r: Results) -> str:
    """Sentences of the methods; empty in a study without perturbations."""
    settings = _settings(r)
    if settings is None:
        return ""
    source = " [@zwanenburg2019]" if any(kind in HOW for kind in settings.kinds) else ""
    return " ".join(
        [
            f"{_what(settings).capitalize()} of training patients were perturbed{source}"
            " ({agreement.perturbations}).",
            *_how(settings),
        ]
    )


def is_preprocessing_compared(r: Results) -> bool:
    """True if the study has the table of repeatability with and without preprocessing."""
    return (r.folder / f"{TABLE}.csv").is_file() and _settings(r) is not None


def preprocessing_compared(r: Results) -> str:
    """Sentences of the supplement on that table; empty without it."""
    if not is_preprocessing_compared(r):
        return ""
    scaled = any(each.intensity for each in r.study.preprocessing_of.values())
    place = (
        " Without it, intensities were normalised to the image's mean and standard deviation."
        if scaled
        else ""
    )
    return (
        "@tbl-preprocessing has the share of features whose ICC reached {agreement.icc_threshold}"
        f" with and without preprocessing of the images, in the same patients.{place} Features"
        " without preprocessing entered no model."
    )


def perturbed_origin(r: Results) -> str:
    """Sentences of the supplement on what perturbed features show; empty without any."""
    settings = _settings(r)
    if settings is None:
        return ""
    source = "the first segmentation" + (" and its image" if settings.images_changed else "")
    raters = (
        " The repeats of a perturbation were raters of one ICC." if settings.repeats > 1 else ""
    )
    return (
        f"Perturbed {_what(settings)} ({{agreement.perturbations}}) were derived from {source};"
        " they show the robustness of features and not the agreement of readers." + raters
    )
