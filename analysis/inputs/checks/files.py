"""The images and masks of a cohort: are they there, can each be used, do they fit together."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.core.progress import in_parallel
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.inputs.checks.absent_files import check_absent, check_strangers, other_spellings
from analysis.inputs.checks.enhancement import check_enhancement
from analysis.inputs.checks.examinations import check_examinations
from analysis.inputs.checks.finding import Grid, Seen
from analysis.inputs.checks.habitats import check_habitats
from analysis.inputs.checks.images import checks_code, seen
from analysis.inputs.checks.preprocessing import check_preprocessing
from analysis.inputs.checks.regions import check_regions
from analysis.inputs.checks.registration import check_registration
from analysis.inputs.checks.told_findings import ToldFindings, shown_path

# Phases of one examination see the same organ; below this share they can't be brought together.
LEAST_OVERLAP = 0.5


def check_files(cohort: Cohort, problems: Problems) -> None:
    """Check every image and mask of the study.

    Each is read once, with a progress bar; pairs that were read before are remembered.
    """
    study = cohort.study
    work: list[tuple[str, str, str | None, Path, Path]] = []
    missing: set[Path] = set()
    spelled = other_spellings(cohort)
    without = check_absent(cohort, spelled, problems)
    for patient in cohort.patients:
        for phase in study.phases if patient not in without else ():
            pair = (cohort.image(patient, phase), cohort.mask(patient, phase))
            absent = [path for path in pair if not path.exists()]
            for path in absent:
                if path not in missing:
                    kind = "image" if path == pair[0] else "mask"
                    problems.error(
                        f"the {kind} of phase {phase} is missing",
                        shown_path(path, cohort),
                        mend=f"add the file, or correct phases.{phase}.{kind} in the study file,"
                        f" or take"
                        " the patient out of the table",
                        patient=patient,
                        reason=kind,
                    )
                missing.add(path)
            if not absent:
                work.append((patient, phase, None, *pair))
    for repeat in sorted({name for files in study.phases.values() for name in files.repeat_masks}):
        repeated = cohort.repeat_patients(repeat)
        if not repeated:
            problems.warning(
                f"no patient has the repeated delineation '{repeat}'",
                "phases, repeat_masks",
                "correct its file pattern, or take it out of the study file",
            )
        work += [
            (
                patient,
                phase,
                repeat,
                cohort.image(patient, phase),
                cohort.mask(patient, phase, repeat),
            )
            for patient in repeated
            for phase, files in study.phases.items()
            if repeat in files.repeat_masks
        ]
    work = [row for row in work if row[3].exists()]
    extracted, code, folder = (
        study.radiomics is not None and study.radiomics.table is None,
        checks_code(),
        study.cache_folder / "checks",
    )
    found = in_parallel(
        seen,
        [
            (
                cohort.image_source(patient, phase),
                cohort.mask_source(patient, phase, repeat),
                study.written_extraction_of(phase).without_own() if extracted else None,
                code,
                folder,
            )
            for patient, phase, repeat, *_ in work
        ],
        "checking images",
        study.jobs,
        names=[f"patient {patient}, {phase}" for patient, phase, *_ in work],
    )
    first: dict[str, dict[str, Seen]] = defaultdict(dict)
    told = ToldFindings(cohort, problems)
    for (patient, phase, delineation, image, mask), result in zip(work, found, strict=True):
        if delineation is None:
            first[patient][phase] = result
        told.tell(result.findings, patient, image=image, mask=mask)
    sound = [
        (patient, phase, delineation)
        for (patient, phase, delineation, *_), result in zip(work, found, strict=True)
        if not any(finding.level == "error" for finding in result.findings)
    ]
    check_regions(cohort, sound, problems)
    check_registration(cohort, sound, problems)
    check_habitats(cohort, sound, problems)
    check_preprocessing(cohort, problems)
    _between_phases(first, study.deep_learning is not None, problems)
    check_examinations(first, cohort, problems)
    check_enhancement(
        {
            patient: {phase: result.brightness for phase, result in phases.items()}
            for patient, phases in first.items()
        },
        problems,
    )
    _copies(first, cohort, problems)
    _copied_masks(first, cohort, problems)
    check_strangers(cohort, spelled, problems)


def _corners(grid: Grid) -> np.ndarray:
    """Least and largest patient coordinates of a volume's voxels, 2 × 3 (mm)."""
    steps = np.array(grid.direction).reshape(3, 3) * grid.spacing
    ends = np.array(
        np.meshgrid(*[(-0.5, size - 0.5) for size in grid.size], indexing="ij")
    ).reshape(3, -1)
    places = np.array(grid.origin) + (steps @ ends).T
    return np.array([places.min(axis=0), places.max(axis=0)])


def overlap(first: Grid, second: Grid) -> float:
    """Share of the smaller volume's box that lies in the other's, along the patient's axes."""
    one, other = _corners(first), _corners(second)
    shared = np.clip(np.minimum(one[1], other[1]) - np.maximum(one[0], other[0]), 0, None).prod()
    return float(shared / min((one[1] - one[0]).prod(), (other[1] - other[0]).prod()))


def _between_phases(first: dict[str, dict[str, Seen]], together: bool, problems: Problems) -> None:
    """Check of the orientation and grid of a patient's phases.

    together: whether the study brings them onto one grid.
    """
    different = []
    for patient, phases in first.items():
        grids = {phase: result.grid for phase, result in phases.items() if result.grid is not None}
        if len(grids) < 2:
            continue
        reference, *others = grids
        for phase in others:
            share = overlap(grids[reference], grids[phase])
            if share < LEAST_OVERLAP:
                (problems.error if together else problems.warning)(
                    f"{phase} and {reference} cover different places: {share:.0%} of the smaller"
                    " one lies within the other",
                    "headers of the images",
                    "make sure that both are of one examination, and export them again",
                    patient=patient,
                    reason="image",
                )
        turned = [phase for phase in others if grids[phase].axes != grids[reference].axes]
        for phase in turned:
            problems.note(
                f"{phase} is stored in another orientation ({' '.join(grids[phase].axes)}) than"
                f" {reference} ({' '.join(grids[reference].axes)})",
                "headers of the images",
                "make sure that both headers are right: the phases are brought together by them",
                patient,
            )
        if any(
            grids[phase].size != grids[reference].size
            or not np.allclose(
                grids[phase].spacing + grids[phase].origin,
                grids[reference].spacing + grids[reference].origin,
                atol=1e-2,
            )
            for phase in others
            if phase not in turned
        ):
            different.append(patient)
    if different:
        problems.note(
            f"the phases of {counted(len(different), 'patient has', 'patients have')} different"
            f" grids ({listed(different, 5)})",
            "headers of the images",
            "features are taken from each phase on its own grid; networks see all phases on that of"
            " the reference phase",
        )


def _copies(first: dict[str, dict[str, Seen]], cohort: Cohort, problems: Problems) -> None:
    """Report the same file given for two patients or two phases."""
    owners: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for patient, phases in first.items():
        for phase, result in phases.items():
            owners[result.content].append((patient, phase))
    for pairs in owners.values():
        patients = list(dict.fromkeys(patient for patient, _ in pairs))
        if len(patients) > 1:
            others = listed(patients[:-1], 5)
            problems.error(
                f"the image is the same file, byte for byte, as that of {others}",
                shown_path(cohort.image(*pairs[-1]), cohort),
                mend="one of them was copied by mistake",
                patient=patients[-1],
                reason="image",
            )
        elif len(pairs) > 1 and len({cohort.image(*pair) for pair in pairs}) > 1:
            problems.warning(
                f"the phases {listed([phase for _, phase in pairs])} are the same file, byte for"
                " byte",
                shown_path(cohort.image(*pairs[-1]), cohort),
                "one of them was copied by mistake",
                patients[0],
            )


def _copied_masks(first: dict[str, dict[str, Seen]], cohort: Cohort, problems: Problems) -> None:
    """One patient's mask given for another."""
    owners: dict[str, dict[str, Path]] = defaultdict(dict)
    for patient, phases in first.items():
        for phase, result in phases.items():
            if result.mask_content:
                owners[result.mask_content].setdefault(patient, cohort.mask(patient, phase))
    for patients in owners.values():
        if len(patients) > 1:
            *others, last = patients
            problems.error(
                f"the mask is the same file, byte for byte, as that of {listed(others, 5)}",
                shown_path(patients[last], cohort),
                mend="one of them was copied by mistake",
                patient=last,
                reason="mask",
            )
