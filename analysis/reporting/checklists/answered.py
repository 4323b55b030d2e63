"""One row of the checklists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["yes", "no", "open", "not applicable"]


@dataclass(frozen=True)
class Answered:
    """One row of the checklists.

    status: yes (answered, the point is met), no (answered, it is not), open, not applicable.

    text: the answer, the reason, or of an open item what the software would write. field: where in
    study.yml an open item is answered, or the document that does not show it. ask: the question
    that is open. places: names of places; page: a place that a person wrote; empty: `index#anchor`
    of the mark that stands in a document for an answer that is missing.
    """

    checklist: str
    id: str
    section: str
    topic: str
    stage: str
    weight: float | None
    status: Status
    text: str
    field: str
    ask: str
    places: str
    page: str
    empty: str
