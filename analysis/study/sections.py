"""study.yml as checked types: one class a section."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from analysis.study.protocol import AdditionalModel, Controls, Execution, Fusion, Name, Robustness, Split, Subgroup, Validation
from analysis.study.section import Count, Fraction, Section
from models.catalogue import CLASSIFIERS, NETWORKS


Millimetres = Annotated[float, Field(gt=0)]


class About(Section):
    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: str
    disease: str
    event: str
    modality: str | None = None
    treatment: str | None = None
    protocol: Literal["demonstration", "full"] = "full"
    synthetic: bool = False
    authors: list[str] = []
    assumptions: list[str] = []


class DemoCohort(Section):
    patients: Count = 165
    events: Count = 96
    validation: Count = 33
    censored: Annotated[int, Field(ge=0)] = 12
    repeats: Annotated[int, Field(ge=0)] = 30
    image_shape: tuple[Count, Count, Count] = (56, 56, 20)
    seed: int = 20240


class CohortFiles(Section):
    folder: Path
    table: str = "clinical.csv"
    dictionary: str | None = None
    patient_id: str = "patient_id"
    centre: str | None = None
    demo: DemoCohort | None = None


class Endpoint(Section):
    """Either a ready label column of 0 and 1, event_value being the event, or a follow-up time with an event type and a horizon."""

    label: str | None = None
    event_value: Literal[0, 1] = 1
    time: str | None = None
    event_type: str | None = None
    event: str = "recurrence"
    horizon_months: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Endpoint:
        follow_up = [self.time, self.event_type, self.horizon_months]
        if self.label is None and any(part is None for part in follow_up):
            raise ValueError("give either label, or all of time, event_type and horizon_months")
        if self.label is not None and any(part is not None for part in follow_up):
            raise ValueError("give either label, or time with event_type and horizon_months, not both")
        return self


class Extraction(Section):
    """PyRadiomics settings; the same object is a default and, per phase, an override. The default is for MRI:

    normalise: MRI has no unit, so intensities are put on mean 0 and standard deviation 100 of the image. resampled_spacing_mm: texture
    counts neighbours, which are comparable on one isotropic grid only; null keeps the image's own. bin_width: of 5, a twentieth of
    the standard deviation, for a tumour that spans 1.5 to 6.5 of them the 30 to 130 levels that PyRadiomics recommends (images cropped
    to one tissue need wider bins); a width keeps a level's meaning between patients, a bin_count does not, which IBSI asks for where
    intensities are not normalised. Neither given: a width of 5.
    pad_distance: voxels around the mask that filters see. A Gaussian of 4 mm reaches 10 mm (2.5 standard deviations); with 5, as is
    PyRadiomics's default, Laplacian features were up to percents off those of the whole image.
    engine: whose code computes; the values are equal (`analysis/radiomics/engine`).
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
            raise ValueError("no discrete wavelet of PyWavelets" + (f"; did you mean {' or '.join(close)}?" if close else ", such as coif1, haar, db2"))
        return name

    @field_validator("log_sigma_mm")
    @classmethod
    def _different(cls, sigmas: list[float]) -> list[float]:
        if len(set(sigmas)) < len(sigmas):
            raise ValueError("names a sigma twice")
        return sigmas


class Phase(Section):
    image: str
    mask: str
    repeat_masks: dict[str, str] = {}
    extraction: Extraction | None = None


class Radiomics(Section):
    extraction: Extraction = Extraction()
    icc_threshold: Annotated[float, Field(ge=0, le=1)] = 0.75
    univariable_features: Count = 60
    correlation_limit: Fraction = 0.9
    selected_features: Count = 12
    classifiers: Annotated[list[Literal[CLASSIFIERS]], Field(min_length=1)] = list(CLASSIFIERS)
    tuning_folds: Annotated[int, Field(ge=2)] = 3


class DeepLearning(Section):
    networks: Annotated[list[Literal[NETWORKS]], Field(min_length=1)] = list(NETWORKS)
    reference_phase: str
    crop_pixels: Annotated[int, Field(ge=16)] = 64
    field_of_view_mm: Annotated[float, Field(gt=0)] = 96.0
    slices: Annotated[int, Field(ge=1)] = 3
    epochs: Count = 60
    batch_size: Annotated[int, Field(ge=2)] = 16
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0)] = 1e-2
    width: Annotated[float, Field(gt=0, le=1)] = 1.0
    members: Count = 1


class Clinical(Section):
    candidates: Annotated[list[str], Field(min_length=1)]
    entry_p: Fraction = 0.05
    log_transform: list[str] = []


class Contrasts(Section):
    """Which comparisons of AUCs carry a p-value, named before the validation patients were seen.

    model: compared with all others; "best" is the model with the highest out-of-fold AUC in training. primary: the model
    that it is compared with, p unadjusted. family: the others that carry a p, Holm-adjusted; the rest is exploratory and
    has none. equivalence_margin: difference in AUC below which two models count as equal; without it no sentence says so.
    """

    model: str = "best"
    primary: str | None = None
    family: list[str] = []
    equivalence_margin: Fraction | None = None

    @model_validator(mode="after")
    def _apart(self) -> Contrasts:
        twice = [name for name in self.family if name in (self.primary, self.model)]
        if twice or self.primary == self.model:
            raise ValueError(f"{', '.join(twice) or self.primary}: model, primary and family must not name the same model")
        return self


class Statistics(Section):
    """sensitivity: of the prespecified cut-off beside Youden's. proportion_interval: of accuracy, sensitivity and the like.
    optimism_resamples: of the bootstrap correction of the CR model; 0 leaves it out. reclassification: cut-offs of the
    categorical NRI, [] for the continuous one alone; left out, no reclassification is computed.
    """

    confidence_level: Fraction = 0.95
    thresholds: tuple[Fraction, Fraction] = (0.2, 0.8)
    reported_threshold: Fraction = 0.5
    bootstrap_resamples: Annotated[int, Field(ge=100)] = 1000
    sensitivity: Fraction = 0.9
    proportion_interval: Literal["exact", "wilson", "bootstrap"] = "exact"
    optimism_resamples: Annotated[int, Field(ge=0)] = 200
    reclassification: list[Fraction] | None = None
    contrasts: Contrasts = Contrasts()

    @model_validator(mode="after")
    def _ordered(self) -> Statistics:
        low, high = self.thresholds
        if not low < high:
            raise ValueError(f"thresholds: the lower must come first, got {low:g} to {high:g}")
        return self


class Published(Section):
    """What the reproduced paper printed: model -> cohort -> statistic. patients: cohort -> number of patients; events,
    non_events: of all patients, which the report checks the printed proportions against."""

    source: str
    values: dict[str, dict[str, dict[str, float]]]
    patients: dict[str, Count] = {}
    events: Count | None = None
    non_events: Count | None = None


class Study(Section):
    study: About
    cohort: CohortFiles
    endpoint: Endpoint
    split: Split
    phases: dict[str, Phase] = {}
    radiomics: Radiomics | None = None
    deep_learning: DeepLearning | None = None
    clinical: Clinical | None = None
    fusion: Fusion = Fusion()
    additional_models: dict[Name, AdditionalModel] = {}
    comparators: list[str] = []
    comparators_supplement: list[str] | Literal["rest"] = []
    assume: dict[str, float | str] = {}
    validation: Validation = Validation()
    statistics: Statistics = Statistics()
    controls: Controls = Controls()
    robustness: Robustness = Robustness()
    subgroups: list[Subgroup] = []
    published: Published | None = None
    seed: int = 0
    jobs: Annotated[int, Field(ge=-1)] = -1
    execution: Execution = Execution()
    output: Path
    path: Path = Field(default=Path("study.yml"), exclude=True)

    @property
    def root(self) -> Path:
        """Folder of study.yml; relative paths in it start here."""
        return self.path.parent

    @property
    def cohorts(self) -> dict[str, str]:
        """Name -> label of every cohort: training, validation, then the external ones."""
        return {"training": "Training", "validation": "Validation", **self.split.external}

    @property
    def supplement_scores(self) -> list[str]:
        """Scores of the supplement: those named, or with `rest` every confirmed one that is not in the main table."""
        if self.comparators_supplement == "rest":
            from models.staging import remaining_scores
            return remaining_scores(self.comparators)
        return [name for name in self.comparators_supplement if name not in self.comparators]

    @property
    def output_folder(self) -> Path:
        return (self.root / self.output).resolve()

    @property
    def cohort_folder(self) -> Path:
        return (self.root / self.cohort.folder).resolve()

    @property
    def cache_folder(self) -> Path:
        return Path(os.environ.get("EARLY_RECURRENCE_CACHE", self.root / ".cache")).resolve()

    @property
    def families(self) -> list[str]:
        """Families of models that this study's inputs allow, in the paper's order."""
        has = {"clinical": self.clinical, "radiomics": self.radiomics, "deep_learning": self.deep_learning}
        return [name for name, section in has.items() if section is not None]

    def extraction_of(self, phase: str) -> Extraction:
        """A phase's own extraction settings, else those of the radiomics section."""
        return self.phases[phase].extraction or (self.radiomics or Radiomics()).extraction
