"""Images and masks that are not where the study file looks for them.

They are under another spelling of the patient's name, or nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.identifiers import otherwise_spelled, report_pairs
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.inputs.checks.told_findings import shown_path

PLACE = "{patient_id}"


def names_on_disk(folder: Path, pattern: str) -> dict[str, Path]:
    """Files or folders that fit a pattern, by name of the patient.

    Name of a patient → the file or folder that `pattern` would be for them, of all that lie in
    `folder`.
    """
    if PLACE not in pattern or Path(pattern).is_absolute():
        return {}
    first, *rest = (re.escape(part) for part in pattern.split(PLACE))
    expression = re.compile(first + "(?P<name>[^/]+)" + "(?P=name)".join(rest))
    glob = re.sub(r"[\[\]?]", "?", pattern).replace(PLACE, "*")
    found = {}
    for path in sorted(folder.glob(glob)):
        match = expression.fullmatch(path.relative_to(folder).as_posix())
        if match:
            found[match["name"]] = path
    return found


def _patterns(cohort: Cohort) -> list[str]:
    return list(
        dict.fromkeys(
            pattern
            for files in cohort.study.phases.values()
            for pattern in (files.image, files.mask)
        )
    )


def other_spellings(cohort: Cohort) -> dict[str, str]:
    """Patients whose files have another spelling of their name.

    Patient → the name that their files have, of those whose files lie under another spelling of it
    and not under their own.
    """
    found: dict[str, str] = {}
    for pattern in _patterns(cohort):
        names = names_on_disk(cohort.study.cohort_folder, pattern)
        absent = [patient for patient in cohort.patients if patient not in names]
        found |= otherwise_spelled(
            absent, [name for name in names if name not in set(cohort.patients)]
        )
    return found


def check_absent(cohort: Cohort, spelled: Mapping[str, str], problems: Problems) -> set[str]:
    """Check for patients whose files are absent or have another spelling of their name.

    It tells of those whose files have another spelling of their name, all in one; and of those who
    have no file at all, each in one. Returns both, of whom no single file needs telling. spelled:
    other_spellings(cohort).
    """
    report_pairs(spelled, cohort.study.cohort.table, "the names of files and folders", problems)
    without = set(spelled)
    for patient in cohort.patients:
        if patient in spelled:
            continue
        paths = list(
            dict.fromkeys(
                path
                for phase in cohort.study.phases
                for path in (cohort.image(patient, phase), cohort.mask(patient, phase))
            )
        )
        if len(paths) > 2 and not any(path.exists() for path in paths):
            without.add(patient)
            problems.error(
                f"none of the patient's {len(paths)} images and masks is there",
                _where(paths, cohort),
                mend="add the files, or correct the patterns under phases in the study file, or"
                " take the"
                " patient out of the table",
                patient=patient,
                reason="image",
            )
    return without


def _where(paths: Sequence[Path], cohort: Cohort) -> str:
    """The folder that all of a patient's files should lie in, or the first file."""
    folders = {path.parent for path in paths}
    place = folders.pop() if len(folders) == 1 else paths[0]
    return shown_path(place, cohort)


def check_strangers(cohort: Cohort, spelled: Mapping[str, str], problems: Problems) -> None:
    """Report image files that belong to no patient of the table.

    These are files that fit the first phase's pattern and belong to nobody in the table, under no
    spelling of a name.
    """
    study = cohort.study
    names = names_on_disk(study.cohort_folder, next(iter(study.phases.values())).image)
    known = {*cohort.patients, *spelled.values()}
    others = [
        str(path.relative_to(study.cohort_folder))
        for name, path in names.items()
        if name not in known
    ]
    if others:
        problems.note(
            f"{counted(len(others), 'image belongs', 'images belong')} to no patient of the table:"
            f" {listed(others, 5)}",
            study.cohort.table,
            "add their patients to the table if they were forgotten",
        )
