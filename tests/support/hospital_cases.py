"""Cases of files and tables of hospitals: their folders, and what is told of them."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from analysis.core.problem_kinds import kinds_of
from analysis.study import load_study
from analysis.workflow.check.examine import examine
from tests.conftest import ROOT
from tests.support.small_cohort import PHASES, _images

CASES = ROOT / "tests" / "robustness" / "cases"


HEADING = "Files and tables of hospitals, as reported"


def case(name: str, folder: Path) -> Path:
    """The case's own folder, in which its study can be changed."""
    if (CASES / name).is_dir():
        shutil.copytree(CASES / name, folder, dirs_exist_ok=True)
    else:
        with zipfile.ZipFile(CASES / f"{name}.zip") as archive:
            archive.extractall(folder)
    return folder


def with_phases(folder: Path, name: Callable[[int], str], mask: bool) -> Path:
    """Add the phases of twelve patients, and their masks: under the name that the case's folders
    have."""
    for number in range(1, 13):
        place = folder / "data" / "images" / name(number)
        place.mkdir(parents=True, exist_ok=True)
        for file in [*(f"{phase}.nii.gz" for phase in PHASES), *(["mask.nii.gz"] if mask else [])]:
            shutil.copyfile(_images() / f"P{number:02d}" / file, place / file)
    return folder


def told(study: Path, level: str = "error"):
    """The kinds of problems of one level; the cohort, None where it can't be analysed."""
    cohort, problems = examine(load_study(study))
    return kinds_of(problems.of(level)), cohort


def sound(study: Path):
    """The cohort of a study without an error."""
    kinds, cohort = told(study)
    assert not kinds, [str(kind) for kind in kinds]
    assert cohort is not None, [str(kind) for kind in kinds]
    return cohort


def in_words(kinds) -> str:
    return "; ".join(str(kind) for kind in kinds)
