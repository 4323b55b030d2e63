"""How the features were extracted, in words.

Words for steps are IBSI's: interpolation, re-segmentation, discretisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.core.word_lists import counted, listed
from analysis.reporting.wordings.feature_classes import CLASS_WORDS
from analysis.reporting.wordings.filters import filter_words
from analysis.reporting.wordings.ibsi import (
    bin_origin,
    intensity_words,
    mask_words,
    matrix_words,
)
from analysis.study import Extraction
from analysis.study.extraction_parts import ImageSettings
from analysis.study.image_names import IMAGE_WORDS

INTERPOLATION = {
    "sitkBSpline": "cubic B-splines",
    "sitkLinear": "linear interpolation",
    "sitkNearestNeighbor": "nearest neighbours",
    "sitkGaussian": "Gaussian interpolation",
    "sitkLabelGaussian": "Gaussian interpolation of labels",
    "sitkHammingWindowedSinc": "a Hamming-windowed sinc",
    "sitkCosineWindowedSinc": "a cosine-windowed sinc",
    "sitkWelchWindowedSinc": "a Welch-windowed sinc",
    "sitkLanczosWindowedSinc": "a Lanczos-windowed sinc",
    "sitkBlackmanWindowedSinc": "a Blackman-windowed sinc",
}


def _normalised(settings: Extraction) -> Iterator[str]:
    if not settings.normalise:
        return
    scale = settings.normalise_scale
    times = "" if scale in (1, 100) else f" times {scale:g}"
    yield f"intensities normalised to the image's mean and standard deviation{times}"
    if settings.remove_outliers is not None:
        yield (
            f"intensities beyond {settings.remove_outliers:g} standard deviations set to that limit"
        )


def _interpolated(settings: Extraction) -> Iterator[str]:
    wanted = settings.resampled_spacing_mm
    if not wanted or not any(wanted):
        return
    spacing = " × ".join(f"{each:g}" for each in wanted if each is not None)
    by = INTERPOLATION[settings.interpolator]
    kept = [axis for axis, each in zip("xyz", wanted, strict=True) if each is None]
    if not kept:
        yield f"interpolated to {spacing} mm voxels by {by}"
        return
    along = listed([axis for axis in "xyz" if axis not in kept])
    yield (
        f"interpolated to {spacing} mm along {along} by {by}, with the image's own spacing along"
        f" {listed(kept)}"
    )


def _resegmented(settings: Extraction) -> Iterator[str]:
    chosen = settings.resegment
    if chosen is None:
        return
    limits = [f"{each:g}".replace("-", "−") for each in sorted(chosen.range)]
    between = f"from {' to '.join(limits)}" if len(limits) == 2 else f"of at least {limits[0]}"
    unit = {
        "absolute": "",
        "relative": " times the mask's largest intensity",
        "sigma": " standard deviations around the mask's mean",
    }[chosen.mode]
    shape = "shape features included" if chosen.shape else "but for shape features"
    yield f"re-segmented to intensities {between}{unit} ({shape})"


def _bins(width: float | None, count: int | None, settings: Extraction) -> str:
    if not width:
        return f"a fixed number of {counted(count, 'bin')}"
    if not settings.normalise:
        return f"a fixed bin width of {width:g} units of the stored intensity"
    share = width / settings.normalise_scale
    return f"a fixed bin width of {share:g} of the image's standard deviation"


def _discretised(settings: Extraction) -> str:
    preposition = "with" if settings.bin_width else "to"
    return f"discretised {preposition} {_bins(settings.bin_width, settings.bin_count, settings)}"


def _texture(settings: Extraction | ImageSettings) -> Iterator[str]:
    """What was chosen of how neighbours are counted, where it is not PyRadiomics's default."""
    if settings.force_2d is not None:
        yield (
            f"neighbours within slices alone ({settings.force_2d}; 2.5-D, matrices merged over the"
            " slices)"
        )
    if settings.distances not in (None, [1]):
        places = listed([f"{each}" for each in settings.distances or ()])
        yield (
            "co-occurrence, dependence and grey tone difference of neighbours at voxel distances of"
            f" {places}"
        )
    if settings.weighting_norm == "no_weighting":
        yield "co-occurrence and run length matrices merged over the directions"
    elif settings.weighting_norm is not None:
        yield (
            "co-occurrence and run length matrices merged over the directions, weighted by the"
            f" {settings.weighting_norm} norm of their distance"
        )
    if settings.symmetrical_glcm is False:
        yield "asymmetric co-occurrence matrices"
    if settings.gldm_alpha:
        yield f"dependence with a coarseness of {counted(settings.gldm_alpha, 'grey level')}"
    if settings.voxel_array_shift:
        yield f"energies of intensities plus {settings.voxel_array_shift:g}"


def _by_image(settings: Extraction) -> Iterator[str]:
    for name, own in settings.by_image.items():
        words = list(_texture(own))
        if own.bin_width is not None or own.bin_count is not None:
            words.insert(0, _bins(own.bin_width, own.bin_count, settings))
        if words:
            yield f"in images of type {IMAGE_WORDS[name]} {listed(words)}"


def _classes(settings: Extraction) -> Iterator[str]:
    if settings.features is not None:
        yield "features of " + listed(
            [
                CLASS_WORDS[kind] + (f" ({len(names)} named)" if names else "")
                for kind, names in settings.classes().items()
            ]
        )


def _least(settings: Extraction) -> Iterator[str]:
    if settings.minimum_voxels is not None:
        yield f"masks of at most {counted(settings.minimum_voxels, 'voxel')} refused"


def extraction_words(settings: Extraction) -> str:
    """Settings of the extraction as a phrase."""
    steps: list[Iterable[str]] = [
        _normalised(settings),
        _interpolated(settings),
        mask_words(settings),
        _resegmented(settings),
        intensity_words(settings),
        [_discretised(settings) + bin_origin(settings)],
        _texture(settings),
        matrix_words(settings),
        filter_words(settings),
        _by_image(settings),
        _classes(settings),
        _least(settings),
    ]
    return ", ".join(words for step in steps for words in step)
