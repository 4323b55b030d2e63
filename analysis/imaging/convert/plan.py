"""Plan of a conversion, by headers alone, with every problem found on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.core.patient_spelling import spelling
from analysis.core.word_lists import counted
from analysis.imaging.convert.patient_list import PatientRow
from analysis.imaging.convert.phase_plan import PatientPlan, PhaseJob, plan_patient
from analysis.imaging.convert.pseudonyms import Keys
from analysis.imaging.convert.rules import ConvertRules
from analysis.imaging.reading.headers import Instance, ReadingError, in_words
from analysis.imaging.reading.patient_identity import person_fault, two_spellings
from analysis.imaging.reading.series import Series


@dataclass(frozen=True)
class Plan:
    """Plan of a conversion.

    jobs of patients without a problem; problems and notes: (patient, what), the patient as the
    study will name it, empty if it has no name. patients: id of the export -> new name. unused:
    series that are no phase. absent: ids of the user's file that the export does not have.
    """

    jobs: tuple[PhaseJob, ...]
    problems: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    patients: dict[str, str]
    unused: tuple[Series, ...]
    absent: tuple[str, ...]


def _identifier(instance: Instance, rules: ConvertRules, export: Path) -> str:
    if rules.patients == "id":
        return instance.text("PatientID")
    below = instance.path.relative_to(export).parts
    return below[0] if len(below) > 1 else ""


def groups_of(
    instances: Iterable[Instance], rules: ConvertRules, export: Path
) -> dict[str, list[Instance]]:
    """Files by patient, as the export names them; those of nobody under an empty name."""
    groups: dict[str, list[Instance]] = {}
    for instance in instances:
        groups.setdefault(_identifier(instance, rules, export), []).append(instance)
    return dict(sorted(groups.items()))


def _unnamed(identifier: str, members: Sequence[Instance], rules: ConvertRules, keys: Keys) -> str:
    """Reason why a patient has no new name."""
    if not identifier:
        lacking = "a PatientID" if rules.patients == "id" else "a folder of a patient"
        return f"{counted(len(members), 'file')} without {lacking}, such as {members[0].path}"
    alike = [other for other in keys.rows or () if spelling(other) == spelling(identifier)]
    hint = (
        f"; it has one that differs by zeros, case, spaces or signs only ('{alike[0]}' for"
        f" '{identifier}')"
        if alike
        else ""
    )
    return f"the patient of {members[0].path.parent} is not in the mapping of patients{hint}"


def _alike(groups: Mapping[str, Sequence[Instance]], keys: Keys) -> dict[str, str]:
    """Problems of ids that are two spellings of one.

    Id -> problem; the user's file, where it has all of them, says which they are.
    """
    found = {}
    for ids in two_spellings(groups):
        if all(keys.row(each) is not None for each in ids):
            continue
        shown = " and ".join(f"'{each}' ({groups[each][0].path.parent})" for each in ids)
        for each in ids:
            found[each] = (
                f"the PatientIDs {shown} differ by zeros, case, spaces or signs only; if they are"
                " one patient, give both the same new name in the file of --patients, else two"
            )
    return found


def _checked(
    patient: str,
    ids: Sequence[str],
    groups: Mapping[str, Sequence[Instance]],
    rules: ConvertRules,
    rows: Sequence[PatientRow],
) -> PatientPlan:
    """Plan of one patient, or why there is none.

    Whatever is damaged in the files of one patient harms that one only.
    """
    members = [instance for each in ids for instance in groups[each]]
    same = bool(rows) and all(row.same_person for row in rows)
    try:
        with in_words(members[0].path.parent):
            fault = None if same else person_fault(ids[0], members)
            return (
                plan_patient(patient, members, rules, _one_row(rows))
                if fault is None
                else PatientPlan((), (fault,))
            )
    except (ReadingError, OSError) as error:
        return PatientPlan((), (str(error),))


def _one_row(rows: Sequence[PatientRow]) -> PatientRow | None:
    """One row of all that a patient has. Raises ReadingError where they say different things."""
    if not rows:
        return None
    cells: dict[str, str] = {}
    for column in list(rows[0].cells)[2:]:
        values = sorted({text for row in rows if (text := row.cells.get(column, ""))})
        if len(values) > 1:
            raise ReadingError(
                f"the rows of '{rows[0].name}' in the file of --patients differ in '{column}':"
                f" {', '.join(values)}"
            )
        cells[column] = values[0] if values else ""
    return PatientRow(rows[0].name, cells)


def plan(
    instances: Iterable[Instance],
    rules: ConvertRules,
    keys: Keys,
    export: Path,
    damaged: Mapping[str, Sequence[str]] | None = None,
) -> Plan:
    """Choose examination, series and masks for every patient of an export.

    damaged: id -> problems of files without a header.
    """
    groups = groups_of(instances, rules, export)
    alike = _alike(
        {identifier: members for identifier, members in groups.items() if identifier}, keys
    )
    problems: list[tuple[str, str]] = []
    patients: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    for identifier, members in groups.items():
        patient = keys.patient(identifier) if identifier else None
        if patient is None:
            problems.append(("", _unnamed(identifier, members, rules, keys)))
            continue
        patients[identifier] = patient
        owners.setdefault(patient, []).append(identifier)
    jobs: list[PhaseJob] = []
    notes: list[tuple[str, str]] = []
    unused: list[Series] = []
    for patient, ids in owners.items():
        place = os.path.commonpath(
            [instance.path.parent for each in ids for instance in groups[each]]
        )
        rows = [row for each in ids if (row := keys.row(each)) is not None]
        doubtful = [alike[each] for each in ids if each in alike]
        # Phases that one spelling lacks the other may have: they are no problem of their own.
        planned = (
            PatientPlan((), tuple(doubtful))
            if doubtful
            else _checked(patient, ids, groups=groups, rules=rules, rows=rows)
        )
        found = [*(each for one in ids for each in (damaged or {}).get(one, ())), *planned.problems]
        problems += [(patient, f"{problem} [{place}]") for problem in found]
        notes += [(patient, note) for note in planned.notes]
        unused += planned.unused
        jobs += [] if found else planned.jobs
    absent = tuple(identifier for identifier in keys.rows or () if identifier not in groups)
    return Plan(
        tuple(jobs),
        tuple(problems),
        notes=tuple(notes),
        patients=patients,
        unused=tuple(unused),
        absent=absent,
    )
