"""Results of earlier states of a study, kept by content: going back to one is free."""

from __future__ import annotations

import functools
import glob
import io
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.cohort.exclusion import reason_counts
from analysis.core.arithmetic import description
from analysis.core.cache import digest, source_digest, versions, write_atomically
from analysis.training.content import LIBRARIES
from analysis.workflow.cohort_update.ledger import NO_PLAN
from analysis.workflow.cohort_update.patient_digests import Fields
from models.registry import own_files

# How many states are kept; the ones not used for longest go first.
KEPT = 12
# What is no result of the cohort's content: the record of the last run, the figures of the lock,
# what was compared with it.
APART = (
    ".running",
    "state.json",
    "patients.json",
    "excluded.csv",
    "locked",
    "update",
    "update.json",
    "bundle.zip",
    "verdict.html",
    "README.md",
    "run.log",
    "report",
    ".pages.json",
)


def content_of(cohort: Cohort, contents: dict[str, Fields], code: str) -> str:
    """Key of everything that results depend on.

    These are settings, code, libraries, and each patient's values and files by content.

    Names of files and folders, the number of processes and comments are no part of it.
    """
    study = cohort.study
    settings = study.model_dump(mode="json", exclude={"path", *NO_PLAN})
    settings["cohort"] = {
        name: value
        for name, value in settings["cohort"].items()
        if name not in ("folder", "table", "dictionary", "patient_id", "demo")
    }
    settings["phases"] = {
        name: (
            {
                part: value
                for part, value in phase.items()
                if part not in ("image", "mask", "organ", "repeat_masks", "preprocessing")
            }
            | {"readers": sorted(phase["repeat_masks"])}
        )
        for name, phase in settings["phases"].items()
    }
    settings.pop("preprocessing", None)
    if study.preprocessing_of:
        settings["preprocessing"] = {
            phase: each.without_paths() for phase, each in study.preprocessing_of.items()
        }
    own = {name: digest(path) for name, path in own_files(study).items()}
    dictionary = None if cohort.dictionary is None else cohort.dictionary.model_dump(mode="json")
    synthetic = study.cohort.demo is not None
    # Numbers of excluded patients are results as well.
    settings["excluded"] = reason_counts(cohort.excluded)
    if study.screening is not None:
        settings["screening"] = study.screening.model_dump(mode="json")
    # So are numbers of values beyond a detection limit, which the values in their place no longer
    # show.
    settings |= (
        {
            "limited": {
                name: (each.rule, len(each.below), len(each.above))
                for name, each in cohort.limited.items()
            }
        }
        if cohort.limited
        else {}
    )
    return digest(
        settings,
        own,
        dictionary,
        synthetic,
        code,
        versions(LIBRARIES),
        description(),
        list(study.phases),
        cohort.cohort.tolist(),
        {patient: contents[patient] for patient in cohort.patients},
    )


@functools.cache
def code_of_results() -> str:
    """Digest of the project's code but for what only renders or compares results."""
    root = Path(__file__).resolve().parents[2]
    apart = [
        root / "cli.py",
        root / "reporting" / "rendering",
        *(
            root / "workflow" / name
            for name in (
                "command_line",
                "command_parser.py",
                "explain_key.py",
                "outputs_guide.py",
                "published_pages.py",
                "run_log.py",
                "prerender.py",
                "review",
                "cohort_update",
                "redline",
            )
        ),
    ]
    files = [
        file
        for file in sorted(root.rglob("*.py"))
        if not any(file.is_relative_to(each) for each in apart)
    ]
    return source_digest(*files, root.parent / "models")


def keep_outputs(cache: Path, content: str, folder: Path) -> None:
    """Store the result files of `folder` under their content."""
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and file.relative_to(folder).parts[0] not in APART
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in files:
            archive.writestr(
                zipfile.ZipInfo(file.relative_to(folder).as_posix()),
                file.read_bytes(),
                zipfile.ZIP_DEFLATED,
                compresslevel=1,
            )
    write_atomically(_place(cache, content), packed.getvalue())
    for old in sorted(
        _place(cache, content).parent.glob("*.zip"), key=lambda file: file.stat().st_mtime_ns
    )[:-KEPT]:
        old.unlink(missing_ok=True)


def is_kept(cache: Path, content: str) -> bool:
    """Whether results of this content are stored."""
    return _place(cache, content).is_file()


def restore_outputs(cache: Path, content: str, folder: Path) -> bool:
    """Put the stored files of this content in the place of those in `folder`.

    Returns False where there are none, or they are damaged.
    """
    path = _place(cache, content)
    if not path.is_file():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as draft:
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(draft)
        except (zipfile.BadZipFile, OSError, EOFError):
            path.unlink(missing_ok=True)
            return False
        for old in folder.iterdir():
            if old.name not in APART:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for made in Path(draft).iterdir():
            os.replace(made, folder / made.name)
    os.utime(path)
    return True


def clear_drafts(folder: Path) -> None:
    """Remove the drafts of outputs that a killed run left.

    Take away what a run that was killed while it restored the outputs of `folder` left beside it.
    """
    for draft in folder.parent.glob(f".{glob.escape(folder.name)}-????????"):
        shutil.rmtree(draft, ignore_errors=True)


def _place(cache: Path, content: str) -> Path:
    return cache / "outputs" / f"{content}.zip"
