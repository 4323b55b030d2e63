"""study.yml as checked types: one class a section."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_serializer, model_serializer, model_validator

from analysis.study.authors import Affiliation, Author
from analysis.study.comparators import OwnScore, comparators_of
from analysis.study.deep_learning import DeepLearning
from analysis.study.delta import Delta, deltas_of
from analysis.study.extraction import Extraction
from analysis.study.feature_blocks import FeatureBlock
from analysis.study.habitats import Habitats
from analysis.study.images import Lesions, Masks, SeriesRule
from analysis.study.later_keys import without_unset
from analysis.study.layout import TableLayout
from analysis.study.model_sections import Clinical, Radiomics
from analysis.study.network_input import NetworkInput
from analysis.study.parameter_file import located
from analysis.study.preprocessing import Preprocessing
from analysis.study.protocol import (
    AdditionalModel,
    Controls,
    Execution,
    Fusion,
    Name,
    Robustness,
    Sharing,
    Split,
    Subgroup,
    Validation,
)
from analysis.study.regions import Air, Block, Region, blocks_of
from analysis.study.registration import Registration
from analysis.study.reporting import Answer
from analysis.study.screening import Screening
from analysis.study.section import Count, Section, check_date_format
from analysis.study.statistics import Statistics
from analysis.study.supplied_tables import GivenPredictions, identifier
from analysis.study.writing import Declarations, Manuscript


class About(Section):
    """Section `study`: what the study is about, in the words of its documents.

    authors: names, or with Quarto's author metadata; affiliations: that these refer to by id.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: str
    disease: str
    event: str
    modality: str | None = None
    treatment: str | None = None
    protocol: Literal["demonstration", "full"] = "full"
    synthetic: bool = False
    authors: list[Author] = []
    # No part of the analysis, so of no digest; that of a name is as it was when it was a text.
    affiliations: Annotated[list[Affiliation], Field(exclude=True)] = []
    assumptions: list[str] = []

    @field_serializer("authors")
    def _names(self, authors: list[Author]) -> list[str]:
        return [each.name for each in authors]


class DemoCohort(Section):
    """`cohort.demo`: size and seed of a synthetic cohort.

    surround: effect on the outcome of a signal around the tumour, which features of a ring see and
    the tumour's own intensities do not; 0 for no such signal.
    """

    patients: Count = 165
    events: Count = 96
    validation: Count = 33
    censored: Annotated[int, Field(ge=0)] = 12
    repeats: Annotated[int, Field(ge=0)] = 30
    image_shape: tuple[Count, Count, Count] = (56, 56, 20)
    seed: int = 20240
    surround: Annotated[float, Field(ge=0)] = 0.0

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """A cohort without the signal is digested as it was before there could be one."""
        return without_unset(serialise(self), "surround")


class CohortFiles(TableLayout):
    """Files of the cohort and their layout.

    table: .csv, .tsv, .xlsx, Stata's .dta or SPSS's .sav, in the layout that TableLayout's keys
    describe.
    """

    folder: Path
    table: str = "clinical.csv"
    dictionary: str | None = None
    patient_id: str = "patient_id"
    centre: str | None = None
    demo: DemoCohort | None = None


class Endpoint(Section):
    """Either a ready label column, or a follow-up with an event type and a horizon.

    label: 0 and 1 by default. event_value: the value, or values, that are the event; every other
    value is none. levels: value -> 1, 0 or null (unknown), where each has to be named. time: a
    duration in time_unit; or start and end, two columns of dates (date_format: as strptime writes
    it; YYYY-MM-DD by default). event_codes: the column's value -> recurrence, death or censored.
    horizon_tolerance_days: a patient without an event who was last seen at most so many days before
    the horizon counts as event-free there.
    """

    label: str | None = None
    event_value: int | str | list[int | str] = 1
    levels: dict[int | str, Literal[0, 1] | None] | None = None
    time: str | None = None
    time_unit: Literal["days", "weeks", "months", "years"] = "months"
    start: str | None = None
    end: str | None = None
    date_format: str | None = None
    event_type: str | None = None
    event_codes: dict[int | str, Literal["recurrence", "death", "censored"]] | None = None
    event: str = "recurrence"
    horizon_months: Annotated[float, Field(gt=0)] | None = None
    horizon_tolerance_days: Annotated[int, Field(ge=0, le=92)] = 0

    @model_validator(mode="after")
    def _one_kind(self) -> Endpoint:
        check_date_format(self.date_format)
        duration = self.time is not None or (self.start is not None and self.end is not None)
        if self.time is not None and (self.start or self.end):
            raise ValueError("give either time, a duration, or start and end, two dates; not both")
        if (self.start is None) != (self.end is None):
            raise ValueError("a follow-up by dates needs both start and end")
        follow_up = [duration or None, self.event_type, self.horizon_months]
        if self.label is None and any(part is None for part in follow_up):
            raise ValueError(
                "give either label, or all of time (or start and end), event_type and"
                " horizon_months"
            )
        if self.label is not None and any(part is not None for part in follow_up):
            raise ValueError(
                "give either label, or a follow-up (time, or start and end, with event_type and"
                " horizon_months), not both"
            )
        if self.label is None and (self.levels is not None or self.event_value != 1):
            raise ValueError(
                "levels and event_value say what a label means; a follow-up has event_codes instead"
            )
        if self.label is not None and self.horizon_tolerance_days:
            raise ValueError("horizon_tolerance_days is for a follow-up; a label has no horizon")
        if self.levels is not None and set(self.levels.values()) < {0, 1}:
            raise ValueError(
                "levels must name at least one value that is the event (1) and one that is not (0)"
            )
        return self


# Keys of a phase that came later.
LATER_OF_PHASE = (
    *("label", "organ", "organ_segment", "air", "networks", "registration", "preprocessing"),
)


class Phase(Section):
    """Imaging phase: its image and mask, and how they are read.

    image, mask: a file or a folder (a DICOM series; a DICOM-SEG or RTSTRUCT) by patient. series:
    which series of the folder. segment: name (pattern) or number of the tumour's segments or
    structures (DICOM-SEG, RTSTRUCT, 3D Slicer's .seg.nrrd, where numbers are label values), or
    values of a label map. resample_to: the phase on whose grid this one's image is put; its mask is
    on that grid then. label: what the article calls the phase; left out, its name with spaces.
    organ: a mask, at whose border regions around the tumour end; organ_segment: which of it, as
    segment. air: where they end without one.
    networks: the scale on which networks see this phase, in the place of that under deep_learning.
    registration: how it is registered to the phase of resample_to, whose masks it has.
    preprocessing: of this phase's images, in the place of that of all phases.
    """

    image: str
    mask: str
    repeat_masks: dict[str, str] = {}
    series: SeriesRule | None = None
    segment: str | int | list[str | int] | None = None
    resample_to: Name | None = None
    extraction: Extraction | None = None
    label: Annotated[str, Field(min_length=1)] | None = None
    organ: str | None = None
    organ_segment: str | int | list[str | int] | None = None
    air: Air | None = None
    networks: NetworkInput | None = None
    registration: Registration | None = None
    preprocessing: Preprocessing | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """A phase is digested as it was before there could be what it does not have."""
        content = without_unset(serialise(self), *LATER_OF_PHASE)
        if self.preprocessing is not None:
            # An empty one takes the place of that of all phases.
            content["preprocessing"] = self.preprocessing.model_dump(mode="json")
        return content


class Published(Section):
    """Published results of the reproduced paper: model -> cohort -> statistic.

    citation: its key in the bibliography. patients: cohort -> number of patients; events,
    non_events: of all patients, which the report checks the printed proportions against.
    """

    source: str
    citation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:.-]+$")] | None = None
    values: dict[str, dict[str, dict[str, float]]]
    patients: dict[str, Count] = {}
    events: Count | None = None
    non_events: Count | None = None


class Study(Section):
    """Study file.

    comparators: names of scores, or `{name: file.py:Class}` for one of the study's own, alone or in
    the list; comparator_files: these by name.
    """

    study: About
    cohort: CohortFiles
    screening: Screening | None = None
    endpoint: Endpoint
    split: Split
    phases: dict[str, Phase] = {}
    lesions: Lesions = Lesions()
    masks: Masks = Masks()
    preprocessing: Preprocessing | None = None
    radiomics: Radiomics | None = None
    features: dict[Name, FeatureBlock] = {}
    deep_learning: DeepLearning | None = None
    clinical: Clinical | None = None
    predictions: GivenPredictions | None = None
    fusion: Fusion = Fusion()
    additional_models: dict[Name, AdditionalModel] = {}
    comparators: list[str] = []
    comparator_files: dict[Name, OwnScore] = {}
    comparators_supplement: list[str] | Literal["rest"] = []
    assume: dict[str, float | str] = {}
    validation: Validation = Validation()
    statistics: Statistics = Statistics()
    controls: Controls = Controls()
    robustness: Robustness = Robustness()
    subgroups: list[Subgroup] = []
    sharing: Sharing = Sharing()
    published: Published | None = None
    declarations: Declarations = Declarations()
    manuscript: Manuscript = Manuscript()
    reporting: dict[str, Answer] = {}
    seed: int = 0
    jobs: Annotated[int, Field(ge=-1)] = -1
    execution: Execution = Execution()
    output: Path
    allow_outside: list[Path] = []
    path: Path = Field(default=Path("study.yml"), exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _parameter_files(cls, content: object) -> object:
        """Parameter files of PyRadiomics are looked for beside the study file."""
        if not isinstance(content, dict):
            return content
        root, content = Path(content.get("path", "study.yml")).parent, dict(content)
        if isinstance(section := content.get("radiomics"), dict) and "extraction" in section:
            content["radiomics"] = {**section, "extraction": located(section["extraction"], root)}
        if isinstance(phases := content.get("phases"), dict):
            content["phases"] = {
                name: {**phase, "extraction": located(phase["extraction"], root)}
                if isinstance(phase, dict) and "extraction" in phase
                else phase
                for name, phase in phases.items()
            }
        return content

    @model_validator(mode="before")
    @classmethod
    def _predictions_alone(cls, content: object) -> object:
        """Content of a study file, completed where its predictions came from elsewhere.

        Predictions that were made elsewhere need no split, and contrasts may name their models as
        the file does.
        """
        if not isinstance(content, dict) or content.get("predictions") is None:
            return content
        content = (
            content
            if content.get("split") is not None
            else {**content, "split": {"everyone": "validation"}}
        )
        statistics = content.get("statistics")
        contrasts = statistics.get("contrasts") if isinstance(statistics, dict) else None
        if not isinstance(statistics, dict) or not isinstance(contrasts, dict):
            return content
        named = dict(contrasts)
        for key in ("model", "primary"):
            if isinstance(contrasts.get(key), str):
                named[key] = identifier(contrasts[key])
        if isinstance(contrasts.get("family"), list):
            named["family"] = [identifier(each) for each in contrasts["family"]]
        return {**content, "statistics": {**statistics, "contrasts": named}}

    @model_validator(mode="before")
    @classmethod
    def _own_scores_apart(cls, content: object) -> object:
        """Scores that come with a file are named among the comparators and kept by name."""
        if not isinstance(content, dict):
            return content
        names, files = comparators_of(content.get("comparators"))
        if not files:
            return content
        known = content.get("comparator_files") or {}
        return {**content, "comparators": names, "comparator_files": {**known, **files}}

    @model_serializer(mode="wrap")
    def _without_empty_sections(self, serialise: Any) -> dict[str, Any]:
        """Serialised study, without screening and comparator files where it has none.

        A study without scores of its own, or without numbers of its screening, is written, and
        digested, as it was before there could be any.
        """
        later = ("comparator_files", "screening", "preprocessing", "features")
        return without_unset(serialise(self), *later)

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
        """Scores of the supplement.

        They are those named, or with `rest` every confirmed one that is not in the main table.
        """
        if self.comparators_supplement == "rest":
            # Imported here: a study without scores must not wait for all of them.
            from models.staging import remaining_scores

            return remaining_scores(self.comparators)
        return [name for name in self.comparators_supplement if name not in self.comparators]

    @property
    def output_folder(self) -> Path:
        """Folder of the results, absolute."""
        return (self.root / self.output).resolve()

    @property
    def cohort_folder(self) -> Path:
        """Folder of the cohort, absolute."""
        return (self.root / self.cohort.folder).resolve()

    @property
    def cache_folder(self) -> Path:
        """Folder of the cache, absolute: EARLY_RECURRENCE_CACHE, else `.cache` beside the study."""
        return Path(os.environ.get("EARLY_RECURRENCE_CACHE", self.root / ".cache")).resolve()

    @property
    def lock_file(self) -> Path:
        """Path of the lock, beside the study file.

        It is results.lock.json beside study.yml; beside study.sarcoma.yml it is
        results.sarcoma.lock.json.
        """
        name = self.path.stem
        return (
            self.root
            / f"results{'' if name == 'study' else '.' + name.removeprefix('study.')}.lock.json"
        )

    @property
    def families(self) -> list[str]:
        """Families of models that this study's inputs allow, in the paper's order."""
        has = {
            "clinical": self.clinical,
            "radiomics": self.radiomics,
            "features": self.features or None,
            "deep_learning": self.deep_learning,
            "predictions": self.predictions,
        }
        return [name for name, section in has.items() if section is not None]

    @property
    def reads_images(self) -> bool:
        """True if anything of the study is made from images and masks."""
        return (
            self.radiomics is not None and self.radiomics.table is None
        ) or self.deep_learning is not None

    def extraction_of(self, phase: str) -> Extraction:
        """Extraction settings of a phase, with the code of own features.

        They are the phase's own, else those of the radiomics section. Raises ValueError where a
        file of own features is not there.
        """
        return self.written_extraction_of(phase).with_code(self.root)

    def written_extraction_of(self, phase: str) -> Extraction:
        """Extraction settings as the study file has them: no file of own features is read."""
        return self.phases[phase].extraction or (self.radiomics or Radiomics()).extraction

    @property
    def preprocessing_of(self) -> dict[str, Preprocessing]:
        """Phase → what is done to its images before anything else; only phases with any step."""
        found = {
            name: self.preprocessing if phase.preprocessing is None else phase.preprocessing
            for name, phase in self.phases.items()
        }
        return {name: each for name, each in found.items() if each and each.does_something}

    @property
    def matched_phases(self) -> list[str]:
        """Phases whose histograms are matched to a standard scale that each fit learns."""
        return [name for name, each in self.preprocessing_of.items() if each.is_matched]

    @property
    def ibsi_phases(self) -> list[str]:
        """Phases whose features are extracted with `engine: ibsi`."""
        if self.radiomics is None or self.radiomics.table is not None:
            return []
        return [name for name in self.phases if self.written_extraction_of(name).engine == "ibsi"]

    @property
    def reference_phase(self) -> str:
        """Phase whose grid networks see and whose pictures are shown; without networks the first.

        Only a study with images has one.
        """
        first = next(iter(self.phases))
        return first if self.deep_learning is None else self.deep_learning.reference_phase

    def network_inputs(self) -> dict[str, NetworkInput]:
        """Phase -> the scale on which networks see it; empty in a study without networks."""
        if self.deep_learning is None:
            return {}
        every = self.deep_learning.every_input
        return {name: phase.networks or every for name, phase in self.phases.items()}

    @property
    def regions(self) -> dict[str, Region]:
        """Regions beside the tumour that features are extracted from, by name."""
        if self.radiomics is None or self.radiomics.table is not None:
            return {}
        return self.radiomics.regions

    @property
    def habitats(self) -> Habitats | None:
        """Habitats of the tumour; None without, and where features come as a table."""
        if self.radiomics is None or self.radiomics.table is not None:
            return None
        return self.radiomics.habitats

    @property
    def habitat_phase(self) -> str:
        """Phase on whose grid habitats lie, and by whose intensity they are numbered."""
        named = None if self.habitats is None else self.habitats.reference_phase
        return named or self.reference_phase

    @property
    def blocks(self) -> list[Block]:
        """Blocks of extracted features in their order: of each phase the tumour, its regions."""
        return blocks_of(self.phases, self.regions)

    @property
    def deltas(self) -> list[Delta]:
        """Measures that compare two phases, in their order."""
        return [] if self.radiomics is None else deltas_of(self.radiomics.delta)

    @property
    def name_beginnings(self) -> list[str]:
        """What names of features begin with: phases, and comparisons of two of them."""
        return [*self.phases, *(delta.prefix for delta in self.deltas)]

    @property
    def own_features(self) -> dict[str, str]:
        """Name -> `file.py:Class` of the features of the study's own, of any phase."""
        if self.radiomics is None or self.radiomics.table is not None:
            return {}
        return {
            name: reference
            for phase in self.phases
            for name, reference in self.written_extraction_of(phase).own.items()
        }
