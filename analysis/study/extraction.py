"""study.yml as checked types: how radiomics features are extracted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from analysis.study.extraction_parts import (
    CLASSES,
    FILTERS,
    FeatureClass,
    ImageSettings,
    ImageType,
    IntensityFilter,
    Interpolator,
    LocalBinaryPattern2D,
    LocalBinaryPattern3D,
    Plane,
    Positive,
    Resegmentation,
    WeightingNorm,
    check_features,
    check_lbp,
    meant,
)
from analysis.study.extraction_reach import check_padding, check_sigmas
from analysis.study.ibsi import Ibsi, check_ibsi, of_ibsi
from analysis.study.later_keys import without_defaults, without_unset
from analysis.study.own_names import check_own
from analysis.study.parameter_file import from_parameter_file
from analysis.study.protocol import Name
from analysis.study.section import Count, Section
from models.additional import source_of

Millimetres = Annotated[float, Field(gt=0)]
OWN = "radiomics.extraction.own"
# Keys of PyRadiomics's settings that came later; at their default they are in no digest.
LATER = (
    *("normalise_scale", "remove_outliers", "resegment", "minimum_voxels", "minimum_dimensions"),
    *("pre_crop", "voxel_array_shift", "distances", "weighting_norm", "symmetrical_glcm"),
    *("gldm_alpha", "force_2d", "original", "wavelet_level", "wavelet_start_level", "filters"),
    *("gradient_spacing", "lbp_2d", "lbp_3d", "features", "by_image", "ibsi"),
)


def is_later(key: str) -> bool:
    """True if a setting's key, `radiomics.extraction.gldm_alpha` say, is one of the later keys."""
    _, _, name = key.partition("extraction.")
    return name.partition(".")[0] in LATER


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
    engine: whose code computes; the values of fast and pyradiomics are equal
    (`analysis/inputs/radiomics/engine`). ibsi: the definitions of the Image Biomarker
    Standardisation Initiative, by MIRP, with settings of its own (`analysis/study/ibsi.py`).
    own: name -> `file.py:Class` beside the study file, whose features come after PyRadiomics's
    (docs/tutorials/add-a-model.md).

    Every other setting of PyRadiomics has a key of its own as well, with PyRadiomics's default.
    parameters: PyRadiomics's own parameter file, which is read as these keys
    (`analysis/study/parameter_file.py`), so that its content, not its name, is in every digest.
    """

    parameters: str | None = Field(default=None, exclude=True)
    engine: Literal["fast", "pyradiomics", "ibsi"] = "fast"
    ibsi: Ibsi | None = None
    resampled_spacing_mm: (
        tuple[Millimetres | None, Millimetres | None, Millimetres | None] | None
    ) = (1.0, 1.0, 1.0)
    interpolator: Interpolator = "sitkBSpline"
    normalise: bool = True
    normalise_scale: Positive = 100.0
    remove_outliers: Positive | None = None
    resegment: Resegmentation | None = None
    minimum_voxels: Count | None = None
    minimum_dimensions: Annotated[int, Field(ge=1, le=3)] = 2
    pre_crop: bool = True
    bin_width: Annotated[float, Field(gt=0)] | None = None
    bin_count: Annotated[int, Field(ge=2)] | None = None
    voxel_array_shift: int = 0
    distances: Annotated[list[Count], Field(min_length=1)] = [1]
    weighting_norm: WeightingNorm | None = None
    symmetrical_glcm: bool = True
    gldm_alpha: Annotated[int, Field(ge=0)] = 0
    force_2d: Plane | None = None
    original: bool = True
    log_sigma_mm: list[Millimetres] = [2.0, 4.0]
    wavelet: str | None = "coif1"
    wavelet_level: Count = 1
    wavelet_start_level: Annotated[int, Field(ge=0)] = 0
    filters: list[IntensityFilter] = []
    gradient_spacing: bool = True
    lbp_2d: LocalBinaryPattern2D | None = None
    lbp_3d: LocalBinaryPattern3D | None = None
    features: dict[FeatureClass, list[str] | None] | None = None
    by_image: dict[ImageType, ImageSettings] = {}
    pad_distance: Annotated[int, Field(ge=0)] = 10
    own: dict[Name, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _of_parameter_file(cls, given: Any) -> Any:
        return from_parameter_file(given, tuple(cls.model_fields))

    @model_validator(mode="before")
    @classmethod
    def _default_binning(cls, given: Any) -> Any:
        if (
            isinstance(given, dict)
            and "bin_width" not in given
            and given.get("bin_count") is None
            and not given.get("parameters")
        ):
            return {**given, "bin_width": 5.0}
        return given

    @model_validator(mode="before")
    @classmethod
    def _of_ibsi(cls, given: Any) -> Any:
        return of_ibsi(given)

    @model_validator(mode="after")
    def _one_binning(self) -> Extraction:
        if (self.bin_width is None) == (self.bin_count is None):
            raise ValueError("give exactly one of bin_width and bin_count (the other null)")
        return self

    @model_validator(mode="after")
    def _of_one_mind(self) -> Extraction:
        """Settings that say nothing without another one, and what the filters reach."""
        if self.remove_outliers is not None and not self.normalise:
            raise ValueError(
                "remove_outliers counts standard deviations of the normalised image; set"
                " normalise: true, or leave it out"
            )
        if "shape2D" in self.classes() and self.force_2d is None:
            raise ValueError("features: shape2D needs force_2d, the slices of which it is")
        if not self.image_types:
            raise ValueError("no image is left to take features from; leave original: true")
        for name in self.filters:
            if (image := name.replace("_", "")) in self.own:
                raise ValueError(
                    f"own: features of '{image}' are PyRadiomics's, as filters have {name}; choose"
                    " another name, mine say"
                )
        for image_type in self.by_image:
            if image_type not in self.image_types:
                raise ValueError(f"by_image: {image_type} is no image of these settings")
        if self.resampled_spacing_mm is not None:
            check_sigmas(self.log_sigma_mm, self.resampled_spacing_mm)
        check_lbp(self.lbp_2d is not None, self.lbp_3d is not None)
        check_ibsi(self)
        return self

    @field_validator("wavelet")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        # Imported here: a study file is read without NumPy, which PyWavelets loads.
        import pywt

        known = pywt.wavelist(kind="discrete")
        if name is not None and name not in known:
            hint = meant(name, known)
            raise ValueError(
                "no discrete wavelet of PyWavelets; "
                + (hint if hint.startswith("did") else "such as coif1, haar, db2")
            )
        return name

    @field_validator("log_sigma_mm", "filters", "distances")
    @classmethod
    def _different(cls, values: list[Any], info: Any) -> list[Any]:
        if len(set(values)) < len(values):
            what = {"log_sigma_mm": "sigma", "filters": "filter", "distances": "distance"}
            raise ValueError(f"names a {what[info.field_name]} twice")
        return values

    @field_validator("features")
    @classmethod
    def _features_there_are(cls, features: Any) -> Any:
        if features is not None:
            check_features(features)
        return features

    @field_validator("pad_distance")
    @classmethod
    def _padding_of_use(cls, voxels: int) -> int:
        check_padding(voxels)
        return voxels

    @field_validator("own")
    @classmethod
    def _own_names_and_files(cls, own: dict[str, str]) -> dict[str, str]:
        check_own(own)
        return own

    @model_serializer(mode="wrap")
    def _without_empty(self, serialise: Any) -> dict[str, Any]:
        """Content of the settings, without empty entries for features of one's own.

        Settings without such features, and with the later keys at their defaults, are written, and
        digested, as they were before there could be any.
        """
        return without_defaults(self, without_unset(serialise(self), "own", "code"), LATER)

    @property
    def image_types(self) -> list[ImageType]:
        """Images that features are taken from, in the order of the features."""
        there: dict[ImageType, bool] = {
            "original": self.original,
            "wavelet": self.wavelet is not None,
            "log": bool(self.log_sigma_mm),
            **{name: name in self.filters for name in FILTERS},
            "lbp_2d": self.lbp_2d is not None,
            "lbp_3d": self.lbp_3d is not None,
        }
        return [name for name, wanted in there.items() if wanted]

    def classes(self) -> dict[FeatureClass, list[str] | None]:
        """Classes of features in PyRadiomics's order, with the names of single ones (None: all)."""
        if self.features is None:
            return {name: None for name in CLASSES if name != "shape2D"}
        return {name: self.features[name] for name in CLASSES if name in self.features}

    def of_image(self, image_type: ImageType) -> Extraction:
        """Settings of one image type: these, with what `by_image` says of it in their place."""
        own = self.by_image.get(image_type)
        changes = {} if own is None else own.model_dump(exclude_none=True)
        if {"bin_width", "bin_count"} & set(changes):
            changes = {"bin_width": None, "bin_count": None} | changes
        return self.model_copy(update=changes) if changes else self

    def spacing_of(self, image: Sequence[float]) -> tuple[float, ...]:
        """Voxel size (mm, x y z) on which features of an image of this voxel size are computed."""
        wanted = self.resampled_spacing_mm or (None,) * len(image)
        return tuple(own if new is None else new for own, new in zip(image, wanted, strict=True))

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
