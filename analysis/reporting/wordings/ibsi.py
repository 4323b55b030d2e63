"""How `engine: ibsi` extracts features, in the words and codes of the IBSI's reference manual."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.core.word_lists import counted
from analysis.study import Extraction
from analysis.study.ibsi import Ibsi

AGGREGATION = {
    "2D_averaged": "texture features of each slice and direction averaged (IBSI: BTW3, 8QNN)",
    "2D_slice_merged": (
        "texture matrices merged over the directions of a slice, features averaged over slices"
        " (IBSI: SUJT, 8QNN)"
    ),
    "2.5D_direction_merged": (
        "texture matrices merged over slices, features averaged over directions (IBSI: JJUI, 62GR)"
    ),
    "2.5D_merged": "texture matrices merged over slices and directions (IBSI: ZW7Z, 62GR)",
    "3D_averaged": "texture features of each direction in space averaged (IBSI: ITBB, KOBO)",
    "3D_merged": "texture matrices merged over the directions in space (IBSI: IAZD, KOBO)",
}


def mask_words(settings: Extraction) -> Iterator[str]:
    """How the mask follows a resampled image."""
    if settings.engine == "ibsi" and settings.resampled_spacing_mm is not None:
        yield "masks interpolated linearly, with voxels that lie at least half within"


def intensity_words(settings: Extraction) -> Iterator[str]:
    """What follows interpolation and re-segmentation to a range."""
    if settings.engine != "ibsi":
        return
    ibsi = settings.ibsi or Ibsi()
    if ibsi.round_intensities:
        yield "intensities rounded to whole numbers"
    if ibsi.outlier_sigma is not None:
        yield (
            f"intensities beyond {ibsi.outlier_sigma:g} standard deviations of the mask's mean left"
            " out (but for shape features)"
        )


def bin_origin(settings: Extraction) -> str:
    """Where bins of a fixed width begin; empty where the engine is not the IBSI's."""
    there = settings.engine == "ibsi" and settings.bin_width is not None
    return " from the lower limit of re-segmentation on" if there else ""


def matrix_words(settings: Extraction) -> Iterator[str]:
    """How texture matrices become one value, and what else was chosen of features."""
    if settings.engine != "ibsi":
        return
    ibsi = settings.ibsi or Ibsi()
    yield AGGREGATION[ibsi.aggregation]
    if ibsi.volume_histogram_bin_width is not None:
        yield f"intensity-volume histogram of bins {ibsi.volume_histogram_bin_width:g} units wide"
    elif ibsi.volume_histogram_bin_count is not None:
        bins = counted(ibsi.volume_histogram_bin_count, "bin")
        yield f"intensity-volume histogram of {bins}"
