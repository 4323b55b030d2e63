"""How the features were extracted, in words."""

from __future__ import annotations

from analysis.core.word_lists import counted, listed
from analysis.study import Extraction

INTERPOLATION = {
    "sitkBSpline": "cubic B-splines",
    "sitkLinear": "linear interpolation",
    "sitkNearestNeighbor": "nearest neighbours",
}


def extraction_words(settings: Extraction) -> str:
    """Settings of the extraction as a phrase."""
    words = []
    if settings.normalise:
        words.append("intensities normalised to the image's mean and standard deviation")
    if settings.resampled_spacing_mm:
        spacing = " × ".join(f"{each:g}" for each in settings.resampled_spacing_mm)
        words.append(
            f"interpolated to {spacing} mm voxels by {INTERPOLATION[settings.interpolator]}"
        )
    if settings.bin_width:
        # Normalised images have a standard deviation of a hundred.
        width = (
            f"{settings.bin_width / 100:g} of the image's standard deviation"
            if settings.normalise
            else f"{settings.bin_width:g} units of the stored intensity"
        )
        words.append(f"discretised with a fixed bin width of {width}")
    else:
        words.append(f"discretised to a fixed number of {counted(settings.bin_count, 'bin')}")
    words.append(f"wavelet {settings.wavelet}")
    if settings.log_sigma_mm:
        sigmas = listed([f"{sigma:g}" for sigma in settings.log_sigma_mm])
        words.append(f"Laplacian of Gaussian with sigma {sigmas} mm")
    return ", ".join(
        [*words, f"filters with {counted(settings.pad_distance, 'voxel')} around the mask"]
    )
