"""Filtered images.

They are the original, wavelet bands and Laplacians of Gaussians, named and ordered as PyRadiomics
has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pywt
import SimpleITK as sitk
from radiomics import imageoperations

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.region import Region
from analysis.study import Extraction


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

    exact: wavelets by pywt on the whole region, as PyRadiomics calls it, at several times the cost.
    """
    inside = region.mask[region.box]
    yield "original", region.image[region.box][inside], region.exact
    image = sitk.GetImageFromArray(region.image)
    image.SetSpacing(region.spacing)
    if exact:
        for band, name, _ in imageoperations.getWaveletImage(image, None, wavelet=settings.wavelet):
            yield name, sitk.GetArrayViewFromImage(band)[region.box][inside], region.exact
    else:
        for name, band in wavelet_bands(region.image, region.box, settings.wavelet):
            yield name, band[inside], False
    for laplacian, name, _ in imageoperations.getLoGImage(
        image, None, sigma=list(settings.log_sigma_mm)
    ):
        yield name, sitk.GetArrayViewFromImage(laplacian)[region.box][inside], region.exact
