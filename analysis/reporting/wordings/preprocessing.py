"""Preprocessing of images as phrases."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.study import Preprocessing
from analysis.study.preprocessing import BiasCorrection, IntensityScale

FITTED_IN = {
    "otsu": "voxels brighter than Otsu's threshold",
    "positive": "voxels above 0",
}
PEAKS = {"largest": "the largest peak", "brightest": "the brightest peak"}


def _corrected(settings: BiasCorrection) -> str:
    shrunk = "" if settings.shrink == 1 else f" of the image shrunk by {settings.shrink}"
    levels = len(settings.iterations)
    if levels > 1 and len(set(settings.iterations)) == 1:
        iterations = f"at most {settings.iterations[0]} iterations on each of {levels} levels"
    else:
        most = listed([str(each) for each in settings.iterations])
        several = " on successive levels" if levels > 1 else ""
        iterations = f"at most {most} iterations{several}"
    return (
        f"corrected for the bias field by N4 (fitted on {FITTED_IN[settings.mask]}{shrunk}, by"
        f" {iterations}, convergence {settings.convergence:g})"
    )


def _reference(settings: IntensityScale) -> str:
    organ = settings.label or "the reference organ"
    if not settings.by_white_stripe:
        return f"voxels in the mask of {organ}"
    within = f"the mask of {organ}" if settings.mask is not None else FITTED_IN["otsu"]
    return (
        f"a white stripe (the {100 * settings.width:g}% of voxels on either side of"
        f" {PEAKS[settings.peak]} of the histogram of {within})"
    )


def _matched(settings: IntensityScale) -> str:
    organ = settings.label or "the foreground"
    within = f"voxels in the mask of {organ}" if settings.mask is not None else FITTED_IN["otsu"]
    return (
        "matched to a standard scale from 0 to"
        f" {settings.scale:g} by percentiles 1, 10, 20, …, 90 and 99 of {within}"
    )


def _scaled(settings: IntensityScale) -> str:
    if settings.is_matched:
        return _matched(settings)
    if settings.by == "percentile":
        share = "median" if settings.percentile == 50 else f"percentile {settings.percentile:g}"
        times = "" if settings.scale == 1 else f" times {settings.scale:g}"
        return f"divided by the {share} of {_reference(settings)}{times}"
    return f"put on mean 0 and standard deviation {settings.scale:g} of {_reference(settings)}"


def preprocessing_words(settings: Preprocessing) -> str:
    """Steps in their order: what images were, as the rest of a sentence after `were`."""
    steps = []
    if settings.bias_correction is not None:
        steps.append(_corrected(settings.bias_correction))
    if settings.intensity is not None:
        steps.append(_scaled(settings.intensity))
    return ", then ".join(steps)
