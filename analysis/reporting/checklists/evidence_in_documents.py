"""Whether the documents show what an answer rests on: only then is an item ticked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from analysis.reporting.checklists.answered import Answered
from analysis.reporting.checklists.documents import Documents
from analysis.study.checklists.items import Place, load_places


def named(evidence: str) -> str:
    """Evidence in words."""
    kind, _, what = evidence.partition(" ")
    if kind == "text":
        return f"“{what if len(what) <= 60 else what[:57] + '…'}”"
    return f"the column {what}" if kind == "column" else evidence


def _labels(names: Sequence[str]) -> str:
    return " or ".join(load_places()[name].label for name in names)


def _anywhere(documents: Documents, evidence: str) -> bool:
    return any(documents.in_document(document, evidence) for document in documents.texts)


def _open(row: Answered, field: str, ask: str) -> Answered:
    return replace(row, status="open", field=field, ask=ask, places="[]")


def _there(documents: Documents, place: Place) -> bool:
    return bool(documents.at(place.document, place.anchor).strip())


def shown_or_open(
    row: Answered, documents: Documents, evidence: Sequence[str], places: Sequence[str]
) -> Answered:
    """A checklist row answered yes, kept where its evidence is shown, else open.

    The row stays as it is, linked to the places that hold its evidence. Unless these places hold
    all of it together, the row is open, with what is lacking and where.

    places: of the item or, where a person named one, that one. Without evidence the places must
    have text; without places the evidence may stand in any document.
    """
    if not places:
        lacking = [each for each in evidence if not _anywhere(documents, each)]
        if lacking:
            what = ", ".join(named(each) for each in lacking)
            return _open(row, "report/index.qmd", f"No document shows {what}.")
        return row
    known = {name: load_places()[name].where(documents.anchors) for name in places}
    there = [name for name in places if _there(documents, known[name])]
    if not there:
        return _open(
            row,
            _document(known[places[0]]),
            f"The documents have no {_labels(places)} (`early-recurrence manuscript list` names the"
            " sections).",
        )
    held = {
        name: [
            each
            for each in evidence
            if documents.holds(known[name].document, known[name].anchor, each)
        ]
        for name in there
    }
    lacking = [each for each in evidence if not any(each in found for found in held.values())]
    if lacking:
        what = ", ".join(named(each) for each in lacking)
        return _open(row, _document(known[there[0]]), f"{_labels(there)} does not show {what}.")
    linked = [name for name in there if held[name]] if evidence else there
    return replace(row, places=json.dumps(linked))


def _document(place: Place) -> str:
    return f"report/{place.document}.qmd"
