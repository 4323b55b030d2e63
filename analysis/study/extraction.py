"""study.yml as checked types: how radiomics features are extracted."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from analysis.study.later_keys import without_unset
from analysis.study.protocol import Name
from analysis.study.section import Section
from models.additional import source_of

Millimetres = Annotated[float, Field(gt=0)]
OWN = "radiomics.extraction.own"
# Parts of PyRadiomics's names, which an own name would be taken for.
PYRADIOMICS_WORDS = {
    *("original", "wavelet", "log", "shape", "firstorder"),
    *("glcm", "glrlm", "glszm", "gldm", "ngtdm", "diagnostics"),
}


class Extraction(Section):
    """PyRadiomics settings; the same object is a default and, per phase, an override.

    The default is for MRI:

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
    own: name -> `file.py:Class` beside the study file, whose features come after PyRadiomics's
    (docs/tutorials/add-a-model.md).
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
    own: dict[Name, str] = {}

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
        # Imported here: a study file is read without NumPy, which PyWavelets loads.
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

    @field_validator("own")
    @classmethod
    def _own_names_and_files(cls, own: dict[str, str]) -> dict[str, str]:
        for name, reference in own.items():
            if not re.fullmatch(r"[^:]+\.py:[A-Za-z_]\w*", reference):
                raise ValueError(
                    f"{name}: name a file beside the study file and its class, such as"
                    f" my_features.py:Mine (found: {reference!r})"
                )
            words = PYRADIOMICS_WORDS & set(name.split("_"))
            if words:
                raise ValueError(
                    f"the name '{name}' is taken: features with '{min(words)}' in their name are"
                    " PyRadiomics's; choose another, mine say"
                )
            longer = next((each for each in own if each.startswith(f"{name}_")), None)
            if longer is not None:
                raise ValueError(
                    f"features of '{name}' and of '{longer}' could have one name; choose names of"
                    " which none begins with another"
                )
        return own

    @model_serializer(mode="wrap")
    def _without_empty(self, serialise: Any) -> dict[str, Any]:
        """Content of the settings, without empty entries for features of one's own.

        Settings without such features are written, and digested, as they were before there could be
        any.
        """
        return without_unset(serialise(self), "own", "code")

    def with_code(self, root: Path) -> Extraction:
        """Settings with the text of the files of their own features.

        The text is then part of every digest and goes along to other processes and machines.

        root: folder of the study file. Raises ValueError where a file is not there.
        """
        if not self.own:
            return self
        code = {
            reference.partition(":")[0]: source_of(reference, root, OWN).read_text(encoding="utf-8")
            for reference in self.own.values()
        }
        return ExtractionWithCode(**self.model_dump(), code=code)

    def without_own(self) -> Extraction:
        """Extraction settings without the study's own features: PyRadiomics's alone."""
        return Extraction(**self.model_dump(exclude={"own", "code"})) if self.own else self


class ExtractionWithCode(Extraction):
    """Extraction settings with the text of the files of own features.

    code: name of the file -> text.
    """

    code: dict[str, str] = {}
