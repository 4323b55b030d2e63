"""Pseudonyms: new names for patients and series.

Without the private salt nobody gets from them to the old ones.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.imaging.convert.patient_list import PatientRow


@dataclass(frozen=True)
class Keys:
    """Private salt and the user's file of patients.

    salt: private. rows: PatientID -> what the user's file says of the patient, None where no file
    was given.
    """

    salt: bytes
    rows: Mapping[str, PatientRow] | None = None

    def hashed(self, text: str, length: int = 16) -> str:
        """Keyed hash of a text (HMAC-SHA-256).

        A plain hash of a PatientID or UID could be found by trying all.
        """
        return hmac.new(self.salt, text.encode(), hashlib.sha256).hexdigest()[:length]

    def row(self, identifier: str) -> PatientRow | None:
        """Row of a patient in the clinical table.

        It is None where there is no table or the table lacks the patient.
        """
        return None if self.rows is None else self.rows.get(identifier)

    def patient(self, identifier: str) -> str | None:
        """The patient's new name; None if the user's file does not have it."""
        if self.rows is not None:
            return row.name if (row := self.row(identifier)) else None
        return "P" + self.hashed("patient " + identifier, 12)


def read_salt(path: Path) -> bytes:
    """Salt of the pseudonyms, kept in a private file.

    The file is made where it is not there yet, readable by its owner alone.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    text = path.read_text(encoding="utf-8").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(
            f"{path} is no salt file (64 hexadecimal digits); name another with --salt, a new one"
            " is made where there is none"
        )
    return bytes.fromhex(text)
