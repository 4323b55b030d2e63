"""Own features of a locked model.

Their code lies in the model's folder as a file to be read, and runs only where the user says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.study import Study
from models.locked import LockedModelError


def file_of(name: str) -> str:
    """Of an extractor's code in the folder of a locked model."""
    return f"own_features_{name}.py"


def used_extractions(
    study: Study, phases: Sequence[str], features: Sequence[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, bytes]]:
    """Extraction settings by phase, and the files of the code of own features.

    Phase -> extraction settings with the own features that are among `features` alone; and the
    files of their code.
    """
    extractions, files = {}, {}
    for phase in phases:
        settings = study.extraction_of(phase).model_dump(mode="json")
        code = settings.pop("code", {})
        own = {
            name: reference
            for name, reference in settings.pop("own", {}).items()
            if any(feature.startswith(f"{phase}_{name}_") for feature in features)
        }
        extractions[phase] = settings | ({"own": own} if own else {})
        for name, reference in own.items():
            files[file_of(name)] = code[reference.partition(":")[0]].encode("utf-8")
    return extractions, files


def code_files(description: Mapping[str, Any]) -> list[str]:
    """Files of a locked model's folder that are code and would run."""
    return sorted(
        {
            file_of(name)
            for settings in (description["extraction"] or {}).values()
            for name in settings.get("own", {})
        }
    )


def refuse_code(description: Mapping[str, Any], folder: Path) -> None:
    """Raises LockedModelError where the model needs code of its folder."""
    files = code_files(description)
    if files:
        raise LockedModelError(
            f"{folder}: the model reads features of its study's own code, {', '.join(files)} in"
            " this folder, which would run on this machine. Read it, and if you trust it repeat the"
            " command with --run-own-code (in Python run_own_code=True)"
        )


def with_code(description: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """The description with the text of the own features' code in the extraction settings."""
    extractions = {}
    for phase, settings in (description["extraction"] or {}).items():
        code = {
            reference.partition(":")[0]: files[file_of(name)].decode("utf-8")
            for name, reference in (settings.get("own") or {}).items()
        }
        extractions[phase] = settings | ({"code": code} if code else {})
    return {**description, "extraction": extractions}
