"""Plan of one patient's examination, phases and masks.

One patient's examination, the series of its phases and the masks drawn on them are found by headers
alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.core.word_lists import plural
from analysis.imaging.convert.mask_plan import MaskJob, drawn_on, mask_job, referenced_series
from analysis.imaging.convert.notes import notes_on
from analysis.imaging.convert.patient_list import PatientRow
from analysis.imaging.convert.rules import ConvertRules, PhaseRule
from analysis.imaging.convert.times import Times, times_of
from analysis.imaging.reading.dicom import place_of, stacked
from analysis.imaging.reading.examinations import examinations_of
from analysis.imaging.reading.frames import frames_of
from analysis.imaging.reading.headers import MASK_MODALITIES, Instance, ReadingError, in_words
from analysis.imaging.reading.masks import dicom_segments
from analysis.imaging.reading.series import Series, fits, group_series
from analysis.imaging.reading.series_choice import choose_series, describe, of_examination
from analysis.imaging.reading.series_listing import after
from analysis.imaging.reading.time_points import split_volumes

# `7`, `1.2.840.…`, `volume 2`, `7 volume 2`; no sign in it that a spreadsheet takes for a date.
CELL = re.compile(
    r"(?:series\s+)?(?P<series>\d[\d.]*)?\s*(?:volume\s+(?P<volume>[1-9]\d*))?", re.IGNORECASE
)


@dataclass(frozen=True)
class PhaseJob:
    """One image and the masks that were drawn on it."""

    patient: str
    phase: str
    paths: tuple[Path, ...]
    series: str
    modality: str
    rule: PhaseRule
    why: str
    masks: tuple[MaskJob, ...]
    times: Times


@dataclass(frozen=True)
class PatientPlan:
    """Plan of one patient's conversion.

    jobs; problems, in words; notes: what the user should know though nothing is wrong; unused:
    series that are no phase.
    """

    jobs: tuple[PhaseJob, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    unused: tuple[Series, ...] = ()


def rule_for(rule: PhaseRule, row: PatientRow | None) -> PhaseRule:
    """The rule as it is for one patient, whose row of the user's file can name the series.

    Raises ReadingError for another text.
    """
    cell = "" if row is None or rule.column is None else row.cells.get(rule.column, "")
    if not cell:
        return rule
    read = CELL.fullmatch(cell)
    if read is None:
        raise ReadingError(
            f"'{cell}' in the column '{rule.column}' names no series; write its number (7) or UID,"
            " the volume in it (volume 2), or both (7 volume 2)"
        )
    series, volume = read["series"], int(read["volume"]) if read["volume"] else rule.volume
    if series is None:
        return rule.model_copy(update={"volume": volume})
    named = {"uid": series} if "." in series else {"number": int(series)}
    return PhaseRule(
        examination=rule.examination, where=rule.where, volume=volume, column=rule.column, **named
    )


def _rules_for(
    rules: ConvertRules, row: PatientRow | None, problems: dict[str, list[str]]
) -> dict[str, PhaseRule]:
    made = {}
    for phase, rule in rules.phases.items():
        try:
            made[phase] = rule_for(rule, row)
        except ReadingError as error:
            problems.setdefault(str(error), []).append(phase)
    return made


def _of_phases(problems: Mapping[str, Sequence[str]]) -> list[str]:
    """`phases arterial, delayed: what both have`, each problem once."""
    return [
        f"{plural(len(phases), 'phase')} {', '.join(phases)}: {problem}"
        for problem, phases in problems.items()
    ]


def _elsewhere(found: Sequence[Series], own: Sequence[Series], rule: PhaseRule) -> str:
    """Examination, not the chosen one, in which the phase would be."""
    others = [
        each
        for each in examinations_of(found)
        if any(fits(series, rule) for series in each.series if series not in own)
    ]
    mine = examinations_of(own)
    if not others or not mine:
        return ""
    when = ", ".join(after(each.began, mine[0].began) or "without a date" for each in others)
    return (
        f"\n    another examination of the patient has one ({when}); phases are taken from one"
        " examination"
    )


def _choose(rule: PhaseRule, found: Sequence[Series], own: Sequence[Series]) -> Series:
    among = found if rule.examination.choose == "any" else own
    try:
        return choose_series(among, rule)
    except ReadingError as error:
        fit = any(fits(series, rule) for series in among)
        raise ReadingError(f"{error}{'' if fit else _elsewhere(found, among, rule)}") from None


def _twin(
    phase: str, series: Series, chosen: Mapping[str, Series], rules: Mapping[str, PhaseRule]
) -> str | None:
    """The problem of two phases that are one volume; None if there is none."""
    rule = rules[phase]
    other = next(
        (
            name
            for name, each in chosen.items()
            if each.uid == series.uid
            and rules[name].where == rule.where
            and rules[name].volume == rule.volume
        ),
        None,
    )
    if other is None:
        return None
    volumes = split_volumes(frames_of(series, rule.where), place_of(series))
    advice = (
        f"it holds {volumes}; say which is which phase with volume: (volume: 2 is the second by"
        " time)"
        if volumes.by
        else "make the rules narrower, or tell volumes of one series apart with where"
    )
    return f"the same series as {other} fits ({series}); {advice}"


def _volume(series: Series, rule: PhaseRule) -> tuple[list[Instance], tuple[bool, datetime | None]]:
    """Files of the volume, whether its series holds several, and when it was acquired.

    Raises ReadingError where it is no grid.
    """
    stack = stacked(series, rule)
    images = list({id(frame.instance): frame.instance for frame in stack.frames}.values())
    if rule.volume is None:
        return images, (False, None)
    volumes = split_volumes(frames_of(series, rule.where), place_of(series))
    return images, (bool(volumes.by), volumes.moments[rule.volume - 1])


def _masks(
    rules: ConvertRules,
    chosen: Mapping[str, Series],
    masks: Sequence[Instance],
    series_of_patient: Sequence[Series],
    problems: list[str],
) -> dict[str, list[MaskJob]]:
    """Masks by phase. A required mask that no chosen series has is a problem."""
    others = {
        each.uid: each.text("SeriesDescription")
        for each in series_of_patient
        if each.uid not in {series.uid for series in chosen.values()}
    }
    made: dict[str, list[MaskJob]] = {}
    for phase, series in chosen.items():
        drawn, made[phase] = drawn_on(series, masks), []
        for name, rule in rules.masks.items():
            try:
                job = mask_job(name, rule, drawn, f"phase {phase}")
            except ReadingError as error:
                problems.append(str(error))
                continue
            made[phase] += [job] if job is not None else []
    studies = {series.instances[0].study for series in chosen.values()}
    delineated = {job.name for jobs in made.values() for job in jobs}
    for name, rule in rules.masks.items():
        if rule.required and name not in delineated and len(chosen) == len(rules.phases):
            described = ", ".join(_described(mask, studies, others) for mask in masks) or "none"
            problems.append(
                f"no DICOM-SEG or RTSTRUCT of a chosen series has the mask '{name}' "
                f"(segments {', '.join(map(str, rule.segments))}); there are: {described}"
            )
    return made


def _described(mask: Instance, studies: set[str], others: Mapping[str, str]) -> str:
    """Description of a mask for the list of a patient's masks.

    studies: examinations that the phases are of. others: UID and description of series that are no
    phase.
    """
    text = (
        f"'{mask.text('SeriesDescription')}' with"
        f" {', '.join(dicom_segments(mask).values()) or 'no segment'}"
    )
    if mask.study not in studies:
        return f"{text} (of another examination)"
    drawn = [f"'{others[uid]}'" for uid in sorted(referenced_series(mask)) if uid in others]
    if not drawn:
        return text
    return f"{text} (drawn on {', '.join(drawn)}, which is no phase: make it one in the rules)"


def plan_patient(
    patient: str, instances: Sequence[Instance], rules: ConvertRules, row: PatientRow | None
) -> PatientPlan:
    """Examination first, then its phases, then masks.

    Problems are collected; with one, the patient is not converted.
    """
    problems: list[str] = []
    of_phases: dict[str, list[str]] = {}
    found = group_series(instances)
    of_patient = _rules_for(rules, row, of_phases)
    treated = None
    try:
        treated = (
            None
            if row is None or rules.examination.date is None
            else row.day(rules.examination.date, rules.examination.date_format)
        )
        shared = [rule for rule in of_patient.values() if rule.examination.choose != "any"]
        own = of_examination(found, rules.examination, together=shared, day=treated, place="")
    except ValueError as error:
        return PatientPlan((), (*_of_phases(of_phases), str(error)))
    chosen: dict[str, Series] = {}
    images, volumes = {}, {}
    for phase, rule in of_patient.items():
        try:
            series = _choose(rule, found, own)
            twin = _twin(phase, series, chosen, of_patient)
            if twin is not None:
                raise ReadingError(twin)
            with in_words(place_of(series)):
                images[phase], volumes[phase] = _volume(series, rule)
        except ReadingError as error:
            of_phases.setdefault(str(error), []).append(phase)
            continue
        chosen[phase] = series
    masks = [instance for instance in instances if instance.modality in MASK_MODALITIES]
    delineations = _masks(rules, chosen, masks=masks, series_of_patient=found, problems=problems)
    times = times_of(chosen, images, volumes, treated)
    count = len(examinations_of(found, rules.examination.one_day))
    jobs = []
    for phase, series in chosen.items():
        rule = of_patient[phase]
        among = found if rule.examination.choose == "any" else own
        why = (
            f"{describe(rule)}; {sum(fits(each, rule) for each in among)} of {len(among)}"
            " series fit"
        )
        why += (
            f"; examination: {rules.examination} of {count}"
            if count > 1 and rule.examination.choose != "any"
            else ""
        )
        jobs.append(
            PhaseJob(
                patient,
                phase,
                paths=tuple(instance.path for instance in series.instances),
                series=series.uid,
                modality=series.text("Modality"),
                rule=rule,
                why=why,
                masks=tuple(delineations[phase]),
                times=times[phase],
            )
        )
    unused = tuple(
        series for series in found if series.uid not in {each.uid for each in chosen.values()}
    )
    return PatientPlan(
        tuple(jobs),
        (*_of_phases(of_phases), *problems),
        tuple(notes_on(chosen, rules, treated)),
        unused,
    )
