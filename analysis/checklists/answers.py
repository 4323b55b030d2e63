"""Each item's status: answered with its text and place, open with the field that would answer it,
or not applicable with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.checklists.conditions import Undecided, facts_about, holds
from analysis.checklists.items import (
    CHECKLISTS,
    Checklist,
    Item,
    Part,
    Place,
    load_checklist,
    load_places,
    load_questions,
)
from analysis.manuscript import FIELD, Results
from analysis.results.record import Record
from analysis.study import Study
from analysis.study.flatten import flat_settings, setting_text

Status = Literal["yes", "no", "open", "not applicable"]


@dataclass(frozen=True)
class Answered:
    """One row of the checklists. status: yes (answered, the point is met), no (answered, it is
    not), open, not applicable.

    text: the answer, the reason, or of an open item what the software would write. field: where in
    study.yml an open item is answered. ask: the question that is open. places: names of places;
    page: a place that a person wrote.
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


class _Answers:
    def __init__(self, study: Study, records: Mapping[str, Record]):
        settings = {
            f"setting.{each.key}": Record(f"setting.{each.key}", setting_text(each.value))
            for each in flat_settings(study)
        }
        self.study, self.facts = study, facts_about(study, records)
        self.results = Results({**records, **settings}, study, study.output_folder)

        def named(key: str) -> str | None:
            return (
                str(records[key].value)
                if key in records and records[key].value is not None
                else None
            )

        repeat = next(
            (name for phase in study.phases.values() for name in phase.repeat_masks), None
        )
        self.names = {
            "<best>": named("best.model"),
            "<fused>": named("nomogram.model"),
            "<repeat>": repeat,
        }

    def filled(self, template: str, needs: list[str]) -> tuple[str, list[str]]:
        """The sentence, and the results that it lacks: keys that are not there or have no value, or
        no interval where one is shown."""
        for place, name in self.names.items():
            template = template.replace(place, name or place)
        shown = [(match[1], match[2]) for match in FIELD.finditer(template)]
        needs = [
            *needs,
            *(key for key, _ in shown),
            *(["settings.confidence_level"] if any(form == "ci" for _, form in shown) else []),
        ]
        lacking = [key for key in needs if not self.results.has_value(key)]
        lacking += [
            f"the interval of {key}"
            for key, form in shown
            if form == "ci" and key not in lacking and self.results.record(key).ci_low is None
        ]
        return ("", lacking) if lacking else (self.results.fill_plain(template), [])

    def draft(self, parts: list[Part], needs: list[str]) -> tuple[str, list[str]]:
        """What the software says: every sentence that concerns the study, all of its results there;
        else what is lacking."""
        found = [self.filled(part.text, needs) for part in parts if holds(part.when, self.facts)]
        lacking = [key for _, keys in found for key in keys]
        text = " ".join(sentence[:1].upper() + sentence[1:] for sentence, _ in found)
        return ("" if lacking else re.sub(r"(?<=\S)\.\.(?=\s|$)", ".", text)), lacking

    def places_of(self, item: Item) -> list[str]:
        """Names of the item's places that the documents of this study have."""
        return [
            name
            for name in item.places
            if is_there(load_places()[name], self.facts, self.results.records)
        ]

    def by_software(self, item: Item) -> tuple[Status, str]:
        """Open where a result is lacking: a missing key neither ticks an item nor denies it."""
        try:
            if not holds(item.no_unless, self.facts):
                return (
                    ("no", denied[0])
                    if not (denied := self.filled(item.no or "", []))[1]
                    else ("open", f"the results lack {', '.join(denied[1])}")
                )
            text, lacking = self.draft(item.text, item.needs)
        except Undecided as reason:
            return "open", str(reason)
        if lacking:
            return "open", f"the results lack {', '.join(dict.fromkeys(lacking))}"
        return ("yes", text) if text else ("open", "")

    def answer(self, name: str, checklist: Checklist, section: str, item: Item) -> Answered:
        def row(
            status: Status,
            text: str = "",
            field: str = "",
            page: str = "",
            place: str = "",
            ask: str = "",
        ) -> Answered:
            places = [place] if place else self.places_of(item) if status in ("yes", "open") else []
            return Answered(
                checklist.name,
                item.id,
                section,
                item.topic,
                item.stage or "",
                item.weight,
                status,
                text.strip(),
                field,
                ask,
                ",".join(places),
                page,
            )

        own = f"{name}.{item.id}"
        field = f"reporting.{item.question or own}"
        ask = load_questions()[item.question].ask if item.question else ""
        for part in (checklist, item):
            try:
                if not holds(part.only_if, self.facts):
                    return row("not applicable", part.because or "")
            except Undecided:  # counts until somebody has said that it does not apply
                deciding = next(
                    each
                    for each, question in load_questions().items()
                    if question.decides and question.decides in str(part.only_if)
                )
                return row(
                    "open", field=f"reporting.{deciding}", ask=load_questions()[deciding].ask
                )
        answer = self.study.reporting.get(own) or (
            self.study.reporting.get(item.question) if item.question else None
        )
        drafted, text = self.by_software(item) if item.text or item.no_unless else ("open", "")
        if answer is not None and answer.confirmed:
            return (
                row(drafted, text, "" if drafted != "open" else field)
                if drafted != "open"
                else row("open", text or "there is nothing to confirm", field, ask=ask)
            )
        if answer is not None:
            known = answer.place in load_places()
            # Only the tool's own conditions take an item out of the score.
            if item.weight is not None and answer.answer == "not applicable":
                return row("no", answer.text or "")
            return row(
                answer.answer,
                answer.text or "",
                page="" if known else answer.place or "",
                place=(answer.place or "") if known else "",
            )
        if item.declaration:
            declared = getattr(getattr(self.study, "declarations", None), item.declaration, None)
            together = " ".join(
                filter(None, [text if drafted == "yes" else "", str(declared or "")])
            )
            return (
                row("yes", together)
                if (declared and drafted == "yes") or (declared and not item.text)
                else row("open", text, f"declarations.{item.declaration}")
            )
        if item.question or drafted == "open":
            return row("open", text, field, ask=ask)
        return row(drafted, text)


def is_there(place: Place, facts: Mapping[str, bool | None], records: Mapping[str, Record]) -> bool:
    """Whether the documents of a study have a place."""
    there = place.needs is None or (
        any(key.startswith(place.needs) for key in records)
        if place.needs.endswith(".")
        else place.needs in records
    )
    return there and holds(place.only_if, facts)


def checklist_answers(study: Study, records: Mapping[str, Record]) -> pd.DataFrame:
    """Every item of all checklists in their order, one row an item, with the columns of
    Answered."""
    answers = _Answers(study, records)
    rows = [
        answers.answer(name, checklist, group.section, item)
        for name in CHECKLISTS
        for checklist in [load_checklist(name)]
        for group in checklist.sections
        for item in group.items
    ]
    return pd.DataFrame(rows)
