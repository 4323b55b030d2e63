"""Split that was drawn, written down at the first run.

Editing an outcome, adding or removing patients draws nobody anew.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.split import COHORTS
from analysis.core.cache import write_atomically
from analysis.study import Split, Study
from analysis.workflow.cohort_update.keyed_digests import Keyring, open_keyring, private_folder


def _path(study: Study) -> Path:
    return private_folder(study) / "split.json"


def _rule(split: Split) -> dict[str, Any]:
    """What a draw was asked for; another rule is another draw, which the ledger counts."""
    return {"validation_fraction": split.validation_fraction, "seed": split.seed}


def _read(study: Study) -> dict[str, str]:
    """Pseudonym → cohort as it was drawn by the rule of the study file.

    It is empty where none was drawn, or by another rule.

    Raises ValueError where the file is damaged: a silent new draw would be the fault that it is
    there to prevent.
    """
    path = _path(study)
    if study.split.validation_fraction is None or not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return dict(content["cohorts"]) if content["rule"] == _rule(study.split) else {}
    except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"split: {path} is damaged ({error}); it holds who was drawn for validation at the"
            " first run. Copy it from a backup; without it, another split.seed draws anew, and the"
            " article says so"
        ) from None


def _drawn_alone(patient: str, split: Split) -> str:
    """Cohort of a patient who comes later, by a digest of the name, independent of anybody else."""
    number = (
        int.from_bytes(
            hashlib.sha256(repr((split.seed, str(patient))).encode()).digest()[:8], "big"
        )
        / 2**64
    )
    return "validation" if number < float(split.validation_fraction or 0) else "training"


def kept_split(patients: pd.Index, study: Study) -> pd.Series | None:
    """Cohort of every patient as first drawn, later ones drawn one by one.

    It is None where nothing was written down for them.
    """
    kept = _read(study)
    if not kept:
        return None
    keyring = open_keyring(study)
    found = pd.Series(
        [kept.get(keyring.pseudonym(patient)) for patient in patients],
        index=patients,
        dtype="string",
    )
    if found.isna().all():
        return None
    return found.where(
        found.notna(),
        pd.Series(
            [_drawn_alone(patient, study.split) for patient in patients],
            index=patients,
            dtype="string",
        ),
    )


def keep_split(
    study: Study, cohort: pd.Series, keyring: Keyring, today: datetime.date | None = None
) -> None:
    """Write down who trains and who validates, where that was drawn.

    Patients who are gone keep their place.
    """
    if study.split.validation_fraction is None:
        return
    now = {
        keyring.pseudonym(patient): str(where)
        for patient, where in cohort.items()
        if where in COHORTS
    }
    kept = _read(study)
    if now.items() <= kept.items():
        return
    content = {
        "rule": _rule(study.split),
        "date": (today or datetime.date.today()).isoformat(),
        "cohorts": dict(sorted((kept | now).items())),
    }
    write_atomically(_path(study), json.dumps(content, indent=1) + "\n", mode=0o600)
