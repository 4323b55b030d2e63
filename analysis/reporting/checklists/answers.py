"""Each item's status: answered with its text and place, open with the field that would answer it,
or not applicable with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.reporting.checklists.conditions import Undecided, facts_about, holds
from analysis.reporting.manuscript import FIELD, Results
from analysis.results import keys
from analysis.results.record import Record
from analysis.study import Study
from analysis.study.checklists.items import (
    CHECKLISTS,
    Checklist,
    Item,
    Part,
    Place,
    load_checklist,
    load_places,
    load_questions,
)
from analysis.study.flatten import flat_settings, setting_text
from analysis.study.reporting import Answer

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


@dataclass(frozen=True)
class Asked:
    """field: where in study.yml it is answered; question: in words, where there is one."""

    field: str
    question: str = ""


@dataclass(frozen=True)
class Point:
    """An item in its place. key: `<checklist>.<id>`, under which a person can answer it."""

    key: str
    checklist: Checklist
    section: str
    item: Item

    @property
    def asked(self) -> Asked:
        """Where the item would be answered, and how it is asked."""
        question = self.item.question
        if not question:
            return Asked(f"reporting.{self.key}")
        return Asked(f"reporting.{question}", load_questions()[question].ask)


class _Answers:
    def __init__(self, study: Study, records: Mapping[str, Record]):
        settings = {
            f"setting.{each.key}": Record(f"setting.{each.key}", setting_text(each.value))
            for each in flat_settings(study)
        }
        self.study, self.facts = study, facts_about(study, records)
        self.results = Results({**records, **settings}, study, study.output_folder)

        def named(key: str) -> str | None:
            record = records.get(key)
            return None if record is None or record.value is None else str(record.value)

        repeat = next(
            (name for phase in study.phases.values() for name in phase.repeat_masks), None
        )
        self.names = {
            "<best>": named(keys.best_model()),
            "<fused>": named(keys.nomogram_model()),
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
            *([keys.settings_confidence_level()] if any(form == "ci" for _, form in shown) else []),
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
        lacking = [key for _, without in found for key in without]
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
                denied, lacking = self.filled(item.no or "", [])
                if lacking:
                    return "open", f"the results lack {', '.join(lacking)}"
                return "no", denied
            text, lacking = self.draft(item.text, item.needs)
        except Undecided as reason:
            return "open", str(reason)
        if lacking:
            return "open", f"the results lack {', '.join(dict.fromkeys(lacking))}"
        return ("yes", text) if text else ("open", "")

    def answer(self, point: Point) -> Answered:
        """The item's row: not applicable, open because nobody has said whether it applies, or what
        a person, the declarations or the software say of it."""
        for part in (point.checklist, point.item):
            try:
                if not holds(part.only_if, self.facts):
                    return self.row(point, "not applicable", part.because or "")
            except Undecided:  # counts until somebody has said that it does not apply
                return self.row(point, "open", asked=_deciding(str(part.only_if)))
        answer = self.own_answer(point)
        if answer is not None and not answer.confirmed:
            return self.of_person(point, answer)
        drafted, text = self.drafted(point.item)
        if answer is not None:
            return self.of_confirmed(point, drafted, text)
        if point.item.declaration:
            return self.of_declaration(point, drafted, text)
        if point.item.question or drafted == "open":
            return self.row(point, "open", text, asked=point.asked)
        return self.row(point, drafted, text)

    def own_answer(self, point: Point) -> Answer | None:
        """What the study file says of the item, else of the question that the item shares."""
        reporting, question = self.study.reporting, point.item.question
        return reporting.get(point.key) or (reporting.get(question) if question else None)

    def drafted(self, item: Item) -> tuple[Status, str]:
        return self.by_software(item) if item.text or item.no_unless else ("open", "")

    def of_person(self, point: Point, answer: Answer) -> Answered:
        """A person's own words. Only the tool's own conditions take an item out of the score."""
        if point.item.weight is not None and answer.answer == "not applicable":
            return self.row(point, "no", answer.text or "")
        row = self.row(point, answer.answer, answer.text or "")
        if not answer.place:
            return row
        if answer.place in load_places():
            return replace(row, places=answer.place)
        return replace(row, page=answer.place)

    def of_confirmed(self, point: Point, drafted: Status, text: str) -> Answered:
        """What the software says, as a person confirmed it."""
        if drafted != "open":
            return self.row(point, drafted, text)
        return self.row(point, "open", text or "there is nothing to confirm", asked=point.asked)

    def of_declaration(self, point: Point, drafted: Status, text: str) -> Answered:
        """The authors' declaration, behind what the software says where it says something."""
        name = point.item.declaration
        declared = getattr(getattr(self.study, "declarations", None), str(name), None)
        said = drafted == "yes"
        if declared and (said or not point.item.text):
            return self.row(point, "yes", f"{text} {declared}" if said else str(declared))
        return self.row(point, "open", text, asked=Asked(f"declarations.{name}"))

    def row(
        self, point: Point, status: Status, text: str = "", asked: Asked | None = None
    ) -> Answered:
        """asked: of an open item, where it would be answered."""
        item, where = point.item, asked or Asked("")
        places = self.places_of(item) if status in ("yes", "open") else []
        return Answered(
            checklist=point.checklist.name,
            id=item.id,
            section=point.section,
            topic=item.topic,
            stage=item.stage or "",
            weight=item.weight,
            status=status,
            text=text.strip(),
            field=where.field,
            ask=where.question,
            places=json.dumps(places),
            page="",
        )


def _deciding(condition: str) -> Asked:
    """The question whose answer decides whether an item applies."""
    return next(
        Asked(f"reporting.{name}", question.ask)
        for name, question in load_questions().items()
        if question.decides and question.decides in condition
    )


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
        answers.answer(Point(f"{name}.{item.id}", checklist, group.section, item))
        for name in CHECKLISTS
        for checklist in [load_checklist(name)]
        for group in checklist.sections
        for item in group.items
    ]
    return pd.DataFrame(rows)
