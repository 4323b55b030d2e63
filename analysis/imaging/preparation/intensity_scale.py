"""Intensities of an image on a scale that a reference within it sets."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy.ndimage import gaussian_filter1d

from analysis.core.word_lists import counted
from analysis.imaging.preparation.fault import PreparationError
from analysis.imaging.preparation.foreground import FEWEST, foreground
from analysis.study.preprocessing import IntensityScale

# The histogram in which a peak is looked for: bins between these percentiles, smoothed by a
# Gaussian of so many bins.
BINS, SMOOTHING = 200, 4.0
PERCENTILES = (0.5, 99.5)
# A brightest peak counts from so large a share of the largest one's height on.
LEAST_PEAK = 0.1


def on_scale(
    image: sitk.Image, settings: IntensityScale, mask: sitk.Image | None = None
) -> sitk.Image:
    """Image (float64) on the scale of its reference, in the settings' unit.

    mask: of the reference, 0 and 1 on the image's grid; without one, a white stripe is looked for
    among voxels brighter than Otsu's threshold. Raises PreparationError where there is no reference
    to speak of.
    """
    values = sitk.GetArrayFromImage(image).astype(np.float64)
    reference = _reference(image, values, settings, mask)
    if settings.by == "percentile":
        level = float(np.percentile(reference, settings.percentile))
        if not level > 0:
            raise PreparationError(
                f"percentile {settings.percentile:g} of its intensity reference is {level:g}, which"
                " nothing can be divided by; take by: mean_sd"
            )
        scaled = values / level * settings.scale
    else:
        spread = float(reference.std())
        if not spread > 0:
            raise PreparationError(
                "all voxels of its intensity reference have one value; look at"
                " preprocessing.intensity.mask"
            )
        scaled = (values - reference.mean()) / spread * settings.scale
    found = sitk.GetImageFromArray(scaled)
    found.CopyInformation(image)
    return found


def _reference(
    image: sitk.Image, values: np.ndarray, settings: IntensityScale, mask: sitk.Image | None
) -> np.ndarray:
    """Values of the voxels that set the scale."""
    found = values[foreground(image, mask)]
    if settings.method == "white_stripe" and len(found):
        found = white_stripe(found, settings)
    if len(found) < FEWEST:
        raise PreparationError(
            f"its intensity reference has {counted(len(found), 'voxel')}, and needs {FEWEST}; look"
            " at preprocessing.intensity"
        )
    return found


def white_stripe(values: np.ndarray, settings: IntensityScale) -> np.ndarray:
    """Values around a peak of the histogram of `values`: `width` of them on either side of it.

    The peak is the mode of the smoothed histogram, or its brightest local maximum (Shinohara et
    al., NeuroImage Clin 2014;6:9, who take it for normal-appearing white matter).
    """
    low, high = np.percentile(values, PERCENTILES)
    if not high > low:
        return values
    counts, edges = np.histogram(values, bins=BINS, range=(low, high))
    smooth = gaussian_filter1d(counts.astype(np.float64), SMOOTHING, mode="constant")
    place = int(smooth.argmax())
    if settings.peak == "brightest":
        inner = smooth[1:-1]
        peaks = 1 + np.flatnonzero((inner > smooth[:-2]) & (inner >= smooth[2:]))
        peaks = peaks[smooth[peaks] >= LEAST_PEAK * smooth.max()]
        place = int(peaks[-1]) if len(peaks) else place
    middle = float((values <= (edges[place] + edges[place + 1]) / 2).mean())
    share = np.clip([middle - settings.width, middle + settings.width], 0, 1)
    first, last = np.quantile(values, share)
    return values[(values >= first) & (values <= last)]
