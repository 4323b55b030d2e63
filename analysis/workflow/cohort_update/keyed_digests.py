"""Names and values of patients as keyed digests.

They are comparable from run to run, and unreadable without the secret that stays home.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.study import Study

FOLDER = ".early-recurrence"


@dataclass(frozen=True)
class Keyring:
    """secret: of one study. home: its private folder, which git does not see."""

    secret: bytes
    home: Path

    def _digest(self, *parts: str) -> str:
        text = b"".join(f"{len(part.encode())}:".encode() + part.encode() for part in parts)
        return hmac.new(self.secret, text, hashlib.sha256).hexdigest()

    def pseudonym(self, patient: str) -> str:
        """Patient's name in everything that may leave the house.

        It is 16 hexadecimal digits of an HMAC-SHA-256 (RFC 2104).
        """
        return self._digest("patient", str(patient))[:16]

    def value(self, patient: str, field: str, content: str) -> str:
        """Digest of one value.

        Patient and field are part of it, so that equal values of two patients don't look equal and
        a column of few values can't be read off its digests.
        """
        return self._digest("value", str(patient), field, content)[:12]

    def shared(self, patient: str) -> str:
        """Patient's name in a bundle, other than in the lock, so that the two can't be joined."""
        return "P" + self._digest("bundle", str(patient))[:16]

    def names(self, present: Iterable[str]) -> dict[str, str]:
        """Pseudonym → name of the patients in `present`, and of those that were remembered."""
        found = {}
        if (self.home / "names.csv").is_file():
            rows = csv.reader(io.StringIO((self.home / "names.csv").read_text(encoding="utf-8")))
            found = {row[0]: row[1] for row in rows if len(row) == 2}
        return found | {self.pseudonym(patient): str(patient) for patient in present}

    def remember(self, present: Iterable[str]) -> None:
        """Keep the names of these patients at home.

        One who is removed later can then still be named.
        """
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(sorted(self.names(present).items()))
        path = self.home / "names.csv"
        if not path.is_file() or path.read_text(encoding="utf-8") != text.getvalue():
            write_atomically(path, text.getvalue(), mode=0o600)


def private_folder(study: Study) -> Path:
    """Study's own folder of secrets, beside its study file, with a .gitignore that hides it all."""
    return study.root / FOLDER / study.study.name


def is_synthetic(study: Study) -> bool:
    """Whether the study is of a synthetic cohort."""
    return study.study.synthetic or study.cohort.demo is not None


def _public_secret(study: Study) -> bytes:
    return hashlib.sha256(f"synthetic cohort of {study.study.name}".encode()).digest()


def open_keyring(study: Study) -> Keyring:
    """The study's keyring; its secret is drawn the first time.

    A synthetic cohort has no secret: its key is the study's name, so that its lock is the same on
    every machine.

    Raises ValueError where the secret's file is damaged.
    """
    if is_synthetic(study):
        # Its names are kept too, though they are no secret: a removed patient is to be named there
        # as well.
        return Keyring(_public_secret(study), _home(study))
    path = _home(study) / "secret"
    if not path.is_file():
        write_atomically(path, secrets.token_hex(32) + "\n", mode=0o600)
    text = path.read_text(encoding="utf-8").strip()
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError(
            f"{path} is damaged: it must hold 64 hexadecimal digits. Copy it from a backup; a new"
            " one can't read what the old one locked"
        )
    return Keyring(bytes.fromhex(text), path.parent)


def _home(study: Study) -> Path:
    folder = private_folder(study)
    ignore = study.root / FOLDER / ".gitignore"
    if not ignore.is_file():
        write_atomically(
            ignore,
            "# Names, and the secret behind the pseudonyms: never to be shared or committed.\n*\n",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
