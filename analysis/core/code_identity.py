"""Identity of what decides the numbers that a process computes.

It is the code of this package, the versions of libraries, Python, and the arithmetic. Two processes
in which all are the same may share work.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from analysis.core.arithmetic import description
from analysis.core.cache import digest

HOME = Path(__file__).resolve().parents[2]
OWN = ("analysis", "models", "early_recurrence")
# Code, and definitions that it reads.
SUFFIXES = {".py", ".yml"}
# Libraries that numbers pass through, by the names under which they are installed.
LIBRARIES = (
    "SimpleITK",
    "PyWavelets",
    "firthmodels",
    "joblib",
    "lifelines",
    "llvmlite",
    "monai",
    "nibabel",
    "numba",
    "numpy",
    "pandas",
    "pingouin",
    "pydicom",
    "pyradiomics-bhklab",
    "scikit-learn",
    "scikit-misc",
    "scipy",
    "shap",
    "statsmodels",
    "torch",
    "xgboost",
)
SHOWN = 3


@dataclass(frozen=True)
class CodeIdentity:
    """Code, libraries, Python and arithmetic of a process.

    files: path below the folder of installation → digest. libraries: name → version. python:
    version without its last part. arithmetic: as results name it.
    """

    files: Mapping[str, str]
    libraries: Mapping[str, str]
    python: str
    arithmetic: str

    @property
    def token(self) -> str:
        """One digest of all."""
        return digest(asdict(self))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def code_identity(home: Path = HOME) -> CodeIdentity:
    """Identity of this process, as its files are now. home: the folder that holds the packages."""
    files = {
        path.relative_to(home).as_posix(): digest(path)
        for package in OWN
        for path in sorted((home / package).rglob("*"))
        if path.suffix in SUFFIXES
    }
    return CodeIdentity(
        files=files,
        libraries={name: _version(name) for name in LIBRARIES},
        python=".".join(platform.python_version_tuple()[:2]),
        arithmetic=description(),
    )


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def differences(here: CodeIdentity, there: CodeIdentity) -> list[str]:
    """Differences between this process and another, in words that say what the other has.

    The list is empty where nothing differs.
    """
    found = []
    files = sorted(
        name
        for name in {*here.files, *there.files}
        if here.files.get(name) != there.files.get(name)
    )
    if files:
        found.append(f"its code of hcc-early-recurrence is another ({_some(files)})")
    found += [
        f"{name} is {there.libraries.get(name, 'not installed')} there and {own} here"
        for name, own in here.libraries.items()
        if there.libraries.get(name) != own
    ]
    if here.python != there.python:
        found.append(f"Python is {there.python} there and {here.python} here")
    if here.arithmetic != there.arithmetic:
        found.append(f"its arithmetic is {there.arithmetic}, here it is {here.arithmetic}")
    return found
