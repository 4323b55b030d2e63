"""A study whose undisturbed run is known, for runs that are disturbed."""

import os
import shutil
from pathlib import Path

from tests.support.tiny_study import tiny_study

# `make prove` sets them to 50, to the study with features, and to figures as they are: in the tests
# their files are blank pictures.
KILLS = int(os.environ.get("EARLY_RECURRENCE_KILLS", "3"))
PROVED = "EARLY_RECURRENCE_KILLS" in os.environ


WHOLE = {} if PROVED else {"radiomics": None}


KIND = "Faults of the machine"


def state_of(study: Path) -> dict[str, bytes]:
    """Every file that a run leaves, but for the log of timings, the lock's file and the cache,
    whose entries are compared by what they make."""
    files = {
        path.relative_to(study.parent).as_posix(): path
        for folder in ("outputs", ".early-recurrence")
        for path in sorted((study.parent / folder).rglob("*"))
        if path.is_file()
    }
    passing = {".running", "run.log"}
    return {name: path.read_bytes() for name, path in files.items() if path.name not in passing}


def run(forks, study, *options, **limits):
    return forks.start(study.parent, "run", "--study", str(study), *options, **limits)


def fresh(folder):
    return tiny_study(folder, **WHOLE)


def finished(forks, folder):
    """A study whose undisturbed run is over: a copy."""
    shutil.copytree(forks.study.parent, folder, dirs_exist_ok=True)
    return folder / "study.yml"


def same(study, forks):
    found = state_of(study)
    assert sorted(found) == sorted(forks.expected)
    assert [name for name in found if found[name] != forks.expected[name]] == []
