"""Filtered images.

They are the original, wavelet bands and Laplacians of Gaussians, named and ordered as PyRadiomics
has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pywt
import SimpleITK as sitk
from radiomics import imageoperations

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.laplacian import REACH, laplacian
from analysis.inputs.radiomics.engine.region import Region
from analysis.study import Extraction
from analysis.study.parameter_keys import IMAGES


@compiled
def _convolve(data, taps, inner):
    """Convolution of the rows of `data`, of points `inner` apart.

    result[m] = Σ taps[j] data[m + (taps - 1 - j) inner], in the order of j.
    """
    reach = (taps.size - 1) * inner
    result = np.zeros((data.shape[0], data.shape[1] - reach))
    for line in range(data.shape[0]):
        for j in range(taps.size):
            offset = reach - j * inner
            for m in range(result.shape[1]):
                result[line, m] += taps[j] * data[line, m + offset]
    return result


def _along(data: np.ndarray, taps: np.ndarray, axis: int) -> np.ndarray:
    shape = list(data.shape)
    inner = int(np.prod(shape[axis + 1 :]))
    lines = np.ascontiguousarray(data).reshape(-1, shape[axis] * inner)
    shape[axis] -= taps.size - 1
    return _convolve(lines, taps, inner).reshape(shape)


def wavelet_bands(
    image: np.ndarray, box: tuple[slice, slice, slice], wavelet: str
) -> Iterator[tuple[str, np.ndarray]]:
    """The eight wavelet bands of an image, inside `box` only.

    They are those of PyRadiomics's undecimated transform (pywt.swtn, one level, odd axes filled up
    by wrapping).
    """
    filters = pywt.Wavelet(wavelet)
    low, high = np.array(filters.dec_lo), np.array(filters.dec_hi)
    half = low.size // 2
    places = []
    for length, part in zip(image.shape, box, strict=True):
        even = length + length % 2
        place = np.arange(part.start + half - (low.size - 1), part.stop + half) % even
        places.append(np.where(place == length, 0, place))
    bands = {"": image[np.ix_(*places)]}
    for axis in (2, 1, 0):
        bands = {
            name + letter: _along(data, taps, axis)
            for name, data in bands.items()
            for letter, taps in (("L", low), ("H", high))
        }
    for letters in [*list(product("LH", repeat=3))[1:], ("L", "L", "L")]:
        yield "wavelet-" + "".join(letters), bands["".join(letters)]


def filtered(
    region: Region, settings: Extraction, exact: bool
) -> Iterator[tuple[str, np.ndarray, bool]]:
    """Name, values of the masked voxels, and whether these have PyRadiomics's bits.

    exact: wavelets by pywt on the whole region, as PyRadiomics calls it, at several times the cost;
    so are wavelets of further levels.
    """
    inside = region.mask[region.box]
    if settings.original:
        yield "original", region.image[region.box][inside], region.exact
    if settings.wavelet is not None and not exact and has_one_level(settings):
        for name, band in wavelet_bands(region.image, region.box, settings.wavelet):
            yield name, band[inside], False
    elif settings.wavelet is not None:
        levels = {"level": settings.wavelet_level, "start_level": settings.wavelet_start_level}
        for name, band in _by_pyradiomics(region, "Wavelet", wavelet=settings.wavelet, **levels):
            yield name, band[inside], region.exact
    for name, values in _laplacians(region, settings):
        yield name, values[inside], region.exact
    for kind in settings.image_types:
        if kind in settings.filters:
            by_spacing = {"gradientUseSpacing": settings.gradient_spacing}
            for name, values in _by_pyradiomics(region, IMAGES[kind], **by_spacing):
                yield name, values[inside], region.exact


def has_one_level(settings: Extraction) -> bool:
    """True if the wavelet transform is of the first level alone, which is computed here."""
    return settings.wavelet_level == 1 and settings.wavelet_start_level == 0


def _laplacians(region: Region, settings: Extraction) -> Iterator[tuple[str, np.ndarray]]:
    """Name and masked box of each Laplacian; of none that PyRadiomics leaves out as too wide."""
    size = np.array(region.image.shape[::-1])
    if size.min() < REACH:
        return
    for sigma in settings.log_sigma_mm:
        if (size >= np.ceil(sigma / np.array(region.spacing)) + 1).all():
            name = f"log-sigma-{str(sigma).replace('.', '-')}-mm-3D"
            yield name, laplacian(region.image, region.spacing, region.box, sigma)


def _by_pyradiomics(region: Region, kind: str, **options: Any) -> Iterator[tuple[str, np.ndarray]]:
    """Name and masked box of the images that one of PyRadiomics's filters makes."""
    image = sitk.GetImageFromArray(region.image)
    image.SetSpacing(region.spacing)
    for result, name, _ in getattr(imageoperations, f"get{kind}Image")(image, None, **options):
        yield name, sitk.GetArrayFromImage(result)[region.box]
