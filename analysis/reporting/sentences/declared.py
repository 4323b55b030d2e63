"""What the authors declare: ethics, funding, data, and who did what."""

from __future__ import annotations

from collections.abc import Callable

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.study import Study
from analysis.study.authors import CREDIT

DECLARATIONS = {
    "data": "Data availability",
    "code": "Code availability",
    "ethics": "Ethics approval and consent",
    "funding": "Funding and role of the funder",
    "competing_interests": "Competing interests",
    "contributions": "Author contributions",
    "registration": "Registration",
    "protocol": "Protocol",
    "patient_involvement": "Patient and public involvement",
}


def contributions(study: Study) -> str:
    """Who did what, by CRediT role; empty where no author has a role."""
    said = []
    for role in CREDIT:
        names = [
            literal(each.name) + (f" ({degree})" if degree else "")
            for each in study.study.authors
            for name, degree in each.roles
            if name == role
        ]
        if names:
            said.append(f"{role[:1].upper()}{role[1:]}: {', '.join(names)}")
    return "; ".join(said) + "." if said else ""


def _as_written(words: str, field: str) -> str:
    return words


def stated(study: Study, shown: Callable[[str, str], str] = _as_written) -> dict[str, str | None]:
    """Declarations of the authors, by title.

    Title of each declaration → the authors' words, with the roles that they declare; None where
    there are none. Acknowledgements stand there only where there are some.

    shown: words and field of the study file → the words as a document has them.
    """
    declared = {
        name: shown(words, f"declarations.{name}") if words else words
        for name, words in study.declarations
    }
    said = {title: declared[name] for name, title in DECLARATIONS.items()}
    roles = [contributions(study), declared["contributions"]]
    said[DECLARATIONS["contributions"]] = " ".join(filter(None, roles)) or None
    if declared["acknowledgements"]:
        said["Acknowledgements"] = declared["acknowledgements"]
    return said


def declarations(results: Results) -> str:
    """Statements of the authors as paragraphs.

    One that the study file leaves out is said not to be stated.
    """
    return "\n\n".join(
        f"**{title}.** {words or 'Not stated.'}"
        for title, words in stated(results.study, results.written).items()
    )
