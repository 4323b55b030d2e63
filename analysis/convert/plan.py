"""What will be converted, by headers alone, with every problem found on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.convert.keys import Keys
from analysis.convert.rules import ConvertRules, MaskRule
from analysis.reading.headers import MASK_MODALITIES, Instance, ReadingError
from analysis.reading.masks import chosen_segments, dicom_segments
from analysis.reading.series import Series, choose_series, describe, fits, group_series, matches
from analysis.study.images import SeriesRule


@dataclass(frozen=True)
class MaskJob:
    name: str
    path: Path
    series: str
    modality: str
    segments: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class PhaseJob:
    """One image and the masks that were drawn on it."""

    patient: str
    phase: str
    paths: tuple[Path, ...]
    series: str
    modality: str
    rule: SeriesRule
    why: str
    masks: tuple[MaskJob, ...]


@dataclass(frozen=True)
class Plan:
    """jobs of patients without a problem; problems: (patient, what), the patient as the study will name it, empty if it has no name."""

    jobs: tuple[PhaseJob, ...]
    problems: tuple[tuple[str, str], ...]
    patients: dict[str, str]


def referenced_series(instance: Instance) -> set[str]:
    """UIDs of the series that a DICOM-SEG or RTSTRUCT was drawn on."""
    def below(items: Iterable[Any], *keywords: str) -> Iterable[Any]:
        for keyword in keywords:
            items = [inner for item in items for inner in item.get(keyword, [])]
        return items
    found = [*below([instance.header], "ReferencedSeriesSequence"), *below([instance.header], "ReferencedFrameOfReferenceSequence", "RTReferencedStudySequence", "RTReferencedSeriesSequence")]
    return {str(item.SeriesInstanceUID) for item in found if "SeriesInstanceUID" in item}


def _drawn_on(series: Series, masks: list[Instance]) -> list[Instance]:
    """Masks that name the series; those that name none count if they share its frame of reference."""
    return [mask for mask in masks if series.uid in (named := referenced_series(mask)) or (not named and mask.frame_of_reference and mask.frame_of_reference == series.text("FrameOfReferenceUID"))]


def _has_segment(instance: Instance, wanted: str | int) -> bool:
    return any(number == wanted if isinstance(wanted, int) else matches(name, wanted) for number, name in dicom_segments(instance).items())


def _fits_mask(instance: Instance, rule: MaskRule) -> bool:
    description = instance.text("SeriesDescription")
    if (rule.description is not None and not matches(description, rule.description)) or (rule.exclude is not None and matches(description, rule.exclude)):
        return False
    return any(_has_segment(instance, each) for each in rule.segments)


def _mask_job(name: str, rule: MaskRule, drawn: list[Instance], place: str) -> MaskJob | None:
    fitting = sorted((mask for mask in drawn if _fits_mask(mask, rule)), key=lambda mask: (mask.text("SeriesDate") or mask.text("StudyDate"), mask.text("SeriesTime"), mask.text("SOPInstanceUID")))
    if not fitting:
        return None
    if len(fitting) > 1 and rule.choose == "only":
        raise ReadingError(f"{place}: {len(fitting)} DICOM-SEG or RTSTRUCT files fit the mask '{name}'; narrow it by description, or give choose: first or last")
    chosen = fitting[-1] if rule.choose == "last" else fitting[0]
    numbers = chosen_segments(dicom_segments(chosen), [each for each in rule.segments if _has_segment(chosen, each)], chosen.path)
    why = f"segments {', '.join(map(str, rule.segments))}" + (f", description: {rule.description}" if rule.description else "") + f"; {len(fitting)} of {len(drawn)} delineations of this series fit" + (f", choose: {rule.choose}" if len(fitting) > 1 else "")
    return MaskJob(name, chosen.path, chosen.series, chosen.modality, tuple(numbers), why)


def _plan_patient(patient: str, instances: list[Instance], rules: ConvertRules) -> tuple[list[PhaseJob], list[str]]:
    found, masks = group_series(instances), [instance for instance in instances if instance.modality in MASK_MODALITIES]
    problems: list[str] = []
    chosen: dict[str, Series] = {}
    for phase, rule in rules.phases.items():
        try:
            series = choose_series(found, rule, f"phase {phase}")
        except ReadingError as error:
            problems.append(str(error))
            continue
        twin = next((name for name, other in chosen.items() if other.uid == series.uid and rules.phases[name].where == rule.where), None)
        if twin is not None:
            problems.append(f"phase {phase}: the same series as {twin} fits ({series}); make the rules narrower, or tell volumes of one series apart with where")
        chosen[phase] = series
    jobs, delineated = [], set()
    for phase, series in chosen.items():
        drawn, of_phase = _drawn_on(series, masks), []
        for name, mask_rule in rules.masks.items():
            try:
                job = _mask_job(name, mask_rule, drawn, f"phase {phase}")
            except ReadingError as error:
                problems.append(str(error))
                continue
            if job is not None:
                of_phase.append(job)
                delineated.add(name)
        fitting = sum(fits(each, rules.phases[phase]) for each in found)
        why = f"{describe(rules.phases[phase])}; {fitting} of {len(found)} series fit"
        jobs.append(PhaseJob(patient, phase, tuple(instance.path for instance in series.instances), series.uid, series.text("Modality"), rules.phases[phase], why, tuple(of_phase)))
    for name, mask_rule in rules.masks.items():
        if mask_rule.required and name not in delineated and len(chosen) == len(rules.phases):
            described = ", ".join(f"'{mask.text('SeriesDescription')}' with {', '.join(dicom_segments(mask).values()) or 'no segment'}" for mask in masks) or "none"
            problems.append(f"no DICOM-SEG or RTSTRUCT of a chosen series has the mask '{name}' (segments {', '.join(map(str, mask_rule.segments))}); there are: {described}")
    return jobs, problems


def plan(instances: Iterable[Instance], rules: ConvertRules, keys: Keys) -> Plan:
    """Choose series and masks for every patient of an export."""
    groups: dict[str, list[Instance]] = {}
    for instance in instances:
        groups.setdefault(instance.text("PatientID"), []).append(instance)
    jobs: list[PhaseJob] = []
    problems: list[tuple[str, str]] = []
    patients: dict[str, str] = {}
    for identifier, members in sorted(groups.items()):
        folder = members[0].path.parent
        if not identifier:
            problems.append(("", f"{len(members)} file(s) without a PatientID, such as {members[0].path}"))
            continue
        patient = keys.patient(identifier)
        if patient is None:
            problems.append(("", f"the patient of {folder} is not in the mapping of patients"))
            continue
        patients[identifier] = patient
        planned, found = _plan_patient(patient, members, rules)
        problems += [(patient, f"{problem} [{folder}]") for problem in found]
        jobs += [] if found else planned
    return Plan(tuple(jobs), tuple(problems), patients)
