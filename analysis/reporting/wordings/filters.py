"""Filters of the images, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.core.word_lists import counted, listed
from analysis.study import Extraction
from analysis.study.extraction_parts import ImageType
from analysis.study.image_names import IMAGE_WORDS, IMAGES_AS_FILTERED


def filter_words(settings: Extraction) -> Iterator[str]:
    """The filters of the settings, and what of the image they see."""
    if settings.wavelet is not None:
        yield f"wavelet {settings.wavelet}{_levels(settings)}"
    if settings.log_sigma_mm:
        sigmas = listed([f"{sigma:g}" for sigma in settings.log_sigma_mm])
        yield f"Laplacian of Gaussian with sigma {sigmas} mm"
    for name in settings.image_types:
        if name in settings.filters and name != "gradient":
            yield f"{IMAGE_WORDS[name]} of intensities"
    if "gradient" in settings.filters:
        unit = "mm" if settings.gradient_spacing else "voxel"
        yield f"gradient magnitude per {unit}"
    two, three = settings.lbp_2d, settings.lbp_3d
    if two is not None:
        yield (
            f"local binary patterns in slices (method {two.method}, {two.samples} samples, radius"
            f" {two.radius:g})"
        )
    if three is not None:
        yield (
            f"local binary patterns on a sphere ({counted(three.levels, 'level')}, radius"
            f" {three.radius:g}, icosphere of {counted(three.subdivision, 'subdivision')})"
        )
    if settings.image_types != ["original"]:
        yield (
            "filters on the whole image"
            if settings.resampled_spacing_mm is None and not settings.pre_crop
            else f"filters with {counted(settings.pad_distance, 'voxel')} around the mask"
        )


def _levels(settings: Extraction) -> str:
    first = settings.wavelet_start_level + 1
    last = settings.wavelet_start_level + settings.wavelet_level
    if last == 1:
        return ""
    return f" of level {first}" if first == last else f" of levels {first} to {last}"


def images_words(of_phases: Iterable[Extraction]) -> str:
    """Images that features were taken from, in any phase: original and wavelet-filtered images."""
    there = {name for settings in of_phases for name in settings.image_types}
    order: list[ImageType] = [name for name in IMAGES_AS_FILTERED if name in there]
    words = [IMAGES_AS_FILTERED[name] for name in order]
    return f"{listed(words)} image{'' if words == ['original'] else 's'}"
