"""New names for patients and series; without the private salt nobody gets from them to the old ones."""

from __future__ import annotations

import csv
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Keys:
    """salt: private. mapping: PatientID -> new name where the user gave a file, else None."""

    salt: bytes
    mapping: dict[str, str] | None = None

    def hashed(self, text: str, length: int = 16) -> str:
        """Keyed hash (HMAC-SHA-256): a plain one of a PatientID or UID could be found by trying all."""
        return hmac.new(self.salt, text.encode(), hashlib.sha256).hexdigest()[:length]

    def patient(self, identifier: str) -> str | None:
        """The patient's new name; None if the mapping does not have it."""
        return self.mapping.get(identifier) if self.mapping is not None else "P" + self.hashed("patient " + identifier, 12)


def read_salt(path: Path) -> bytes:
    """The salt in a private file, which is made where it is not there yet, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    text = path.read_text(encoding="utf-8").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(f"{path} is no salt file (64 hexadecimal digits); name another with --salt, a new one is made where there is none")
    return bytes.fromhex(text)


def read_mapping(path: Path) -> dict[str, str]:
    """CSV with a header; first column PatientID, second the new name. Raises ValueError that lists every fault."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)][1:]
    faults, mapping = [], {}
    for number, row in enumerate(rows, start=2):
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            faults.append(f"row {number}: needs a PatientID and a new name")
            continue
        old, new = row[0].strip(), row[1].strip()
        if not SAFE.fullmatch(new):
            faults.append(f"row {number}: '{new}' can't be a folder's name; use letters, digits, _ . -")
        if old in mapping:
            faults.append(f"row {number}: the PatientID of an earlier row")
        if new in mapping.values():
            faults.append(f"row {number}: '{new}' names another patient already")
        mapping[old] = new
    if faults or not mapping:
        raise ValueError(f"{path}: " + ("; ".join(faults) or "no patient in it"))
    return mapping
