"""Authors of the article, from `study.authors` and `study.affiliations` of study.yml.

They say who wrote the article, in the words of Quarto's author metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from analysis.core.spelling_hints import close_to
from analysis.study.fault import Fault
from analysis.study.section import Section

# The Contributor Role Taxonomy, ANSI/NISO Z39.104-2022 (https://credit.niso.org).
CREDIT = (
    "conceptualization",
    "data curation",
    "formal analysis",
    "funding acquisition",
    "investigation",
    "methodology",
    "project administration",
    "resources",
    "software",
    "supervision",
    "validation",
    "visualization",
    "writing – original draft",
    "writing – review & editing",
)
DEGREES_OF_CONTRIBUTION = ("lead", "equal", "supporting")
ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
EMAIL = re.compile(r"[^@\s<>()\[\],;:]+@[^@\s<>()\[\],;:]+\.[^@\s<>()\[\],;:.]+")


def orcid_check_digit(digits: str) -> str:
    """ISO 7064 MOD 11-2 over the first fifteen digits of an ORCID iD; X stands for ten.

    Source: ORCID, Structure of the ORCID Identifier (support.orcid.org).
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def _role_key(words: str) -> str:
    """A role without what spellings differ in: dashes, `&`, case, British s."""
    plain = re.sub(r"[-–—_ ]+", " ", words.casefold().replace("&", "and")).strip()
    return plain.replace("isation", "ization")


_BY_KEY = {_role_key(name): name for name in CREDIT}


def _role(given: Any) -> tuple[str, str | None]:
    """Name in the taxonomy, and degree of contribution; Quarto writes both as `{name: lead}`."""
    name, degree = next(iter(given.items())) if isinstance(given, dict) and given else (given, None)
    if (known := _BY_KEY.get(_role_key(str(name)))) is None:
        raise ValueError(
            f"'{name}' is no role of CRediT{close_to(str(name), CREDIT)}; its roles are"
            f" {', '.join(CREDIT)}"
        )
    if degree is not None and degree not in DEGREES_OF_CONTRIBUTION:
        raise ValueError(
            f"the degree of '{known}' is '{degree}'; CRediT knows"
            f" {', '.join(DEGREES_OF_CONTRIBUTION)}"
        )
    return known, degree


class Affiliation(Section):
    """id: by which authors refer to it; name: of the institution."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    name: Annotated[str, Field(min_length=1)]
    department: str | None = None
    address: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _hyphens(cls, content: Any) -> Any:
        return _with_underscores(content)

    @property
    def line(self) -> str:
        """Department, institution and place, with commas between."""
        place = " ".join(filter(None, (self.postal_code, self.city)))
        parts = (self.department, self.name, self.address, place, self.region, self.country)
        return ", ".join(filter(None, parts))


class Author(Section):
    """Author of the article.

    It is a name alone, or Quarto's author: name (or `{given, family}`), degrees, orcid, email,
    affiliations (ids of `study.affiliations`), corresponding, equal_contributor and roles (CRediT).

    roles: (name, degree of contribution or None). Quarto's hyphens (`equal-contributor`) are taken
    as well.
    """

    name: Annotated[str, Field(min_length=1)]
    given: str | None = None
    family: str | None = None
    degrees: list[str] = []
    orcid: str | None = None
    email: str | None = None
    affiliations: list[str] = []
    corresponding: bool = False
    equal_contributor: bool = False
    roles: list[tuple[str, str | None]] = []

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, content: Any) -> Any:
        if isinstance(content, str):
            return {"name": content}
        if not isinstance(content, dict):
            return content
        content = _with_underscores(content)
        name = content.get("name")
        if isinstance(name, dict):
            if set(name) != {"given", "family"}:
                raise ValueError("name is a text, or {given: ..., family: ...}")
            content |= {**name, "name": f"{name['given']} {name['family']}"}
        for several in ("affiliations", "degrees", "roles"):
            if isinstance(content.get(several), str | dict):
                content[several] = [content[several]]
        if isinstance(content.get("affiliations"), list):
            content["affiliations"] = [
                each["ref"] if isinstance(each, dict) and set(each) == {"ref"} else each
                for each in content["affiliations"]
            ]
        return content

    @field_validator("roles", mode="before")
    @classmethod
    def _known_roles(cls, given: Any) -> Any:
        return [_role(each) for each in given] if isinstance(given, list) else given

    @field_validator("orcid")
    @classmethod
    def _whole_orcid(cls, given: str | None) -> str | None:
        """The sixteen digits alone."""
        if given is None:
            return None
        match = ORCID.fullmatch(given.strip())
        if match is None:
            raise ValueError("an ORCID iD is written 0000-0002-1825-0097")
        digits = match[1].replace("-", "")
        if (right := orcid_check_digit(digits[:-1])) != digits[-1]:
            raise ValueError(
                f"the ORCID iD ends in {digits[-1]} and its first fifteen digits ask for {right}:"
                " one of its digits is wrong"
            )
        return match[1]

    @field_validator("email")
    @classmethod
    def _whole_email(cls, given: str | None) -> str | None:
        if given is not None and not EMAIL.fullmatch(given.strip()):
            raise ValueError("this is no e-mail address")
        return given and given.strip()

    @property
    def is_name_alone(self) -> bool:
        """True if nothing but the name is given, as a text."""
        return self.model_fields_set == {"name"}

    @property
    def initials(self) -> str:
        """A.E. for Anna Example."""
        return "".join(
            f"{word[0]}." for word in re.split(r"[\s-]+", self.name) if word[:1].isalpha()
        )


def _with_underscores(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {str(key).replace("-", "_"): value for key, value in content.items()}


def _references(author: dict[str, Any]) -> Iterator[tuple[int, str]]:
    named = author.get("affiliations") or []
    for number, each in enumerate(named if isinstance(named, list) else [named]):
        name = each.get("ref") if isinstance(each, dict) else each
        if isinstance(name, str):
            yield number, name


def author_faults(about: Any) -> list[Fault]:
    """Faults in the authors and affiliations of the study file, as (place, message).

    They are affiliations that are not listed, or twice, and corresponding authors without an e-mail
    address.

    about: the section `study` as it was read.
    """
    about = about if isinstance(about, dict) else {}
    listed = about.get("affiliations")
    ids = [str(each.get("id")) for each in listed or () if isinstance(each, dict)]
    faults: list[Fault] = [
        (("study", "affiliations"), f"two affiliations have the id '{name}'")
        for name in dict.fromkeys(ids)
        if ids.count(name) > 1
    ]
    authors = about.get("authors")
    for place, author in enumerate(authors if isinstance(authors, list) else []):
        if not isinstance(author, dict):
            continue
        where = ("study", "authors", place)
        faults += [
            (
                (*where, "affiliations"),
                f"'{name}' is no id under study.affiliations{close_to(name, ids)}; "
                + (f"there are {', '.join(ids)}" if ids else "none is listed there"),
            )
            for _, name in _references(author)
            if name not in ids
        ]
        if author.get("corresponding") and not author.get("email"):
            faults.append(
                (where, f"{author.get('name')} is a corresponding author and has no email")
            )
    return faults
