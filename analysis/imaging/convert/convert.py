"""Conversion of an export.

It scans, plans, writes what is not there yet, and says in the manifest what was chosen and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.core.cache import write_atomically
from analysis.core.progress import in_parallel
from analysis.core.progress_bar import progress_bar
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted, plural
from analysis.imaging.convert.passed_over import Passed, passed_over
from analysis.imaging.convert.plan import Plan, groups_of, plan
from analysis.imaging.convert.pseudonyms import Keys
from analysis.imaging.convert.rules import ConvertRules
from analysis.imaging.convert.write import Written, remove_files, write_patient
from analysis.imaging.reading.headers import Instance
from analysis.imaging.reading.scan import Scan, passed_words, scan_files
from analysis.imaging.reading.sources import reading_code

MANIFEST = "manifest.csv"
COLUMNS = (
    "patient_id",
    "file",
    "kind",
    "phase",
    "series",
    "modality",
    "files",
    "size",
    "spacing_mm",
    "lesions",
    "overlap_voxels",
    "remarks",
    "seconds_since_first_phase",
    "days_since_first_phase",
    "days_to_treatment",
    "why",
    "source",
    "sha256",
)


class ConvertError(ValueError):
    """Error of an export that can't be converted as a whole.

    The message lists every problem, and what was passed over, which `passed` has whole.
    """

    def __init__(self, message: str, passed: Passed | None = None) -> None:
        super().__init__(message)
        self.passed = passed


@dataclass(frozen=True)
class Conversion:
    """Result of a conversion.

    manifest: its rows. written, current: files made now, and those that were there already.
    problems: of patients left out; each of them has no file and no row. notes: what the user should
    know though nothing is wrong. passed: what is not converted. patients: id of the export -> new
    name, which is private; those left out are in it too.
    """

    manifest: pd.DataFrame
    written: int
    current: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    passed: Passed
    patients: dict[str, str]


def _scan(export: Path, keywords: tuple[str, ...]) -> Scan:
    paths = sorted(path for path in export.rglob("*") if path.is_file())
    return scan_files(progress_bar(paths, desc="headers"), keywords)


def _owners(path: Path, groups: dict[str, list[Instance]]) -> list[str]:
    """Patients to whom a file with an unreadable header belongs, or may belong.

    They are found by the examination or series that its bytes name, else by the folder it lies in.
    """
    content = path.read_bytes()

    def are_named(members: list[Instance]) -> bool:
        uids = {each.text("StudyInstanceUID") for each in members}
        uids |= {each.series for each in members}
        return any(uid and uid.encode() in content for uid in uids)

    named = [identifier for identifier, members in groups.items() if are_named(members)]
    beside = [
        identifier
        for identifier, members in groups.items()
        if any(each.path.parent == path.parent for each in members)
    ]
    return named or beside


def _damaged(
    scan: Scan, groups: dict[str, list[Instance]]
) -> tuple[dict[str, list[str]], list[str]]:
    """Problems of files without a readable header.

    They are given by patient, and those of nobody who can be named.
    """
    of_patients: dict[str, list[str]] = {}
    of_nobody: list[str] = []
    for path, problem in scan.damaged.items():
        owners = [identifier for identifier in _owners(path, groups) if identifier]
        doubt = (
            f" (it may be a file of any of the {counted(len(owners), 'patient')} in its folder;"
            " take it out if it is of none)"
        )
        for identifier in owners:
            said = problem + (doubt if len(owners) > 1 else "")
            of_patients.setdefault(identifier, []).append(said)
        of_nobody += [] if owners else [problem]
    return of_patients, of_nobody


def _refuse(problems: Sequence[str], what: str, passed: Passed) -> None:
    lines = "\n".join("  " + problem.replace("\n", "\n  ") for problem in problems)
    others = "".join(f"\n  passed over: {line}" for line in passed.lines())
    raise ConvertError(f"{counted(len(problems), 'problem')}; {what}:\n{lines}{others}", passed)


def _before(path: Path) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.read_csv(path, dtype=str, keep_default_na=False).reindex(
        columns=list(COLUMNS), fill_value=""
    )


def _write(
    planned: Plan, folder: Path, salt: bytes, before: list[dict[str, Any]], jobs: int
) -> dict[str, Written]:
    """Written files by patient; each patient is written by one process."""
    patients = list(dict.fromkeys(job.patient for job in planned.jobs))
    code = reading_code()
    arguments = []
    for patient in patients:
        jobs_of_patient = [job for job in planned.jobs if job.patient == patient]
        rows = {row["file"]: row for row in before if row["patient_id"] == patient}
        arguments.append((patient, jobs_of_patient, folder, salt, code, rows))
    made = in_parallel(
        write_patient,
        arguments,
        "patients",
        jobs,
        names=[f"patient {patient}" for patient in patients],
    )
    return dict(zip(patients, made, strict=True))


def _together(notes: Sequence[tuple[str, str]]) -> list[str]:
    """`3 patients (A, B, C): what all have`, each note once."""
    of: dict[str, list[str]] = {}
    for patient, note in notes:
        of.setdefault(note, []).append(patient)
    return [
        f"{listed(patients, 5) if len(patients) > 1 else patients[0]}: {note}"
        for note, patients in of.items()
    ]


def _check_columns(rules: ConvertRules, keys: Keys) -> None:
    if not rules.columns:
        return
    if keys.rows is None:
        raise ConvertError(
            f"the rules name the {plural(len(rules.columns), 'column')}"
            f" {', '.join(sorted(rules.columns))}; give the file that has"
            f" {plural(len(rules.columns), 'it', 'them')} with --patients"
        )
    absent = rules.columns - set(next(iter(keys.rows.values())).cells)
    if absent:
        there = ", ".join(next(iter(keys.rows.values())).cells)
        raise ConvertError(
            f"the rules name the {plural(len(absent), 'column')} {', '.join(sorted(absent))}, and"
            f" the file of --patients has {there}"
        )


def convert(
    export: Path,
    folder: Path,
    rules: ConvertRules,
    keys: Keys,
    partial: bool = False,
    jobs: int = -1,
) -> Conversion:
    """Convert an export of images to NIfTI files and a manifest.

    Write `images/<patient>/<phase>.nii.gz`, `<phase>_<mask>.nii.gz` and manifest.csv below
    `folder`; what is there and current stays.

    Nothing of the headers is copied; patients of an earlier export keep their files and rows. A
    patient is converted whole or not at all. The manifest's seconds_since_first_phase and
    days_since_first_phase count from the first phase of the rules, days_to_treatment from the
    examination to the date that they name; no date is written. partial: patients without a problem
    are converted though others have one, of whom nothing stays below `folder`. Raises ConvertError
    that lists all problems; without `partial` those found in headers keep anything from being
    written.
    """
    if not export.is_dir():
        raise ConvertError(f"{export}: no such folder")
    _check_columns(rules, keys)
    scan = _scan(
        export, tuple({keyword for rule in rules.phases.values() for keyword in rule.where})
    )
    if not scan.instances and not scan.damaged:
        raise ConvertError(
            f"{export}: no DICOM file in this folder ({passed_words(scan.passed) or 'it is empty'})"
        )
    groups = groups_of(scan.instances, rules, export)
    damaged, problems = _damaged(scan, groups)
    planned = plan(scan.instances, rules, keys=keys, export=export, damaged=damaged)
    problems += [
        f"{patient or 'unknown patient'}: {problem}" for patient, problem in planned.problems
    ]
    out = {patient for patient, _ in planned.problems if patient}
    left = {
        each.path
        for identifier, members in groups.items()
        if planned.patients.get(identifier) in {None, *out}
        for each in members
    }
    unused = [series for series in planned.unused if series.instances[0].path not in left]
    passed = passed_over(
        scan.passed, scan.instances, unused=unused, jobs=planned.jobs, without=left
    )
    if problems and not partial:
        _refuse(
            problems,
            "nothing was written. Mend the rules or the export, or convert the other patients with"
            " --partial",
            passed,
        )
    before = _before(folder / MANIFEST).to_dict("records")
    found = len(problems)
    made = _write(planned, folder, salt=keys.salt, before=before, jobs=jobs)
    for patient, written in made.items():
        problems += [f"{patient}: {problem}" for problem in written.problems]
        out |= {patient} if written.problems else set()
    done = {patient for patient, written in made.items() if not written.problems}
    if partial:
        gone = remove_files(folder, [row for row in before if row["patient_id"] in out])
        before = [row for row in before if row["patient_id"] not in out]
    rows = [row for written in made.values() for row in written.rows]
    kept = [row for row in before if row["patient_id"] not in done]
    manifest = (
        pd.DataFrame([*kept, *rows], columns=list(COLUMNS))
        .astype(str)
        .sort_values(["patient_id", "file"], ignore_index=True)
    )
    write_atomically(folder / MANIFEST, manifest.to_csv(index=False, lineterminator="\n"))
    if len(problems) > found and not partial:
        _refuse(
            problems,
            f"{counted(len(rows), 'file')} of the other patients"
            f" {plural(len(rows), 'is', 'are')} converted, and the same command goes on from there",
            passed,
        )
    notes = _together([(patient, note) for patient, note in planned.notes if patient in done])
    notes += [
        f"{row['patient_id']}: {row['file']}: {row['remarks']}" for row in rows if row["remarks"]
    ]
    notes += (
        [
            f"{counted(len(planned.absent), 'patient')} of the file of --patients"
            f" {plural(len(planned.absent), 'is', 'are')} not in the export:"
            f" {', '.join(planned.absent)}"
        ]
        if planned.absent
        else []
    )
    notes += (
        [
            f"{counted(gone, 'file')} of an earlier conversion of patients who are left out now"
            f" {plural(gone, 'was', 'were')} removed"
        ]
        if partial and gone
        else []
    )
    count = sum(written.count for written in made.values())
    return Conversion(
        manifest,
        count,
        current=len(rows) - count,
        problems=tuple(problems),
        notes=tuple(notes),
        passed=passed,
        patients=planned.patients,
    )
