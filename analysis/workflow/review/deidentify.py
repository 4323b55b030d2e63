"""De-identification of what may leave the house.

Names are re-keyed, high ages banded; there are no dates and no free text. A last look is taken
before it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.study import Study
from analysis.workflow.cohort_update.redaction import LEAST

# Ages above this name few people (HIPAA's Safe Harbor bands 90 and more).
OLDEST = 89
DATE = re.compile(r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)")


class PrivacyError(ValueError):
    """A bundle would have held something that identifies a patient; nothing was written."""


@dataclass(frozen=True)
class SharedClinical:
    """Clinical values that may be shared.

    table: patients × variables that may be shared. banded: age variable → patients above 89.
    left_out: column → why.
    """

    table: pd.DataFrame
    banded: dict[str, int]
    left_out: dict[str, str]


def shared_clinical(cohort: Cohort) -> SharedClinical:
    """Clinical variables that may be shared.

    These are variables that the dictionary knows, but for identifiers, outcomes, free text, and
    columns that hold dates.
    """
    table, banded, left_out = pd.DataFrame(index=cohort.patients), {}, {}
    variables = cohort.dictionary.variables if cohort.dictionary is not None else {}
    for name in cohort.clinical:
        variable, values = variables.get(name), cohort.clinical[name]
        if variable is None:
            left_out[str(name)] = "not in the dictionary"
        elif variable.role in ("identifier", "outcome") or variable.type == "text":
            left_out[str(name)] = (
                "free text" if variable.type == "text" else f"role {variable.role}"
            )
        elif values.dropna().astype(str).str.contains(DATE).any():
            left_out[str(name)] = "holds dates"
        else:
            if variable.type == "continuous" and variable.unit in ("years", "year", "a"):
                numbers = pd.to_numeric(values)
                if (numbers > OLDEST).any():
                    banded[str(name)] = int((numbers > OLDEST).sum())
                    values = numbers.where(~(numbers > OLDEST), OLDEST + 1)
            table[name] = values
    return SharedClinical(table, banded, left_out)


def shared_settings(study: Study) -> dict[str, Any]:
    """Study file as it was understood, without paths, file patterns and dates.

    The split is the recorded column.
    """
    content = study.model_dump(
        mode="json",
        # Numbers of the screening are held against the whole clinical table, which is not shared.
        exclude={"path", "jobs", "execution", "sharing", "allow_outside", "screening"},
    )
    content["cohort"] = {
        "folder": ".",
        "table": "patients.csv",
        "dictionary": "dictionary.yml" if study.cohort.dictionary else None,
        "patient_id": "patient_id",
        "centre": study.cohort.centre,
    }
    content["study"]["synthetic"] = study.study.synthetic or study.cohort.demo is not None
    # The journal's, where the study file leaves it to the journal.
    content["manuscript"]["numbers"] = study.manuscript.number_style
    content["split"] = {"column": "cohort", "external": study.split.external}
    for name, phase in content["phases"].items():
        readers = {reader: f"{{patient_id}}/{name}_{reader}" for reader in phase["repeat_masks"]}
        content["phases"][name] = phase | {
            "image": f"{{patient_id}}/{name}",
            "mask": f"{{patient_id}}/{name}_mask",
            "repeat_masks": readers,
        }
        if "organ" in phase:
            content["phases"][name]["organ"] = f"{{patient_id}}/{name}_organ"
    for part in (content, *content["phases"].values()):
        scale = part.get("preprocessing", {}).get("intensity")
        if scale and scale["mask"]:
            scale["mask"] = "{patient_id}/{phase}_reference"
    content["output"] = "outputs"
    if content["radiomics"] and content["radiomics"]["table"]:
        content["radiomics"]["table"] |= {
            "file": "features.csv",
            "repeats": {
                reader: f"features_{reader}.csv"
                for reader in content["radiomics"]["table"]["repeats"]
            },
        }
    for name, block in content.get("features", {}).items():
        readers = {reader: f"{name}_{reader}.csv" for reader in block["repeats"]}
        content["features"][name] = block | {"file": f"{name}.csv", "repeats": readers}
    if content["manuscript"]["citations"].endswith(".csl"):
        content["manuscript"]["citations"] = Path(content["manuscript"]["citations"]).name
    if content["predictions"]:
        content["predictions"]["file"] = "predictions.csv"
    if content["deep_learning"]:
        content["deep_learning"]["pretrained"] = {
            network: weights | {"file": Path(weights["file"]).name}
            for network, weights in content["deep_learning"]["pretrained"].items()
        }
    return content


def shared_dictionary(cohort: Cohort, kept: Iterable[str]) -> dict[str, Any] | None:
    """Labels, units and levels of variables whose values may be shared, and of the outcome's."""
    if cohort.dictionary is None:
        return None
    wanted = set(kept)
    content = cohort.dictionary.model_dump(mode="json", exclude_none=True)
    content["variables"] = {
        name: variable for name, variable in content["variables"].items() if name in wanted
    }
    return content


def dates_in(table: pd.DataFrame) -> set[str]:
    """Every date that the cohort's table holds, as it is written there."""
    found: set[str] = set()
    for name in table:
        if table[name].dtype == object or str(table[name].dtype).startswith(
            ("string", "datetime", "category")
        ):
            found |= {
                match for text in table[name].dropna().astype(str) for match in DATE.findall(text)
            }
    return found


def look_for_identity(
    files: Mapping[str, bytes], patients: Iterable[str], dates: Iterable[str]
) -> None:
    """Raise PrivacyError where files hold a patient's name or a date.

    The error names file and kind where a patient's name or a date of the table is in a file.

    A name of up to three digits is also a number like any other: it is looked for only where names
    stand, as a whole cell.
    """
    names = [str(patient) for patient in patients]
    distinct = sorted(
        (name for name in names if len(name) >= LEAST or not name.isdigit()), key=len, reverse=True
    )
    short = {name for name in names if name not in set(distinct)}
    whole = (
        re.compile(
            r"(?<![A-Za-z0-9.])(?:" + "|".join(map(re.escape, distinct)) + r")(?![A-Za-z0-9])"
        )
        if distinct
        else None
    )
    day = (
        re.compile("|".join(map(re.escape, sorted(set(dates), key=len, reverse=True))))
        if dates
        else None
    )
    for name, content in files.items():
        text = content.decode("utf-8", errors="replace")
        found = whole.search(text) if whole else None
        if found is None and name.endswith(".csv") and short and text.startswith("patient_id"):
            found = next(
                (
                    re.match(".*", line.partition(",")[0])
                    for line in text.splitlines()[1:]
                    if line.partition(",")[0] in short
                ),
                None,
            )
        if found is not None:
            raise PrivacyError(
                f"bundle: nothing was written, as {name} would name the patient {found[0]!r};"
                " rename what is called so in the study file, or report this"
            )
        if day is not None and (match := day.search(text)) is not None:
            raise PrivacyError(
                f"bundle: nothing was written, as {name} would hold the date {match[0]!r} of the"
                " clinical table"
            )
