"""Locking the results, and what has changed since.

The changes are in update.json, and in the figures as they were beside those that are.
"""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.cache import write_atomically
from analysis.reporting.number_style import use_style
from analysis.results.record import read_records
from analysis.study import Study
from analysis.workflow.cohort_update.causes_of_change import why
from analysis.workflow.cohort_update.difference import Difference, difference
from analysis.workflow.cohort_update.difference_text import difference_json
from analysis.workflow.cohort_update.keyed_digests import Keyring, open_keyring
from analysis.workflow.cohort_update.ledger import read_ledger
from analysis.workflow.cohort_update.lock import (
    Lock,
    LockError,
    read_lock,
    section_digests,
    write_lock,
)
from analysis.workflow.cohort_update.locked_tables import tables_of
from analysis.workflow.cohort_update.patient_digests import read_states
from analysis.workflow.cohort_update.redaction import scrubbed
from analysis.workflow.cohort_update.result_names import ResultNames
from analysis.workflow.cohort_update.snapshot import claims_of, origin_of, read_snapshot

LOCKED, DRAWN = "locked", "update"
DRAWN_MOVES = 25


def lock_results(study: Study, cohort: Cohort, date: datetime.date | None = None) -> Path:
    """Lock the results of the last run.

    Write results.lock.json from the results of the last run, and keep its figures in
    outputs/<study>/locked/.

    A patient who was in an earlier lock keeps the cohort given there, also one who has been removed
    since. Names of patients in a result's text are replaced by pseudonyms.
    """
    folder, keyring = study.output_folder, open_keyring(study)
    states = read_states(json.loads((folder / "patients.json").read_text(encoding="utf-8")))
    earlier = read_lock(study.lock_file) if study.lock_file.is_file() else None
    split = (earlier.split if earlier else {}) | {
        name: state.cohort for name, state in states.items()
    }
    labels = (earlier.cohorts if earlier else {}) | {
        name: label
        for name, label in cohort.study.cohorts.items()
        if name not in ("training", "validation")
    }
    origin = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    pseudonyms = {patient: keyring.pseudonym(patient) for patient in cohort.patients}
    lock = Lock(
        {"name": study.study.name, "digest": origin["study"], "sections": section_digests(study)},
        origin_of(origin),
        split=split,
        cohorts=labels,
        results={
            key: scrubbed(record, pseudonyms)
            for key, record in read_records(folder / "results.json").items()
        },
        patients=states,
        claims=[scrubbed(claim, pseudonyms) for claim in claims_of(folder / "claims.json")],
        ledger=read_ledger(study),
        date=(date or datetime.date.today()).isoformat(),
        tables=scrubbed(tables_of(folder), pseudonyms),
    )
    path = write_lock(study.lock_file, lock)
    shutil.rmtree(folder / LOCKED, ignore_errors=True)
    (folder / LOCKED).mkdir(parents=True)
    if (folder / "figures").is_dir():
        shutil.copytree(folder / "figures", folder / LOCKED / "figures")
    return path


def write_update(study: Study, cohort: Cohort, keyring: Keyring) -> None:
    """update.json: what changed since the lock; removed where there is no lock.

    A damaged lock is an error, not nothing.
    """
    path = study.output_folder / "update.json"
    shutil.rmtree(study.output_folder / DRAWN, ignore_errors=True)
    if not study.lock_file.is_file():
        path.unlink(missing_ok=True)
        return
    try:
        old = read_snapshot(study.lock_file)
    except LockError as error:
        raise LockError(f"{error}; or take it away, and nothing is compared") from None
    new = read_snapshot(study.output_folder)
    use_style(study.manuscript.number_style)
    found, names = difference(old, new, section_digests(study)), ResultNames(old, new)
    write_atomically(
        path,
        json.dumps(
            difference_json(
                found,
                keyring.names(cohort.patients),
                why(old, new, found),
                names,
            )
            | {"figures": _changed_figures(study.output_folder)},
            indent=1,
            ensure_ascii=False,
        )
        + "\n",
    )
    _draw(study.output_folder, found, names)


def _changed_figures(folder: Path) -> list[str] | None:
    """Names, without suffix, of the figures that are others now than when they were locked.

    None where the locked ones are not here: a lock that came with a checkout brings no figures.
    """
    locked = sorted((folder / LOCKED / "figures").glob("*.png"))
    if not locked:
        return None
    return [old.stem for old in locked if _redrawn(old, folder / "figures" / old.name)]


def _redrawn(old: Path, new: Path) -> bool:
    return new.is_file() and new.read_bytes() != old.read_bytes()


def _draw(folder: Path, found: Difference, name_of: ResultNames) -> None:
    """Draw update/: how far the numbers went, and each figure that changed.

    Such a figure is shown as it was beside as it is.
    """
    # Imported here: locking and comparing must not wait for Matplotlib where nothing is drawn.
    from analysis.reporting.figures.files import contents_of, save_figure
    from analysis.reporting.figures.number_shifts import draw_moves
    from analysis.reporting.figures.side_by_side import side_by_side

    moves = [move for move in found.moves if move.shift][:DRAWN_MOVES]
    if moves:
        figure = draw_moves([{"label": name_of(each.key), "shift": each.shift} for each in moves])
        save_figure(contents_of(figure, "moves", None), folder / DRAWN / "moves")
    for old in sorted((folder / LOCKED / "figures").glob("*.png")):
        new, name = folder / "figures" / old.name, old.stem.replace("_", " ").capitalize()
        if _redrawn(old, new):
            write_atomically(
                folder / DRAWN / "figures" / old.name,
                side_by_side(
                    old.read_bytes(),
                    new.read_bytes(),
                    (f"{name}, locked {found.old_date}", f"{name}, now"),
                ),
            )
