"""Identity of the patients whose files they are.

Two faults are looked for: one PatientID that several persons share, and one person under two
spellings of an id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.core.patient_spelling import spelling
from analysis.core.word_lists import counted
from analysis.imaging.reading.headers import Instance, ReadingError

# What anonymisers and modalities write in the place of a PatientID: files that share it need not be
# of one person.
PLACEHOLDER = re.compile(
    r"(anon\w*|deidentified|unknown|none|null|na|nn|noid|noname|removed|test|patient|x+|0+)"
)


def _plain(text: str) -> str:
    """Compatibility form, without accents, case and signs."""
    split = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in split if sign.isalnum() or sign.isspace() or sign in "^=")


def is_placeholder(identifier: str) -> bool:
    """True if an id stands for nobody, such as ANONYMOUS, whatever its case and punctuation."""
    return PLACEHOLDER.fullmatch(re.sub(r"[\W_]", "", identifier.casefold())) is not None


def _name(instance: Instance) -> str:
    """Words of family, given and middle name in any order.

    They are those of the first (alphabetic) form; empty for a placeholder.
    """
    alphabetic = _plain(instance.text("PatientName").partition("=")[0])
    words = sorted(" ".join(alphabetic.split("^")[:3]).split())
    return "" if is_placeholder("".join(words)) else " ".join(words)


def _birth(instance: Instance) -> str:
    digits = re.sub(r"\D", "", instance.text("PatientBirthDate"))
    return "" if digits in ("", "19000101", "00010101") or not digits.strip("0") else digits


def _sex(instance: Instance) -> str:
    return sex if (sex := instance.text("PatientSex").upper()) in ("M", "F") else ""


PARTS: Mapping[str, Callable[[Instance], str]] = {
    "names": _name,
    "birth dates": _birth,
    "sexes": _sex,
}


def differences(instances: Iterable[Instance]) -> dict[str, list[Instance]]:
    """Names, birth dates and sexes that files differ in.

    names, birth dates, sexes that files differ in -> one file of each; values that are empty say
    nothing.
    """
    found: dict[str, dict[str, Instance]] = {part: {} for part in PARTS}
    for instance in instances:
        for part, value_of in PARTS.items():
            value = value_of(instance)
            if value:
                found[part].setdefault(value, instance)
    return {part: list(values.values()) for part, values in found.items() if len(values) > 1}


def in_words(differing: Mapping[str, Sequence[Instance]]) -> str:
    """Differences in words, such as `2 names (a.dcm, b.dcm) and 3 birth dates (…)`.

    The values are left out, since messages get passed on.
    """
    return " and ".join(
        f"{len(files)} {part}"
        f" ({', '.join(str(each.path) for each in files[:4])}{', …' if len(files) > 4 else ''})"
        for part, files in differing.items()
    )


def refuse_strangers(instances: Sequence[Instance], place: object) -> None:
    """Refuse a patient's folder whose images are of several persons.

    Raises ReadingError where they are: birth dates or sexes differ, or both names and ids (a name
    alone is spelled in many ways).
    """
    differing = differences(instances)
    ids = {spelling(instance.text("PatientID")) for instance in instances} - {""}
    if {"birth dates", "sexes"} & set(differing) or ("names" in differing and len(ids) > 1):
        raise ReadingError(
            f"{place}: the images of this folder have {in_words(differing)}: they are of several"
            " persons; keep those of one"
        )


def person_fault(identifier: str, instances: Sequence[Instance]) -> str | None:
    """Fault of files that belong to several persons under one identifier.

    It names what says that files of one id (a PatientID, or a folder's name) are of several
    persons, with what to do; None if nothing does.
    """
    differing = differences(instances)
    advice = (
        "if all are one person, say so with yes in a column same_person of the file given by"
        " --patients; else give each person a PatientID, or a folder, with patients: folder in the"
        " rules"
    )
    if differing:
        return f"one PatientID has {in_words(differing)}; {advice}"
    studies = {instance.study for instance in instances if instance.is_image}
    if is_placeholder(identifier) and len(studies) > 1:
        return (
            f"the PatientID '{identifier}' is a placeholder that"
            f" {counted(len(studies), 'examination shares', 'examinations share')};"
            f" {advice}"
        )
    return None


def two_spellings(groups: Mapping[str, Sequence[Instance]]) -> list[tuple[str, ...]]:
    """PatientIDs that are spelled alike, unless their files have two birth dates or sexes.

    Names are not compared, since a name is spelled in many ways.
    """
    alike: dict[str, list[str]] = {}
    for identifier in groups:
        alike.setdefault(spelling(identifier), []).append(identifier)
    return [
        tuple(sorted(ids))
        for key, ids in alike.items()
        if key
        and len(ids) > 1
        and not {"birth dates", "sexes"}
        & set(differences(instance for each in ids for instance in groups[each]))
    ]
