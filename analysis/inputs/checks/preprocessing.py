"""What preprocessing needs of each patient: voxels to fit a field on, masks of a reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.problems import Problems
from analysis.core.progress import in_parallel
from analysis.imaging.preparation import shrunken
from analysis.imaging.reading import ImageSource, image_landmarks, read_image, reading_code
from analysis.inputs.checks.told_findings import shown_path
from analysis.inputs.checks.volumes import said_of

KEYS = "preprocessing in the study file"


def check_preprocessing(cohort: Cohort, problems: Problems) -> None:
    """Check that each image can be corrected and put on the scale of its reference.

    No bias field is fitted, which takes longest; the reference is tried on the stored image.
    """
    work: list[tuple[str, str]] = []
    for patient in cohort.patients:
        for phase in cohort.study.preprocessing_of:
            if not cohort.image(patient, phase).exists():
                continue
            reference = cohort.files.reference(patient, phase)
            if reference is None or reference.exists():
                work.append((patient, phase))
                continue
            problems.error(
                f"the mask of the intensity reference of phase {phase} is missing",
                shown_path(reference, cohort),
                mend=f"add the file, or correct {KEYS}, or take the patient out of the table",
                patient=patient,
                reason="mask",
            )
    code = digest(reading_code(), source_digest(Path(__file__)))
    folder = cohort.study.cache_folder / "checks"
    sources = [cohort.prepared_source(*each) for each in work]
    found = in_parallel(
        _fault,
        [(each, code, folder) for each in sources],
        "checking preprocessing",
        cohort.study.jobs,
        names=[f"patient {patient}, {phase}" for patient, phase in work],
    )
    for (patient, phase), words in zip(work, found, strict=True):
        if words:
            reference = cohort.files.reference(patient, phase)
            problems.error(
                f"images of phase {phase} can't be preprocessed: {words}",
                shown_path(reference or cohort.image(patient, phase), cohort),
                mend=f"look at image and mask, or correct {KEYS}, or leave the patient out",
                patient=patient,
                reason="image" if reference is None else "mask",
            )


def _fault(source: ImageSource, code: str, folder: Path) -> str:
    """What is wrong with an image or its reference; empty where nothing is."""
    try:
        key = digest("preprocessing", source, code)
    except (ValueError, RuntimeError, OSError) as error:
        return said_of(error, source.path)
    return cached(folder, key, lambda: preprocessing_fault(source), "preprocessing")


def preprocessing_fault(source: ImageSource) -> str:
    """Why a source's image can't be prepared, in words; empty if it can.

    Scale and landmarks are tried on the stored image: bias correction makes equal values differ,
    and so hides that an image is clipped.
    """
    assert source.preparation is not None
    settings = source.preparation.settings.model_copy(update={"bias_correction": None})
    prepared = replace(source.preparation, settings=settings)
    alone = replace(source, preparation=prepared).as_acquired()
    paths = [source.path]
    if source.preparation.reference is not None:
        paths.append(source.preparation.reference.path)
    correction = source.preparation.settings.bias_correction
    try:
        if correction is not None:
            shrunken(read_image(replace(source, preparation=None).as_acquired()), correction)
        if settings.is_matched:
            image_landmarks(alone)
        else:
            read_image(alone)
    except (ValueError, RuntimeError) as error:
        return said_of(error, *paths)
    return ""
