"""Whether two computations can be expected to give identical numbers.

The numbers would be the same to the last digit. It is said before they are compared; and why not
where they can't be (docs/explanation/reproducibility.md).
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analysis.core import arithmetic
from analysis.core.code_identity import LIBRARIES
from analysis.workflow.cohort_update.lock import Lock
from analysis.workflow.review.rebuild import Bundle

HERE = "this computer"


@dataclass(frozen=True)
class Origin:
    """How numbers were computed.

    name: what is said of them (`the bundle`). arithmetic: `arithmetic.description` there; it,
    python and libc are None where they were not noted. packages: version by name in small letters.
    """

    name: str
    arithmetic: str | None
    python: str | None
    libc: str | None
    packages: Mapping[str, str]


def libc() -> str:
    """C library and its version, whose exp, log and pow enter numbers too.

    It is empty where the system does not say.
    """
    return " ".join(platform.libc_ver()).strip()


def origin_here() -> Origin:
    """Of numbers that this process computes."""
    packages = {}
    for name in LIBRARIES:
        try:
            packages[name.lower()] = version(name)
        except PackageNotFoundError:
            continue
    return Origin(
        HERE,
        arithmetic.description(),
        python=platform.python_version(),
        libc=libc(),
        packages=packages,
    )


def origin_of_lock(lock: Lock) -> Origin:
    """Of the numbers of a lock."""
    packages = {
        name.removeprefix("package ").lower(): number
        for name, number in lock.origin.items()
        if name.startswith("package ")
    }
    return _noted("the lock", lock.origin, packages)


def origin_of_bundle(bundle: Bundle) -> Origin:
    """Of the numbers of a bundle, as it says itself."""
    path = bundle.folder / "environment" / "packages.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    packages = {
        name.lower(): number for name, _, number in (each.partition("==") for each in lines)
    }
    return _noted("the bundle", bundle.about["origin"], packages)


def _noted(name: str, origin: Mapping[str, Any], packages: Mapping[str, str]) -> Origin:
    return Origin(
        name,
        origin.get("arithmetic"),
        python=origin.get("python"),
        libc=origin.get("libc"),
        packages=packages,
    )


def _arithmetic_words(origin: Origin) -> str | None:
    if origin.arithmetic == "portable":
        return None
    if origin.arithmetic is None:
        return f"{origin.name} does not say with which arithmetic it was computed"
    why = arithmetic.obstacle() if origin.name == HERE else None
    return (
        f"the arithmetic of {origin.name} is {origin.arithmetic}: its kernels, and its GPU where it"
        f" took one, are the machine's own{f' ({why})' if why else ''}"
    )


def obstacles(one: Origin, two: Origin) -> list[str]:
    """Why identical numbers can't be expected of two computations; empty where they can."""
    found = [words for each in (one, two) if (words := _arithmetic_words(each)) is not None]
    versions = {
        "Python": tuple(_minor(each.python) for each in (one, two)),
        "the C library": (one.libc, two.libc),
    } | {
        name: (one.packages.get(name), two.packages.get(name)) for name in map(str.lower, LIBRARIES)
    }
    return found + [
        f"{name}: {before} for {one.name}, {after} for {two.name}"
        for name, (before, after) in versions.items()
        # What one side did not note, or does not have, is no other version.
        if before and after and before != after
    ]


def _minor(python: str | None) -> str | None:
    return None if python is None else ".".join(python.split(".")[:2])


def expectation(apart: list[str]) -> str:
    """The sentence that is said beforehand."""
    if not apart:
        return (
            "identical numbers are expected, networks included: same versions, portable arithmetic"
        )
    return f"identical numbers can't be expected of what was trained: {'; '.join(apart)}"
