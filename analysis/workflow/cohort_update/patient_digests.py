"""What is known of each patient, as one digest a field.

A later cohort is compared with it, without showing a value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.block_table import read_block
from analysis.core.cache import digest, write_atomically
from analysis.core.problems import Problems
from analysis.workflow.cohort_update.keyed_digests import Keyring

Fields = dict[str, str]
NOTHING = ""


@dataclass(frozen=True)
class PatientState:
    """State of a patient.

    cohort: training, validation or an external one. fields: variable, `image <phase>`, `organ
    <phase>`, `reference <phase>` or `mask <phase>[ by <reader>]` → digest.
    """

    cohort: str
    fields: Fields


def _text(value: Any) -> str:
    """A value as text that does not depend on its column's type: 3 and 3.0 are one value."""
    if pd.isna(value):
        return NOTHING
    if isinstance(value, bool):
        return str(int(value))
    try:
        return f"{float(value):.12g}"
    except (TypeError, ValueError):
        return str(value)


class FileDigests:
    """SHA-256 digests of files, remembered between runs.

    They are remembered by size and time of change, so that an unchanged image is not read again.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            self._known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except json.JSONDecodeError:
            self._known = {}
        self._changed = False

    def of(self, file: Path) -> str:
        """A folder, such as a DICOM series, is the files in it, whatever their names."""
        if file.is_dir():
            return digest(sorted(self.of(each) for each in file.rglob("*") if each.is_file()))
        status = file.stat()
        stamp = [status.st_size, status.st_mtime_ns]
        known = self._known.get(str(file))
        if known is None or known[0] != stamp:
            known = self._known[str(file)] = [stamp, digest(file)]
            self._changed = True
        return known[1]

    def save(self) -> None:
        """Write what was read anew; files that are gone are forgotten."""
        if self._changed:
            write_atomically(
                self.path,
                json.dumps(
                    {name: known for name, known in self._known.items() if Path(name).is_file()}
                ),
            )


def _files(cohort: Cohort, patient: str) -> dict[str, Path]:
    """Field → file of a patient's images and masks; repeated delineations where they are there."""
    found: dict[str, Path] = {}
    for phase, files in cohort.study.phases.items():
        found |= {
            f"image {phase}": cohort.image(patient, phase),
            f"mask {phase}": cohort.mask(patient, phase),
        }
        organ = cohort.files.organ(patient, phase)
        if organ is not None:
            found[f"organ {phase}"] = organ
        reference = cohort.files.reference(patient, phase)
        if reference is not None:
            found[f"reference {phase}"] = reference
        found |= {
            f"mask {phase} by {reader}": path
            for reader in files.repeat_masks
            if (path := cohort.mask(patient, phase, reader)).exists()
        }
    return {field: path for field, path in found.items() if path.exists()}


def patient_contents(cohort: Cohort) -> dict[str, Fields]:
    """Patient → field → content: values as text, files as digests.

    Stays in memory: it is as private as the cohort.
    """
    # Values of clinical and outcome columns; the endpoint's columns are part of the clinical table.
    columns = {
        str(name): [_text(value) for value in cohort.clinical[name]] for name in cohort.clinical
    }
    table = {
        patient: {name: values[place] for name, values in columns.items()}
        for place, patient in enumerate(cohort.patients)
    }
    files = FileDigests(cohort.study.cache_folder / "files.json")
    if cohort.study.radiomics is not None or cohort.study.deep_learning is not None:
        for patient in cohort.patients:
            table[patient] |= {
                field: files.of(path) for field, path in _files(cohort, patient).items()
            }
    files.save()
    for name in cohort.study.features:
        for patient, content in _rows_of_block(cohort, name).items():
            table[patient][f"features {name}"] = content
    return table


def _rows_of_block(cohort: Cohort, name: str) -> Fields:
    """Patient → content of the patient's row of a block's table, by every delineation."""
    found = read_block(cohort.study, name, cohort.patients, Problems(cohort.excluded))
    rows: Fields = {}
    for table in () if found is None else (found[0], *found[1].values()):
        for patient, values in zip(table.index, table.to_numpy(dtype=float), strict=True):
            rows[patient] = digest(rows.get(patient, ""), list(table.columns), values.tolist())
    return rows


def patient_states(
    cohort: Cohort, contents: dict[str, Fields], keyring: Keyring
) -> dict[str, PatientState]:
    """Pseudonym → state of each patient.

    An empty value is an empty digest, so that filling it in is seen as what it is.
    """
    return {
        keyring.pseudonym(patient): PatientState(
            str(cohort.cohort[patient]),
            {
                field: keyring.value(patient, field, text) if text else NOTHING
                for field, text in sorted(fields.items())
            },
        )
        for patient, fields in contents.items()
    }


def write_states(path: Path, states: dict[str, PatientState]) -> None:
    """One patient a line, sorted."""
    lines = [
        f"{json.dumps(name)}:"
        f" {json.dumps({'cohort': state.cohort, 'fields': state.fields}, sort_keys=True)}"
        for name, state in sorted(states.items())
    ]
    write_atomically(path, "{\n" + ",\n".join(lines) + "\n}\n")


def read_states(content: dict[str, Any]) -> dict[str, PatientState]:
    """States of the patients from JSON, by patient's id."""
    return {
        name: PatientState(state["cohort"], dict(state["fields"]))
        for name, state in content.items()
    }
