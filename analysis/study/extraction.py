"""study.yml as checked types: how radiomics features are extracted."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from analysis.study.section import Section

Millimetres = Annotated[float, Field(gt=0)]


class Extraction(Section):
    """PyRadiomics settings; the same object is a default and, per phase, an override. The default
    is for MRI:

    normalise: MRI has no unit, so intensities are put on mean 0 and standard deviation 100 of the
    image. resampled_spacing_mm: texture counts neighbours, which are comparable on one isotropic
    grid only; null keeps the image's own. bin_width: of 5, a twentieth of the standard deviation,
    for a tumour that spans 1.5 to 6.5 of them the 30 to 130 levels that PyRadiomics recommends
    (images cropped to one tissue need wider bins); a width keeps a level's meaning between
    patients, a bin_count does not, which IBSI asks for where intensities are not normalised.
    Neither given: a width of 5.
    pad_distance: voxels around the mask that filters see. A Gaussian of 4 mm reaches 10 mm (2.5
    standard deviations); with 5, as is PyRadiomics's default, Laplacian features were up to
    percents off those of the whole image.
    engine: whose code computes; the values are equal (`analysis/inputs/radiomics/engine`).
    """

    engine: Literal["fast", "pyradiomics"] = "fast"
    resampled_spacing_mm: tuple[Millimetres, Millimetres, Millimetres] | None = (1.0, 1.0, 1.0)
    interpolator: Literal["sitkBSpline", "sitkLinear", "sitkNearestNeighbor"] = "sitkBSpline"
    normalise: bool = True
    bin_width: Annotated[float, Field(gt=0)] | None = None
    bin_count: Annotated[int, Field(ge=2)] | None = None
    log_sigma_mm: list[Millimetres] = [2.0, 4.0]
    wavelet: str = "coif1"
    pad_distance: Annotated[int, Field(ge=0)] = 10

    @model_validator(mode="before")
    @classmethod
    def _default_binning(cls, given: Any) -> Any:
        if isinstance(given, dict) and "bin_width" not in given and given.get("bin_count") is None:
            return {**given, "bin_width": 5.0}
        return given

    @model_validator(mode="after")
    def _one_binning(self) -> Extraction:
        if (self.bin_width is None) == (self.bin_count is None):
            raise ValueError("give exactly one of bin_width and bin_count (the other null)")
        return self

    @field_validator("wavelet")
    @classmethod
    def _known(cls, name: str) -> str:
        import pywt

        if name not in pywt.wavelist(kind="discrete"):
            close = difflib.get_close_matches(name, pywt.wavelist(kind="discrete"), n=3)
            raise ValueError(
                "no discrete wavelet of PyWavelets"
                + (
                    f"; did you mean {' or '.join(close)}?"
                    if close
                    else ", such as coif1, haar, db2"
                )
            )
        return name

    @field_validator("log_sigma_mm")
    @classmethod
    def _different(cls, sigmas: list[float]) -> list[float]:
        if len(set(sigmas)) < len(sigmas):
            raise ValueError("names a sigma twice")
        return sigmas
