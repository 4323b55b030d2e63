"""The study as reviewers see it who must not know the authors: no names, no addresses."""

from __future__ import annotations

import os
import re
from typing import Any

from analysis.study import Study

# Set while a blinded manuscript is made; the documents' kernel reads the study anew.
BLINDED = "EARLY_RECURRENCE_BLINDED"
WITHHELD = "[withheld for review]"
ON_TITLE_PAGE = "Stated on the title page."
ADDRESS = re.compile(r"(?:https?://|www\.|doi:)[^\s)>\]}\"']+", re.IGNORECASE)


def identities(study: Study) -> list[str]:
    """Identifying details of the authors.

    They tell who the authors are: full names in either order, e-mail addresses, ORCID iDs,
    institutions, and the addresses that the declarations name for data and code.
    """
    found: list[str | None] = []
    for author in study.study.authors:
        found += [author.name, author.email, author.orcid]
        if author.given and author.family:
            found.append(f"{author.family} {author.given}")
    found += [each.name for each in study.study.affiliations]
    for words in (study.declarations.code, study.declarations.data):
        found += [each.rstrip(".,;:") for each in ADDRESS.findall(words or "")]
    return list(dict.fromkeys(each for each in found if each))


def withhold(text: str, words: list[str]) -> str:
    """`text` with each of `words`, in whatever case, withheld."""
    for each in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", WITHHELD, text, flags=re.IGNORECASE)
    return text


def blinded(study: Study) -> Study:
    """Blinded study, without authors, affiliations and acknowledgements.

    Funding, interests and contributions are on the title page; names and addresses in other
    statements are withheld.
    """
    words = identities(study)
    declared: dict[str, Any] = {"acknowledgements": None}
    for name, said in study.declarations:
        if name in ("funding", "competing_interests", "contributions"):
            roles = name == "contributions" and any(each.roles for each in study.study.authors)
            declared[name] = ON_TITLE_PAGE if said or roles else None
        elif name != "acknowledgements":
            declared[name] = said and withhold(said, words)
    answers = {
        name: answer.model_copy(update={"text": answer.text and withhold(answer.text, words)})
        for name, answer in study.reporting.items()
    }
    return study.model_copy(
        update={
            "study": study.study.model_copy(update={"authors": [], "affiliations": []}),
            "declarations": study.declarations.model_copy(update=declared),
            "reporting": answers,
        }
    )


def as_submitted(study: Study) -> Study:
    """The study itself, or blinded where a blinded manuscript is made now."""
    return blinded(study) if os.environ.get(BLINDED) else study
