"""Reading a study file: every fault in one error, with its line and what is allowed."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.core.yaml_file import line_of, read_yaml
from analysis.study.authors import author_faults
from analysis.study.disagreements import disagreements
from analysis.study.paths_inside import outside_faults
from analysis.study.preprocessing_faults import matching_faults, parameter_file_faults
from analysis.study.sections import Study
from analysis.study.validation_messages import fault_words, keys_at, place_of, place_words


class StudyError(ValueError):
    """Error of a study.yml that can't be used.

    The message lists every fault with its line. faults: (line, key, message) of each.

    study: what the file says without its faulty keys, to look for what else is wrong; None where
    that is no study.
    """

    def __init__(
        self, message: str, faults: Sequence[tuple[int, str, str]] = (), study: Study | None = None
    ) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.study = study


def _without_faults(plain: dict[str, Any], path: Path) -> Study | None:
    """Study without the keys that can't be used; None where that is no study.

    A misspelt key stands under the name that is close to it.
    """
    content = copy.deepcopy(plain)
    for _ in range(3):
        try:
            return Study(**{**content, "path": path})
        except ValidationError as error:
            for fault in error.errors():
                *place, key = fault["loc"] or ("",)
                section: Any = content
                for part in place:
                    section = section.get(part) if isinstance(section, dict) else None
                if not isinstance(section, dict) or key not in section:
                    return None
                value = section.pop(key)
                close = difflib.get_close_matches(
                    str(key), keys_at(fault["loc"], Study), n=1, cutoff=0.7
                )
                if fault["type"] == "extra_forbidden" and close and close[0] not in section:
                    section[close[0]] = value
        except TypeError:
            return None
    return None


def _near(path: Path) -> str:
    """Study files that may be meant, in words: those of the folder that was looked into."""
    if not path.parent.is_dir():
        return f", as there is no folder {path.parent}"
    there = sorted(each.name for each in path.parent.glob("*.yml") if not each.name.startswith("_"))
    return f"; its folder has {listed(there, 4)}" if there else ""


def load_study(path: Path | str) -> Study:
    """Read and check a study file.

    Raises StudyError with every fault at once: line, key, what is wrong and what is allowed.
    """
    path = Path(path)
    if not path.is_file():
        raise StudyError(
            f"{path}: no such study file{_near(path)}. Name one with --study, or write one with"
            " `early-recurrence new`."
        )
    plain = read_yaml(path, StudyError)
    if not isinstance(plain, dict):
        raise StudyError(
            f"{path}: expected sections such as study, cohort, endpoint; the file holds none."
        )
    found = (
        disagreements(plain)
        + author_faults(plain.get("study"))
        + outside_faults(plain, path.resolve().parent)
    )
    study = None
    try:
        study = Study.model_validate({**plain, "path": path.resolve()})
    except ValidationError as error:
        found += [(place_of(fault), fault_words(fault, Study)) for fault in error.errors()]
    else:
        found += parameter_file_faults(study)
        found += matching_faults(study)
    if study is None or found:
        study = study or _without_faults(plain, path.resolve())
        document = read_yaml(path, StudyError, "rt")
        located = sorted(
            (
                (line_of(document, place) or 1, place_words(place), message)
                for place, message in found
            )
        )
        raise StudyError(
            f"{path} has {counted(len(located), 'fault')}:\n"
            + "\n".join(f"  line {line}: {place}: {message}" for line, place, message in located),
            located,
            study,
        )
    return study
