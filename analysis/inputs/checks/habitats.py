"""Habitats of the tumours: do the images of all phases meet where the tumour is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.problems import Problems
from analysis.core.progress import in_parallel
from analysis.inputs.checks.finding import Finding
from analysis.inputs.checks.told_findings import ToldFindings
from analysis.inputs.checks.volumes import said_of
from analysis.inputs.habitats import HabitatSources, habitat_sources, habitat_voxels
from analysis.inputs.habitats.cohort_voxels import voxels_code
from analysis.study.regions import Block

# Share of a tumour's voxels beyond the image of a phase above which `check` warns.
MUCH_LEFT_OUT = 0.1
LOOK = "habitats leave out what a phase does not show (radiomics.habitats); look at the images"


def check_habitats(
    cohort: Cohort, delineations: Sequence[tuple[str, str, str | None]], problems: Problems
) -> None:
    """Check that voxels for habitats can be read, of patients all of whose phases are sound.

    delineations: patient, phase and repeated delineation (or None) whose image and mask are sound.
    """
    study = cohort.study
    if study.habitats is None:
        return
    phase, sound = study.habitat_phase, set(delineations)
    work = [
        (patient, repeat)
        for patient, of, repeat in delineations
        if of == phase and all((patient, each, None) in sound for each in study.phases)
    ]
    block, reference = Block(phase, study.habitats.region), list(study.phases).index(phase)
    code = digest(voxels_code(), source_digest(Path(__file__)))
    normalisation = study.habitats.normalisation
    arguments = [
        (
            habitat_sources(cohort.files.unmatched, patient, block, normalisation, repeat=repeat),
            reference,
            code,
            study.cache_folder / "checks",
        )
        for patient, repeat in work
    ]
    names = [f"patient {patient}" for patient, _ in work]
    found = in_parallel(_seen, arguments, "checking habitats", study.jobs, names=names)
    told = ToldFindings(cohort, problems)
    for (patient, repeat), findings in zip(work, found, strict=True):
        path = cohort.mask(patient, phase, repeat)
        told.tell(findings, patient, image=path, mask=path)


def _seen(sources: HabitatSources, reference: int, code: str, folder: Path) -> tuple[Finding, ...]:
    """Findings on a patient's voxels, remembered by content."""
    try:
        key = digest("habitats", sources, reference, code)
    except (ValueError, RuntimeError, OSError) as error:
        return (_refused(sources, reference, error),)
    return cached(folder, key, lambda: look_at_voxels(sources, reference))


def _refused(sources: HabitatSources, reference: int, error: Exception) -> Finding:
    words = said_of(error, sources.images[reference].path, sources.mask.path)
    return Finding("error", "mask", f"habitats can't be made: {words}", LOOK)


def look_at_voxels(sources: HabitatSources, reference: int) -> tuple[Finding, ...]:
    """Findings on the voxels of a tumour; reference: place of the reference phase."""
    try:
        voxels = habitat_voxels(sources, reference)
    except (ValueError, RuntimeError) as error:
        return (_refused(sources, reference, error),)
    share = voxels.left_out / (voxels.left_out + len(voxels.values))
    if share <= MUCH_LEFT_OUT:
        return ()
    what = f"{share:.0%} of the tumour's voxels lie beyond the image of a phase"
    return (Finding("warning", "mask", what, LOOK),)
