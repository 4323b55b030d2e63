"""Authors, affiliations and keywords as metadata.

They are in Quarto's form for Quarto, in pandoc's for the preview's JATS, and in a byline for the
formats whose title block has no room for them.
"""

from __future__ import annotations

import re
from typing import Any

from analysis.reporting.rendering.escaping import literal
from analysis.study import Study
from analysis.study.authors import Affiliation, Author

CREDIT_URL = "https://credit.niso.org/contributor-roles/"


def affiliations_in_order(study: Study) -> list[Affiliation]:
    """Those that an author has, in the order in which the authors name them: their numbers."""
    by_id = {each.id: each for each in study.study.affiliations}
    named = dict.fromkeys(name for each in study.study.authors for name in each.affiliations)
    return [by_id[name] for name in named if name in by_id]


def has_details(study: Study) -> bool:
    """Whether any author is more than a name, or there are keywords."""
    alone = all(each.is_name_alone for each in study.study.authors)
    return not alone or bool(study.manuscript.keywords)


def _names(study: Study) -> str:
    numbers = {each.id: n for n, each in enumerate(affiliations_in_order(study), start=1)}
    said = []
    for author in study.study.authors:
        marks = [str(numbers[name]) for name in author.affiliations if name in numbers]
        marks += ["\\*"] if author.corresponding else []
        marks += ["†"] if author.equal_contributor else []
        degrees = "".join(f", {literal(each)}" for each in author.degrees)
        raised = f"^{','.join(marks)}^" if marks else ""
        said.append(f"{literal(author.name)}{degrees}{raised}")
    return ", ".join(said)


def _notes(study: Study) -> list[str]:
    authors = study.study.authors
    corresponding = [
        f"{literal(each.name)} ([{literal(each.email)}](mailto:{each.email}))"
        for each in authors
        if each.corresponding
    ]
    said = []
    if any(each.equal_contributor for each in authors):
        said.append("^†^ These authors contributed equally.")
    if corresponding:
        said.append(f"^\\*^ Correspondence: {'; '.join(corresponding)}")
    orcids = [
        f"{literal(each.name)} [{each.orcid}](https://orcid.org/{each.orcid})"
        for each in authors
        if each.orcid
    ]
    if orcids:
        said.append(f"ORCID: {'; '.join(orcids)}")
    return said


def byline(study: Study) -> dict[str, Any]:
    """Markdown of the byline, which stands below the title.

    It has names with their signs, a line for each affiliation, notes and keywords; what is not
    there is left out.
    """
    lines: dict[str, Any] = {
        "authors": [literal(each.name) for each in study.study.authors],
        "names": _names(study),
        "affiliations": [
            f"^{number}^ {literal(each.line)}"
            for number, each in enumerate(affiliations_in_order(study), start=1)
        ],
        "notes": _notes(study),
        "keywords": "; ".join(literal(each) for each in study.manuscript.keywords),
    }
    return {name: value for name, value in lines.items() if value}


def _quarto_affiliation(each: Affiliation) -> dict[str, str]:
    content = each.model_dump(exclude_none=True)
    postal = content.pop("postal_code", None)
    return content | ({"postal-code": postal} if postal else {})


def _quarto_author(author: Author) -> Any:
    if author.is_name_alone:
        return author.name
    name: Any = author.name
    if author.family:
        name = {"literal": author.name, "given": author.given, "family": author.family}
    content = {
        "name": name,
        "degrees": author.degrees,
        "orcid": author.orcid,
        "email": author.email,
        "affiliations": [{"ref": each} for each in author.affiliations],
        "corresponding": author.corresponding,
        "equal-contributor": author.equal_contributor,
        "roles": [{role: degree} if degree else role for role, degree in author.roles],
    }
    return {key: value for key, value in content.items() if value}


def quarto_metadata(study: Study) -> dict[str, Any]:
    """author, affiliations, keywords and byline for report/_metadata.yml."""
    keywords = study.manuscript.keywords
    return {
        "author": [_quarto_author(each) for each in study.study.authors],
        "affiliations": [_quarto_affiliation(each) for each in affiliations_in_order(study)],
        "keywords": keywords,
        "tags": keywords,
        "byline": byline(study) if has_details(study) else None,
    }


def _pandoc_role(role: Any) -> dict[str, str]:
    name, degree = next(iter(role.items())) if isinstance(role, dict) else (role, None)
    term = re.sub(r"[^a-z]+", "-", name)
    found = {"credit": term, "credit-name": name[:1].upper() + name[1:]}
    return found | ({"degree": degree} if degree else {})


def _pandoc_author(author: dict[str, Any]) -> dict[str, Any]:
    name = author["name"]
    parts = (
        {"surname": name["family"], "given-names": name["given"]}
        if isinstance(name, dict)
        else {"name": name}
    )
    content = parts | {
        "orcid": author.get("orcid"),
        "email": author.get("email"),
        "affiliation": [each["ref"] for each in author.get("affiliations", [])],
        "equal-contrib": author.get("equal-contributor"),
        "roles": [_pandoc_role(each) for each in author.get("roles", [])],
    }
    return {key: value for key, value in content.items() if value}


def pandoc_jats_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata that pandoc's own JATS template asks for, from Quarto's metadata.

    Of authors who are names alone it has nothing.
    """
    authors = [each for each in metadata.get("author") or [] if isinstance(each, dict)]
    found: dict[str, Any] = {"tags": metadata["tags"]} if metadata.get("tags") else {}
    if not authors:
        return found
    everyone, corresponding = [], []
    for number, each in enumerate(metadata["author"], start=1):
        if not isinstance(each, dict):
            everyone.append({"name": each})
            continue
        content = _pandoc_author(each)
        if each.get("corresponding"):
            content["cor-id"] = str(number)
            corresponding.append({"id": str(number), "email": each["email"]})
        everyone.append(content)
    places = [
        {
            "id": each["id"],
            "organization": each["name"],
            "department": each.get("department"),
            "street-address": each.get("address"),
            "city": each.get("city"),
            "country": each.get("country"),
        }
        for each in metadata.get("affiliations") or []
    ]
    return found | {
        "author": everyone,
        "affiliation": [{k: v for k, v in each.items() if v} for each in places],
        "article": {"author-notes": {"corresp": corresponding}} if corresponding else {},
    }
