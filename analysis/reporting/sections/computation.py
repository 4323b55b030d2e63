"""Sections that say what computed the results: package, study and software, within a sentence."""

from __future__ import annotations

import json

from analysis.core.word_lists import listed
from analysis.reporting.sections.context import Context
from analysis.reporting.sections.registry import section
from analysis.reporting.software import NAMED, used_software
from analysis.results import keys

PACKAGE = "hcc-early-recurrence"
CHANGED = "+changes"


def at_commit(commit: str, shown: str) -> str:
    """`commit abc`, and whether files differed from it; shown: the commit with its link."""
    return f"commit {shown}" + (
        ", with changes that were not committed" if commit.endswith(CHANGED) else ""
    )


@section("code-identity", "package and study that computed the results", decided=True)
def code_identity(c: Context) -> str:
    """The package by version and commit; the study by its own commit, where it has one."""
    path = c.r.folder / "provenance.json"
    origin = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    record = c.r.record(keys.provenance_commit())
    commit = str(record.value)
    version = origin.get("package") or origin.get("packages", {}).get(PACKAGE)
    text = f"the package {PACKAGE}" + (
        f" {c.r.stated(version, 'provenance.json')}" if version else ""
    )
    # Outside of a checkout the code is known by its version alone.
    if not commit.startswith("version "):
        shown = c.r.linked(commit.removesuffix(CHANGED), record)
        text += f" (its code at {at_commit(commit, shown)})"
    own = origin.get("study_commit")
    if own:
        shown = c.r.stated(own.removesuffix(CHANGED), "provenance.json")
        text += f", for the study at {at_commit(own, shown)} of its own repository"
    return text


@section("software-used", "software that the study used, with versions", decided=True)
def software_used(c: Context) -> str:
    """Python and the packages that computed something of this study."""
    used = used_software(c.r)
    return listed(
        [
            f"{name} {c.r.text(keys.software(package))}"
            for package, name in NAMED.items()
            if package in used
        ]
    )
