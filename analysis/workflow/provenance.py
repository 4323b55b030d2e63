"""Where a set of results came from: commit, study file, cohort, machine's libraries."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core import arithmetic
from analysis.core.cache import digest
from analysis.study import Study


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, timeout=20
    ).stdout.strip()


def _commit(folder: Path) -> str:
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return _git(folder, "rev-parse", "--short=12", "HEAD") + ("+changes" if changed else "")


def commit_of(folder: Path) -> str:
    """Commit of the project's code.

    `+changes` stands behind it where files differ from it; outside of a checkout it is `version
    0.1.0`.
    """
    try:
        if (
            Path(_git(folder, "rev-parse", "--show-toplevel")).resolve()
            != Path(__file__).resolve().parents[2]
        ):
            return (  # an installed package may lie inside somebody's own repository
                f"version {version('hcc-early-recurrence')}"
            )
        return _commit(folder)
    except (OSError, subprocess.SubprocessError):
        return f"version {version('hcc-early-recurrence')}"


def study_commit(study: Study) -> str | None:
    """Commit of the repository that the study file lies in; None where that is the package's.

    None, too, where there is no repository. `+changes` stands behind it as with the package's.
    """
    try:
        top = _git(study.root, "rev-parse", "--show-toplevel")
        if Path(top).resolve() == Path(__file__).resolve().parents[2]:
            return None
        return _commit(study.root)
    except (OSError, subprocess.SubprocessError):
        return None


@cache
def _packages() -> dict[str, str]:
    """Name of each installed package → its version."""
    # importlib parses a package's metadata each time that it is asked for a part of them.
    installed = [each.metadata for each in distributions()]
    return {
        each["Name"]: each["Version"]
        for each in sorted(installed, key=lambda each: (each["Name"] or "").lower())
    }


def provenance(study: Study, cohort: Cohort) -> dict:
    """Record of provenance: digests name contents, never a person or a path of the machine."""
    return {
        "commit": commit_of(Path(__file__).resolve().parent),
        "package": version("hcc-early-recurrence"),
        "study_commit": study_commit(study),
        "study": digest(study.path),
        "table": digest(study.cohort_folder / study.cohort.table),
        "patients": len(cohort.patients),
        "arithmetic": arithmetic.description(),
        "python": platform.python_version(),
        "platform": platform.system() + " " + platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "packages": dict(_packages()),
    }
