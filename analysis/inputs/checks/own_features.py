"""Check of the features of the study's own code, before anything is fitted.

It tells whether the classes can be used, and what they give for each patient.
"""

from __future__ import annotations

from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.radiomics.own_features import (
    OwnFeaturesError,
    check_same_names,
    own_extractors,
)
from analysis.inputs.radiomics.table import extraction_code, own_piece
from analysis.inputs.standard_scale import with_standard_scale
from analysis.study import Extraction, Study
from analysis.study.extraction import OWN


def check_own_extractors(study: Study, problems: Problems) -> bool:
    """An error for each class that is not there or can't be used; whether all can be."""
    where = f"{study.path.name}, {OWN}"
    told: set[str] = set()
    for phase in study.phases if study.own_features else ():
        written = study.written_extraction_of(phase)
        for name, reference in written.own.items():
            alone = written.model_copy(update={"own": {name: reference}})
            try:
                own_extractors(alone.with_code(study.root))
            except (ValueError, OSError) as error:
                told.add(str(error))
    for message in sorted(told):
        problems.error(message, where, "mend the file, or its line in the study file")
    return not told


def _tried(
    image: ImageSource, mask: MaskSource, settings: Extraction, code: str, folder: Path
) -> tuple[tuple[str, ...], str | None]:
    """Names of the own features of one image, and why there are none."""
    try:
        return tuple(own_piece(image, mask, settings=settings, code=code, folder=folder)), None
    except OwnFeaturesError as error:
        return (), str(error).removeprefix(f"{image.path} with mask {mask.path}: ")
    except (ValueError, RuntimeError, OSError):
        # An image or mask that can't be read, which the checks of files say.
        return (), None


def check_own_features(cohort: Cohort, problems: Problems) -> None:
    """Compute and check the own features of every patient and phase.

    The run then takes them from the cache. Each failure is an error, and so are names that differ
    between patients. Where histograms are matched, none are looked at beside other errors.
    """
    study = cohort.study
    if not study.own_features or (study.matched_phases and problems.of("error")):
        return
    cohort = with_standard_scale(cohort)
    work = [
        (patient, phase)
        for patient in cohort.patients
        for phase in study.phases
        if cohort.image(patient, phase).exists() and cohort.mask(patient, phase).exists()
    ]
    code, folder = extraction_code(), study.cache_folder / "radiomics"
    names = [f"patient {patient}, {phase}" for patient, phase in work]
    found = in_parallel(
        _tried,
        [
            (
                cohort.image_source(patient, phase),
                cohort.mask_source(patient, phase),
                study.extraction_of(phase),
                code,
                folder,
            )
            for patient, phase in work
        ],
        "own features",
        study.jobs,
        names=names,
    )
    for (patient, phase), (_, fault) in zip(work, found, strict=True):
        if fault is not None:
            problems.error(
                fault, f"{OWN}, {phase}", "mend the file, or leave the patient out", patient
            )
    try:
        check_same_names(
            (
                (whom, phase, given)
                for whom, (_, phase), (given, _) in zip(names, work, found, strict=True)
                if given
            ),
            study.own_features,
        )
    except OwnFeaturesError as error:
        problems.error(str(error), OWN, "mend the file")
