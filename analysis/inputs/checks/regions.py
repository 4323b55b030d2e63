"""Regions in and around the tumours: can each be made, and what of it was cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.problems import Problems
from analysis.core.progress import in_parallel
from analysis.core.word_lists import counted
from analysis.imaging.reading import ImageSource, MaskSource, reading_code
from analysis.imaging.regions import EmptyRegion
from analysis.inputs.checks.extraction import can_be_tried
from analysis.inputs.checks.finding import Finding
from analysis.inputs.checks.told_findings import ToldFindings, shown_path
from analysis.inputs.checks.volumes import said_of
from analysis.inputs.radiomics.engine_identity import settings_content
from analysis.inputs.radiomics.extraction import extract_features
from analysis.inputs.radiomics.quality import LEAST_VOXELS
from analysis.inputs.radiomics.region_quality import MUCH_CUT, region_quality
from analysis.inputs.radiomics.table import extraction_code
from analysis.study import Extraction
from analysis.study.regions import Block

LOOK = "look at the masks and at where the region ends (phases: organ, air in the study file)"


def check_regions(
    cohort: Cohort, delineations: Sequence[tuple[str, str, str | None]], problems: Problems
) -> None:
    """Check every region of the patients, phases and repeated delineations (or None).

    Each is made as features would need it. delineations: whose image and mask are sound. A missing
    mask of an organ is told once a patient and file.
    """
    study = cohort.study
    if not study.regions:
        return
    work: list[tuple[str, Block, str | None]] = []
    missing: set[Path] = set()
    for patient, phase, repeat in delineations:
        for block in [each for each in study.blocks if each.phase == phase and each.region]:
            organ = cohort.files.organ(patient, phase)
            reaches_out = study.regions[str(block.region)].reaches_out
            if organ is None or organ.exists() or not reaches_out:
                work.append((patient, block, repeat))
            elif organ not in missing:
                missing.add(organ)
                problems.error(
                    f"the mask of the organ of phase {phase} is missing",
                    shown_path(organ, cohort),
                    mend=f"add the file, or correct phases.{phase}.organ in the study file, or take"
                    " the patient out of the table",
                    patient=patient,
                    reason="mask",
                )
    code = digest(reading_code(), extraction_code(), source_digest(Path(__file__)))
    arguments = [
        (
            cohort.image_source(patient, block.phase),
            cohort.block_mask(patient, block, repeat),
            study.written_extraction_of(block.phase).without_own(),
            code,
            study.cache_folder / "checks",
        )
        for patient, block, repeat in work
    ]
    names = [f"patient {patient}, {block.words}" for patient, block, _ in work]
    found = in_parallel(_seen, arguments, "checking regions", study.jobs, names=names)
    told = ToldFindings(cohort, problems)
    for (patient, block, repeat), findings in zip(work, found, strict=True):
        path = cohort.mask(patient, block.phase, repeat)
        told.tell(findings, patient, image=path, mask=path)


def _seen(
    image: ImageSource, mask: MaskSource, extraction: Extraction, code: str, folder: Path
) -> tuple[Finding, ...]:
    """Findings on a region, remembered by content."""
    assert mask.region is not None
    settings = settings_content(extraction)
    try:
        key = digest("region", image, mask, mask.region.name, settings, code)
    except (ValueError, RuntimeError, OSError) as error:
        return (Finding("error", "mask", said_of(error, image.path, mask.path), LOOK),)
    return cached(folder, key, lambda: look_at_region(image, mask, extraction))


def look_at_region(
    image: ImageSource, mask: MaskSource, extraction: Extraction
) -> tuple[Finding, ...]:
    """Findings on one region. mask: with its region, of a tumour without a fault of its own."""
    assert mask.region is not None
    name = mask.region.name
    try:
        quality = region_quality(image, mask)
    except EmptyRegion as error:
        what, _, mend = str(error).partition("; ")
        return (Finding("error", "mask", what, mend),)
    except (ValueError, RuntimeError) as error:
        words = said_of(error, image.path, mask.path)
        return (Finding("error", "mask", f"region '{name}' can't be made: {words}", LOOK),)
    found = []
    if quality.smallest < LEAST_VOXELS:
        few = f"region '{name}' has {counted(quality.smallest, 'voxel')}"
        mend = "a texture of so few says little; make it wider (radiomics.regions)"
        found.append(Finding("warning", "mask", few, mend))
    if quality.share_cut > MUCH_CUT:
        much = f"{quality.share_cut:.0%} of region '{name}' is cut"
        found.append(Finding("warning", "mask", much, LOOK))
    # Few voxels may be none after resampling, which the features themselves tell best.
    if quality.smallest < LEAST_VOXELS and can_be_tried(extraction):
        try:
            extract_features(image, mask, extraction)
        except (ValueError, RuntimeError) as error:
            reason = said_of(error, image.path, mask.path)
            found.append(
                Finding(
                    "error",
                    "mask",
                    f"features of region '{name}' can't be computed ({reason})",
                    "choose a wider region (radiomics.regions in the study file), or leave the"
                    " patient out",
                )
            )
    return tuple(found)
