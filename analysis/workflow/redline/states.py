"""The two states that are compared.

Each is a folder of results that its article can be written from.
"""

from __future__ import annotations

import datetime
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from analysis.reporting.compared_state import BORROWED
from analysis.results import keys
from analysis.results.record import Records, read_records, write_records
from analysis.study import Study
from analysis.workflow.cohort_update.changes_since_lock import LOCKED
from analysis.workflow.cohort_update.lock import read_lock
from analysis.workflow.cohort_update.locked_tables import tables_of, write_tables
from analysis.workflow.cohort_update.snapshot import Snapshot, read_snapshot

# What the article reads beside results.json.
TABLES, FIGURES = ("tables", "curves"), ("figures",)


class RedlineError(ValueError):
    """The two states can't be compared; the message says why."""


@dataclass(frozen=True)
class State:
    """One of the two states that are compared.

    path: as it was named. folder: of its results, None for a lock. study: the study's name, None
    where the state does not say. date: of the state, as Word writes it. locked: tables that a lock
    holds, by name.
    """

    path: Path
    folder: Path | None
    snapshot: Snapshot
    study: str | None
    date: str
    locked: dict[str, list[str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name in sentences."""
        return self.path.as_posix()

    @property
    def has_tables(self) -> bool:
        """Whether it has the tables that are no list of numbers by key."""
        return self.folder is not None and (self.folder / "tables").is_dir()

    @property
    def tables(self) -> dict[str, list[str]]:
        """Its tables of summaries, by name; none where it can't give them."""
        return self.locked if self.folder is None else tables_of(self.folder)


def _name_of(snapshot: Snapshot) -> str | None:
    record = snapshot.results.get(keys.study_name())
    return None if record is None or record.value is None else str(record.value)


def _is_lock(path: Path) -> bool:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise RedlineError(
            f"{path} is neither a lock nor a results.json (it is no JSON); name a"
            " results.lock.json, a results.json or a study's folder of results"
        ) from None
    return isinstance(content, dict)


def read_state(path: Path) -> State:
    """A lock, a results.json, or a folder of results.

    Raises RedlineError or LockError that says what is wrong with it.
    """
    if not path.exists():
        raise RedlineError(
            f"{path} is not there; name a lock, a results.json or a folder of results"
        )
    if path.is_file() and _is_lock(path):
        lock = read_lock(path)
        snapshot = read_snapshot(path)
        return State(
            path,
            None,
            snapshot=snapshot,
            study=lock.study.get("name"),
            date=f"{lock.date}T00:00:00Z",
            locked=lock.tables,
        )
    folder = path if path.is_dir() else path.parent
    results = folder / "results.json" if path.is_dir() else path
    if not results.is_file():
        raise RedlineError(f"{folder} has no results.json, so it is no folder of results")
    try:
        snapshot = (
            read_snapshot(folder)
            if results.name == "results.json"
            else Snapshot(results.name, read_records(results), None)
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RedlineError(f"{results} is no list of results ({error})") from None
    made = datetime.datetime.fromtimestamp(int(results.stat().st_mtime), datetime.UTC)
    date = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    own = folder if results.name == "results.json" else None
    return State(path, own, snapshot=snapshot, study=_name_of(snapshot), date=date)


def same_tables(old: State, new: State) -> bool:
    """Whether the tables of summaries that both states can give are the same."""
    one, two = old.tables, new.tables
    return not (one and two) or one == two


def check_same_study(states: tuple[State, State], study: Study) -> None:
    """Raises RedlineError where a state is another study's."""
    for state in states:
        if state.study is not None and state.study != study.study.name:
            raise RedlineError(
                f"{state.path} is of the study '{state.study}', and {study.path} is of"
                f" '{study.study.name}'; two states of one study can be compared, not two studies"
                " (--study names the study file)"
            )


def _copy(source: Path, target: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)


def laid_out_folder(state: State, study: Study, lender: Path, target: Path) -> Path:
    """Folder that the state's article can be written from.

    It has the state's results and, where the state has no tables or pictures, those of `lender`,
    with a note which are borrowed.
    """
    target.mkdir(parents=True)
    records = Records(dict(state.snapshot.results))
    write_records(target / "results.json", records)
    (target / BORROWED).mkdir()
    tables = state.folder if state.has_tables else None
    pictures = state.folder
    # The pictures of the study's own lock were kept beside its results.
    if pictures is None and state.path.resolve() == study.lock_file.resolve():
        pictures = study.output_folder / LOCKED
    for own, names, kind in ((tables, TABLES, "tables"), (pictures, FIGURES, "figures")):
        if own is None or not (own / names[0]).is_dir():
            own = lender
            (target / BORROWED / kind).touch()
        _copy(own, target, names)
    if state.locked:
        write_tables(state.locked, target)
        own_names = "\n".join(f"tables/{name}" for name in state.locked)
        (target / BORROWED / "tables").write_text(own_names, encoding="utf-8")
    provenance = (state.folder or lender) / "provenance.json"
    if provenance.is_file():
        shutil.copyfile(provenance, target / "provenance.json")
    return target
