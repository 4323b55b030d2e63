"""Reading a study file: every fault in one error, with its line and what is allowed."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analysis.study.comparators import comparators_of
from analysis.study.fault_words import fault_words, keys_at
from analysis.study.given import identifier
from analysis.study.inside import outside_faults
from analysis.study.reporting import reporting_faults
from analysis.study.sections import Study
from analysis.yaml_file import line_of, read_yaml
from models.declared import DECLARED


class StudyError(ValueError):
    """study.yml can't be used; the message lists every fault with its line. faults: (line, key,
    message) of each.

    study: what the file says without its faulty keys, to look for what else is wrong; None where
    that is no study.
    """

    def __init__(
        self, message: str, faults: Sequence[tuple[int, str, str]] = (), study: Study | None = None
    ) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.study = study


def _disagreements(plain: dict[str, Any]) -> list[tuple[tuple, str]]:
    """Faults between sections, (place, message); on the raw file, so that they are listed beside
    the faults inside sections."""

    def section(*place: str) -> Any:
        node: Any = plain
        for part in place:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    faults: list[tuple[tuple, str]] = []
    phases = section("phases") if isinstance(section("phases"), dict) else {}
    reference = section("deep_learning", "reference_phase")
    if isinstance(reference, str) and phases and reference not in phases:
        faults.append(
            (
                ("deep_learning", "reference_phase"),
                f"'{reference}' is no phase; phases are {', '.join(phases)}",
            )
        )
    trained = [
        name
        for name in ("radiomics", "deep_learning", "clinical", "additional_models")
        if section(name)
    ]
    given = section("predictions")
    if not set(trained) - {"additional_models"} and not given:
        faults.append(
            (
                (),
                (
                    "nothing to train: give at least one of radiomics, deep_learning, clinical; or"
                    " predictions that were made elsewhere"
                ),
            )
        )
    if trained and given:
        faults.append(
            (
                ("predictions",),
                (
                    "predictions come from models that were made elsewhere, and"
                    f" {', '.join(trained)} would be trained here; make two studies of them"
                ),
            )
        )
    if section("split", "everyone") and not given:
        faults.append(
            (
                ("split", "everyone"),
                "only a study of given predictions trains nothing; name who trains",
            )
        )
    if (section("clinical") or section("comparators")) and section("cohort", "dictionary") is None:
        faults.append(
            (
                ("cohort",),
                (
                    "clinical models and comparators need cohort.dictionary (labels and units of"
                    " the variables)"
                ),
            )
        )
    for name in phases:
        for kind in ("image", "mask"):
            pattern = section("phases", name, kind)
            if isinstance(pattern, str) and "{patient_id}" not in pattern:
                faults.append(
                    (("phases", name, kind), f"must contain {{patient_id}} (found: {pattern!r})")
                )
        target = section("phases", name, "resample_to")
        if isinstance(target, str) and (
            target not in phases or target == name or section("phases", target, "resample_to")
        ):
            faults.append(
                (
                    ("phases", name, "resample_to"),
                    f"must name another phase that is not resampled itself (found: {target!r})",
                )
            )
    if section("radiomics", "harmonisation") is not None:
        if section("cohort", "centre") is None:
            faults.append(
                (
                    ("radiomics", "harmonisation"),
                    "needs each patient's centre: name its column as cohort.centre",
                )
            )
        if (
            section("validation", "outer") == "leave_one_centre_out"
            and section("radiomics", "harmonisation", "new_centre") != "reference"
        ):
            faults.append(
                (
                    ("radiomics", "harmonisation"),
                    (
                        "each outer fold scores a centre that it has not seen; set new_centre:"
                        " reference, with a reference centre, or leave harmonisation out"
                    ),
                )
            )
        if section("fusion", "method") == "features":
            faults.append(
                (
                    ("fusion", "method"),
                    (
                        "features enter as they were extracted, and radiomics.harmonisation would"
                        " hold for the score alone; choose chosen or stacking, or leave"
                        " harmonisation out"
                    ),
                )
            )
    faults.extend(
        ((name,), "needs images: name them under phases")
        for name in ("radiomics", "deep_learning")
        if section(name) and not phases and not (name == "radiomics" and section(name, "table"))
    )
    comparators, own_scores = comparators_of(section("comparators"))
    files = section("comparator_files")
    own_scores |= files if isinstance(files, dict) else {}
    faults += _taken_names("additional_models", section("additional_models"))
    faults += _taken_names("comparators", own_scores)
    faults += reporting_faults(section("reporting"))
    faults += _score_faults(
        comparators, section("comparators_supplement"), section("assume"), list(own_scores)
    )
    contrasts = section("statistics", "contrasts")
    if isinstance(contrasts, dict):
        own = section("additional_models")
        known = {
            *DECLARED,
            *(comparators if isinstance(comparators, list) else []),
            *(own if isinstance(own, dict) else []),
        }
        # A file of one row a patient and model brings names that nobody knows before it is read.
        known |= (
            {
                each
                for name in section("predictions", "models") or ()
                for each in (name, identifier(name))
            }
            if given
            else set()
        )
        named = [
            (("model",), contrasts.get("model", "best")),
            (("primary",), contrasts.get("primary")),
            *[
                (("family", position), name)
                for position, name in enumerate(contrasts.get("family") or [])
            ],
        ]
        for place, name in named:
            if (
                isinstance(name, str)
                and name not in known
                and not (given and not section("predictions", "models"))
                and not (place == ("model",) and name == "best")
            ):
                close = difflib.get_close_matches(name, known, n=3)
                faults.append(
                    (
                        ("statistics", "contrasts", *place),
                        f"'{name}' is neither a model nor one of this study's comparators"
                        + (f"; did you mean {' or '.join(close)}?" if close else ""),
                    )
                )
    return faults


def _taken_names(section: str, own: Any) -> list[tuple[tuple, str]]:
    """Models and scores of one's own that are named as a model or a score of the package: their
    rows would be taken for one another's."""
    if not isinstance(own, dict) or not own:
        return []
    # The scores load where a study names something of its own.
    from models.registry import taken_by

    return [
        (
            (section, name),
            f"the name '{name}' is taken by {taken}; choose another, my_{name} say",
        )
        for name in own
        if (taken := taken_by(str(name))) is not None
    ]


def _score_faults(
    comparators: Any, supplement: Any, assume: Any, own: Sequence[str] = ()
) -> list[tuple[tuple, str]]:
    """Names that are no score, and assumptions that no score of the study needs.

    own: scores with a file of the study's, which nothing is known of before it is read.
    """
    if not comparators and not supplement and not assume:
        return []
    from models.staging import REFITS, SCORES, comparator_inputs, remaining_scores

    faults: list[tuple[tuple, str]] = []
    known, wanted = [*SCORES, *REFITS], []
    for place, names in (("comparators", comparators), ("comparators_supplement", supplement)):
        for position, name in enumerate(names if isinstance(names, list) else []):
            if name in known:
                wanted.append(name)
            elif name not in own:
                close = difflib.get_close_matches(str(name), known, n=3)
                faults.append(
                    (
                        (place, position),
                        f"'{name}' is unknown; "
                        + (
                            f"did you mean {' or '.join(close)}?"
                            if close
                            else "`early-recurrence scores` lists all"
                        ),
                    )
                )
    needed = {
        each
        for name in [*wanted, *(remaining_scores(wanted) if supplement == "rest" else [])]
        for each in comparator_inputs(name)
    }
    faults += [
        (
            ("assume", name),
            (
                f"no score of this study has '{name}' among its inputs; these are"
                f" {', '.join(sorted(needed))}"
            ),
        )
        for name in (assume if isinstance(assume, dict) else {})
        if name not in needed and not own
    ]
    return faults


def _without_faults(plain: dict[str, Any], path: Path) -> Study | None:
    """The study without the keys that can't be used; a misspelt one under the name that is close to
    it. None where that is no study."""
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


def load_study(path: Path | str) -> Study:
    """Read and check a study file.

    Raises StudyError with every fault at once: line, key, what is wrong and what is allowed.
    """
    path = Path(path)
    if not path.is_file():
        raise StudyError(
            f"{path}: no such study file. Name one with --study, or write one with"
            " `early-recurrence new`."
        )
    document = read_yaml(path, StudyError, "rt")
    if not isinstance(document, dict):
        raise StudyError(
            f"{path}: expected sections such as study, cohort, endpoint; the file holds none."
        )
    plain = read_yaml(path, StudyError)
    found = _disagreements(plain) + outside_faults(plain, path.resolve().parent)
    study = None
    try:
        study = Study(**{**plain, "path": path.resolve()})
    except ValidationError as error:
        found += [(fault["loc"], fault_words(fault, Study)) for fault in error.errors()]
    if study is None or found:
        study = study or _without_faults(plain, path.resolve())
        located = sorted(
            (
                (line_of(document, place) or 1, ".".join(map(str, place)) or "study file", message)
                for place, message in found
            )
        )
        raise StudyError(
            f"{path} has {len(located)} fault(s):\n"
            + "\n".join(f"  line {line}: {place}: {message}" for line, place, message in located),
            located,
            study,
        )
    return study
