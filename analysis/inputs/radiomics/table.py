"""Patients × features, extracted in parallel and cached per patient and phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError
from itertools import chain, groupby, product
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.feature_columns import feature_phases
from analysis.cohort.tables.feature_table import read_features
from analysis.core.cache import cached, digest, source_digest, versions
from analysis.core.problems import Problems
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource, reading_code
from analysis.inputs.habitats import CohortVoxels, cohort_voxels, patient_voxels
from analysis.inputs.radiomics.delta import compared_features, references_of, with_deltas
from analysis.inputs.radiomics.engine_identity import settings_content
from analysis.inputs.radiomics.extraction import (
    block_extraction,
    extract_features,
    extract_own_features,
)
from analysis.inputs.radiomics.own_features import check_same_names, naming
from analysis.inputs.radiomics.perturbation import perturbed_features, perturbed_patients
from analysis.inputs.radiomics.without_preprocessing import without_preprocessing
from analysis.study import Extraction
from analysis.study.regions import Block
from models.inputs import ImageFeatures
from models.voxels import Voxels

LIBRARIES = ("pyradiomics-bhklab", "SimpleITK", "numpy", "scipy", "PyWavelets", "numba")


# Names and values of an image's features.
Part = tuple[tuple[str, ...], np.ndarray]


@dataclass(frozen=True)
class RadiomicsTable:
    """Radiomics features of the patients, and those from other delineations.

    features: patients × `{phase}_{pyradiomics name}`, `{phase}_{region}_{pyradiomics name}` of a
    region beside the tumour, and `{phase}_{own name}_{feature}` of the study's own code. repeats:
    the same for each repeated delineation, of the patients who have one; perturbed: for each
    perturbation of the first delineation or its image, of training patients; unchanged: how many of
    them keep mask and image; further: the same tables for each other repeat of a perturbation.
    unprepared: features and perturbations of the same patients without preprocessing, where the
    study compares the two; no model sees them. references: of a
    feature that divides one phase's by another's, the feature that is its denominator. voxels: of
    which habitats are clustered in each fold; None without.
    """

    features: pd.DataFrame
    repeats: dict[str, pd.DataFrame]
    perturbed: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    unchanged: Mapping[str, int] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    voxels: CohortVoxels | None = None
    further: Mapping[str, Sequence[pd.DataFrame]] = field(default_factory=dict)
    unprepared: RadiomicsTable | None = None

    @property
    def delineations(self) -> dict[str, pd.DataFrame]:
        """All that a feature is held against: other delineations, drawn and made."""
        return {**self.repeats, **self.perturbed}


def _installed(names: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        try:
            found |= versions([name])
        except PackageNotFoundError:  # conda names the same code 'pyradiomics'
            found |= versions(["pyradiomics"])
    return found


def extraction_code() -> str:
    """Code and libraries that a feature's value depends on; which engine, the settings say."""
    room = Path(__file__).parent
    own = source_digest(
        *(room / f"{name}.py" for name in ("extraction", "engine_choice", "pyradiomics_engine")),
        room / "engine",
    )
    return digest(own, reading_code(), _installed(LIBRARIES))


def _one(
    image: Path | ImageSource,
    mask: Path | MaskSource,
    settings: Extraction,
    code: str,
    folder: Path,
) -> dict[str, float]:
    """Radiomics features of one image, PyRadiomics's and own ones.

    The two are kept apart: where the study's own code changes, PyRadiomics's stay. The result is
    None where a piece is missing in a plan.
    """
    plain = settings.without_own()
    key = digest(image, mask, settings_content(plain), code)
    features = cached(folder, key, lambda: extract_features(image, mask, plain), "an image")
    if not settings.own:
        return features
    own = own_piece(image, mask, settings=settings, code=code, folder=folder)
    if features is None or own is None:
        return None
    return features | own


def own_piece(
    image: Path | ImageSource,
    mask: Path | MaskSource,
    settings: Extraction,
    code: str,
    folder: Path,
) -> dict[str, float]:
    """Own features of an image, cached by the content of image, mask and the study's own code."""
    own_code = settings.model_dump(mode="json", include={"own", "code"})
    module = source_digest(Path(__file__).with_name("own_features.py"))
    key = digest("own features", image, mask, own_code, code, module)
    return cached(folder, key, lambda: extract_own_features(image, mask, settings), "own features")


def _phases(arguments: list[tuple], names: list[str]) -> list[dict[str, float]]:
    """Radiomics features of one patient's phases, computed in one process.

    The process remembers what follows from the mask that the phases share. names: of the patient
    and phase, for messages.
    """
    found = []
    for each, whom in zip(arguments, names, strict=True):
        with naming(whom):
            found.append(_one(*each))
    return found


class _Vectors:
    """Each phase's features as their names and an array.

    The names are the same object for every image that has the same ones: a dictionary an image
    would be most of the memory that a thousand patients take.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __call__(self, phases: list[dict[str, float]]) -> list[Part]:
        return [
            (
                self._names.setdefault(names := tuple(features), names),
                np.array(list(features.values()), dtype=float),
            )
            for features in phases
        ]


# Names of features → patient → values, of those patients who have just these features.
_Alike = dict[tuple[str, ...], dict[str, np.ndarray]]


def _tables(
    parts: list[tuple[tuple[str | None, str, str], Part]],
) -> dict[str | None, pd.DataFrame]:
    """Tables of radiomics features, one for each delineation.

    They are patients × `{phase}_{feature}`, from the parts of (delineation, patient, phase), where
    that of a region is `{phase}_{region}`.
    """
    blocks: dict[str | None, dict[str, _Alike]] = {}
    for (name, patient, phase), (features, values) in parts:
        blocks.setdefault(name, {}).setdefault(phase, {}).setdefault(features, {})[patient] = values
    return {name: _table(phases) for name, phases in blocks.items()}


def _table(phases: dict[str, _Alike]) -> pd.DataFrame:
    """Features of one delineation: patients × `{phase}_{feature}`."""
    of_phases = [_table_of_phase(phase, alike) for phase, alike in phases.items()]
    return pd.concat(of_phases, axis=1).rename_axis("patient_id")


def _table_of_phase(phase: str, alike: _Alike) -> pd.DataFrame:
    """Features of one phase: patients × `{phase}_{feature}`."""
    return pd.concat(
        [
            pd.DataFrame(
                np.stack(list(rows.values())),
                index=list(rows),
                columns=[f"{phase}_{feature}" for feature in features],
            )
            for features, rows in alike.items()
        ]
    )


def given_table(cohort: Cohort) -> RadiomicsTable:
    """Features that were extracted elsewhere; raises CohortError listing the table's errors."""
    problems = Problems(cohort.excluded)
    found = read_features(cohort.study, cohort.patients, problems)
    problems.raise_errors()
    assert found is not None
    return compared(cohort, RadiomicsTable(found[0].loc[cohort.patients], found[1]))


def compared(cohort: Cohort, table: RadiomicsTable) -> RadiomicsTable:
    """The table with the features that compare two phases, in every delineation that has both.

    Each is computed from the two features of that delineation. One without a value in some patient,
    a quotient by zero, is left out for all. Raises ValueError for a comparison without a feature.
    """
    study = cohort.study
    if not study.deltas:
        return table
    wanted = compared_features(study, table.features, feature_phases(study))
    features = with_deltas(table.features, wanted)
    wanted = {name: each for name, each in wanted.items() if name in features}
    repeats, perturbed = (
        {name: with_deltas(each, wanted) for name, each in tables.items()}
        for tables in (table.repeats, table.perturbed)
    )
    return replace(
        table,
        features=features,
        repeats=repeats,
        perturbed=perturbed,
        further={
            name: [with_deltas(each, wanted) for each in tables]
            for name, tables in table.further.items()
        },
        unprepared=None if table.unprepared is None else compared(cohort, table.unprepared),
        references=references_of(study, list(wanted)),
    )


def radiomics_table(cohort: Cohort) -> RadiomicsTable:
    """Radiomics features of every patient, phase and delineation.

    What is not cached yet is extracted; or the study's feature table is read.
    """
    study = cohort.study
    if study.radiomics is not None and study.radiomics.table is not None:
        return given_table(cohort)
    work: list[tuple[str | None, str, Block]] = [
        (None, patient, block) for patient in cohort.patients for block in study.blocks
    ]
    names = sorted({name for files in study.phases.values() for name in files.repeat_masks})
    for name in names:
        delineated = [
            block for block in study.blocks if name in study.phases[block.phase].repeat_masks
        ]
        work += product([name], cohort.repeat_patients(name), delineated)
    code = extraction_code()
    tables = _extracted(cohort, work, code)
    features = tables.pop(None).loc[cohort.patients]
    repeats = {
        name: table[[column for column in features if column in table]]
        for name, table in tables.items()
        if name is not None
    }
    table = RadiomicsTable(
        features, repeats, unprepared=_unprepared(cohort, code), voxels=cohort_voxels(cohort)
    )
    return compared(cohort, _with_perturbed(table, cohort, code))


def features_under(cohort: Cohort, patients: Sequence[str]) -> ImageFeatures:
    """Features of these patients, and their voxels for habitats, on the cohort's standard scale.

    By the first delineation, in every phase and region; what is not cached yet is extracted. Those
    that compare two phases are with them, where they have a value in each of the patients.
    """
    study = cohort.study
    work = [(None, patient, block) for patient in patients for block in study.blocks]
    features = _extracted(cohort, work, extraction_code())[None].loc[list(patients)]
    if study.deltas:
        wanted = compared_features(study, features, feature_phases(study))
        features = with_deltas(features, wanted)
    voxels = None
    if study.habitats is not None:
        own = patient_voxels(cohort, patients)
        voxels = Voxels.of(list(study.phases), [each.values for each in own])
    return ImageFeatures(features, voxels)


def _with_perturbed(table: RadiomicsTable, cohort: Cohort, code: str) -> RadiomicsTable:
    found = perturbed_features(cohort, code)
    return replace(table, perturbed=found.tables, unchanged=found.unchanged, further=found.further)


def _unprepared(cohort: Cohort, code: str) -> RadiomicsTable | None:
    """Features of perturbed patients without preprocessing, where the study asks for them."""
    study = cohort.study
    perturbation = study.radiomics.perturbation if study.radiomics is not None else None
    if perturbation is None or not perturbation.compare_preprocessing:
        return None
    plain = without_preprocessing(cohort)
    patients = perturbed_patients(cohort, perturbation)
    work = [(None, patient, block) for patient in patients for block in study.blocks]
    return _with_perturbed(RadiomicsTable(_extracted(plain, work, code)[None], {}), plain, code)


def _extracted(
    cohort: Cohort, work: Sequence[tuple[str | None, str, Block]], code: str
) -> dict[str | None, pd.DataFrame]:
    """Tables of features, one for each delineation, of the (delineation, patient, block) of work.

    What is not cached yet is extracted, in parallel.
    """
    study = cohort.study
    settings = {block: block_extraction(study, block) for block in study.blocks}
    folder = study.cache_folder / "radiomics"
    arguments = [
        (
            cohort.prepared_source(patient, block.phase),
            cohort.block_mask(patient, block, name),
            settings[block],
            code,
            folder,
        )
        for name, patient, block in work
    ]
    together = [
        (whom, [argument for _, argument in group])
        for whom, group in groupby(zip(work, arguments, strict=True), key=lambda each: each[0][:2])
    ]
    whom = [
        f"patient {patient}, {block.words}" + (f" ({name})" if name else "")
        for name, patient, block in work
    ]
    places = iter(whom)
    patients = [(group, [next(places) for _ in group]) for _, group in together]
    names_of = [
        f"patient {patient}" + (f" ({name})" if name else "") for (name, patient), _ in together
    ]
    found = in_parallel(_phases, patients, "radiomics", study.jobs, names=names_of, keep=_Vectors())
    parts = list(chain.from_iterable(found))
    if study.own_features:
        check_same_names(
            (
                (who, block.prefix, names)
                for who, (_, _, block), (names, _) in zip(whom, work, parts, strict=True)
            ),
            study.own_features,
        )
    prefixes = [(name, patient, block.prefix) for name, patient, block in work]
    return _tables(list(zip(prefixes, parts, strict=True)))
