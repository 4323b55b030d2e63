"""Status of each item of the checklists.

An item is answered with its text and place, open with the field that would answer it, or not
applicable with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.reporting.checklists.answered import Answered, Status
from analysis.reporting.checklists.conditions import Undecided, facts_about, holds
from analysis.reporting.checklists.documents import Documents
from analysis.reporting.checklists.evidence_in_documents import shown_or_open
from analysis.reporting.manuscript import FIELD, Results
from analysis.reporting.variable_labels import variable_labels
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


@dataclass(frozen=True)
class Asked:
    """field: where in study.yml it is answered; question: in words, where there is one."""

    field: str
    question: str = ""


# Under `reporting:` authors can answer such an item by its own name all the same.
REVIEWER = Asked("a reviewer", "What a reviewer has to judge, with what the results say of it.")


@dataclass(frozen=True)
class Point:
    """An item in its place. key: `<checklist>.<id>`, under which a person can answer it."""

    key: str
    checklist: Checklist
    section: str
    item: Item

    def asked(self, from_images: bool) -> Asked:
        """Where the item would be answered, and how a study with images or without is asked."""
        question = self.item.question
        if not question:
            return Asked(f"reporting.{self.key}")
        found = load_questions()[question]
        return Asked(found.answered_by or f"reporting.{question}", found.words(from_images))


class _Answers:
    def __init__(
        self, study: Study, records: Mapping[str, Record], documents: Documents | None = None
    ):
        self.documents = documents
        settings = {
            f"setting.{each.key}": Record(f"setting.{each.key}", setting_text(each.value))
            for each in flat_settings(study)
        }
        self.study, self.facts = study, facts_about(study, records)
        self.results = Results({**records, **settings}, study, study.output_folder)
        self.results.records.update(self.settings_in_labels())

        def value(key: str) -> str | None:
            record = records.get(key)
            return None if record is None or record.value is None else str(record.value)

        repeat = next(
            (name for phase in study.phases.values() for name in phase.repeat_masks), None
        )
        self.names = {
            "<best>": value(keys.best_model()),
            "<fused>": value(keys.nomogram_model()),
            "<repeat>": repeat,
        }

    def settings_in_labels(self) -> dict[str, Record]:
        """Settings that list clinical variables, with the variables' labels."""
        clinical = self.study.clinical
        lists = {} if clinical is None else {"log_transform": clinical.log_transform}
        return {
            f"setting.clinical.{name}": Record(
                f"setting.clinical.{name}",
                setting_text(variable_labels(self.results, variables)),
            )
            for name, variables in lists.items()
        }

    def named(self, template: str) -> str:
        """With the names of this study's models in it."""
        for place, name in self.names.items():
            template = template.replace(place, name or place)
        return template

    def evidence(self, item: Item) -> list[str]:
        """Evidence that the documents must show for an answer of the software.

        It is the results that the answer names, and what the item asks for beside.
        """
        parts = [part for part in item.text if holds(part.when, self.facts)]
        named = [match[1] for part in parts for match in FIELD.finditer(self.named(part.text))]
        beside = [self.named(part.text) for part in item.shows if holds(part.when, self.facts)]
        hidden = {self.named(key) for key in item.not_shown}
        return [key for key in dict.fromkeys([*named, *beside]) if key not in hidden]

    def filled(self, template: str, needs: list[str]) -> tuple[str, list[str]]:
        """Sentence filled with results, and the results that it lacks.

        The latter are keys that are not there or have no value, or no interval where one is shown.
        """
        template = self.named(template)
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
        """Answer as the software drafts it.

        It has every sentence that concerns the study, all of its results there; else what is
        lacking.
        """
        found = [self.filled(part.text, needs) for part in parts if holds(part.when, self.facts)]
        lacking = [key for _, without in found for key in without]
        text = " ".join(sentence[:1].upper() + sentence[1:] for sentence, _ in found)
        return ("" if lacking else re.sub(r"(?<=\S)\.\.(?=\s|$)", ".", text)), lacking

    def places_of(self, item: Item) -> list[str]:
        """Names of the item's places that the documents of this study have."""
        places = load_places()
        if self.documents is not None:
            there = self.documents
            return [
                name
                for name in item.places
                if (place := places[name].where(there.anchors))
                and there.at(place.document, place.anchor).strip()
            ]
        return [
            name for name in item.places if is_there(places[name], self.facts, self.results.records)
        ]

    def by_right(self, row: Answered, item: Item, evidence: list[str]) -> Answered:
        """A row of a yes as it is where the documents show its evidence at the item's places."""
        if self.documents is None or row.status != "yes":
            return row
        return shown_or_open(row, self.documents, evidence, item.places)

    def by_software(self, item: Item) -> tuple[Status, str]:
        """Open where a result is lacking: a missing key neither ticks an item nor denies it."""
        try:
            if not holds(item.no_unless, self.facts):
                denied, lacking = self.filled(item.no or "", [])
                if lacking:
                    return "open", f"the results lack {', '.join(lacking)}"
                return "no", denied
            # Settings alone say what will be done: an answer needs a study that ran.
            text, lacking = self.draft(item.text, [keys.models_included(), *item.needs])
        except Undecided as reason:
            return "open", str(reason)
        if lacking:
            return "open", f"the results lack {', '.join(dict.fromkeys(lacking))}"
        return ("yes", text) if text else ("open", "")

    def answer(self, point: Point) -> Answered:
        """Row of an item.

        It is not applicable, open because nobody has said whether it applies, or what a person, the
        declarations or the software say of it.
        """
        if point.item.stage == "development" and not self.facts["developed"]:
            return self.row(point, "not applicable", "No model was developed here.")
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
        if point.item.reviewer and answer is None:
            return self.row(point, "open", text if drafted == "yes" else "", asked=REVIEWER)
        if answer is not None:
            return self.of_confirmed(point, drafted, text)
        if point.item.declaration:
            return self.of_declaration(point, drafted, text)
        if point.item.question or drafted == "open":
            return self.row(point, "open", text, asked=self.asked(point))
        return self.of_software(point, drafted, text)

    def of_software(self, point: Point, drafted: Status, text: str) -> Answered:
        """What the software says and the documents show."""
        row = self.row(point, drafted, text)
        return (
            self.by_right(row, point.item, self.evidence(point.item))
            if row.status == "yes"
            else row
        )

    def as_asked(self, item: Item) -> Item:
        """The item as this study has it: without the question where it is not put."""
        asked = item.question is not None and holds(item.asked_if, self.facts)
        return item if asked else item.model_copy(update={"question": None})

    def asked(self, point: Point) -> Asked:
        """Where this study answers an item, and how it is asked."""
        return point.asked(bool(self.facts["from_images"]))

    def own_answer(self, point: Point) -> Answer | None:
        """What the study file says of the item, else of the question that the item shares."""
        reporting, question = self.study.reporting, point.item.question
        if point.key in reporting or not question:
            return reporting.get(point.key)
        return reporting.get(question) or self.answer_elsewhere(question)

    def answer_elsewhere(self, question: str) -> Answer | None:
        """Words of another section of the study file that answer a question, where it has any."""
        section, _, field = (load_questions()[question].answered_by or "").partition(".")
        words = getattr(getattr(self.study, section, None), field, None) if field else None
        return Answer(answer="yes", text="; ".join(words)) if words else None

    def drafted(self, item: Item) -> tuple[Status, str]:
        return self.by_software(item) if item.text or item.no_unless else ("open", "")

    def of_person(self, point: Point, answer: Answer) -> Answered:
        """A person's own words. Only the tool's own conditions take an item out of the score."""
        if point.item.weight is not None and answer.answer == "not applicable":
            return self.row(point, "no", answer.text or "")
        row = self.row(point, answer.answer, answer.text or "")
        if answer.place and answer.place not in load_places():
            return replace(row, page=answer.place)  # in the journal's own pages
        if answer.place:
            row = replace(row, places=json.dumps([answer.place]))
            return self.by_right(row, replace_places(point.item, answer.place), [])
        question = load_questions().get(point.item.question or "")
        printed = [] if question and question.of_document else [f"text {_printed(answer.text)}"]
        return self.by_right(row, point.item, printed)

    def of_confirmed(self, point: Point, drafted: Status, text: str) -> Answered:
        """What the software says, as a person confirmed it."""
        if drafted != "open":
            return self.of_software(point, drafted, text)
        return self.row(
            point, "open", text or "there is nothing to confirm", asked=self.asked(point)
        )

    def of_declaration(self, point: Point, drafted: Status, text: str) -> Answered:
        """The authors' declaration, behind what the software says where it says something."""
        name = point.item.declaration
        declared = getattr(getattr(self.study, "declarations", None), str(name), None)
        said = drafted == "yes"
        if declared and (said or not point.item.text):
            row = self.row(point, "yes", f"{text} {declared}" if said else str(declared))
            shown = [f"text {_printed(declared)}", *(self.evidence(point.item) if said else [])]
            return self.by_right(row, point.item, shown)
        return self.row(point, "open", text, asked=Asked(f"declarations.{name}"))

    def row(
        self, point: Point, status: Status, text: str = "", asked: Asked | None = None
    ) -> Answered:
        """asked: of an open item, where it would be answered."""
        item, where = point.item, asked or Asked("")
        places = self.places_of(item) if status in ("yes", "open") else []
        mark = (
            self.documents.mark_of(where.field.partition(".")[2])
            if self.documents is not None and status == "open"
            else None
        )
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
            empty="#".join(mark) if mark else "",
        )


def replace_places(item: Item, place: str) -> Item:
    """The item with the one place that a person named."""
    return item.model_copy(update={"places": [place]})


def _printed(text: str | None) -> str:
    """An answer as a section prints it, a stop behind it."""
    return (text or "").strip().rstrip(".")


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


def checklist_answers(
    study: Study, records: Mapping[str, Record], documents: Documents | None = None
) -> pd.DataFrame:
    """Every item of all checklists in their order, one row an item, with the columns of Answered.

    documents: of the study; an item that these do not show is open. Left out, an item is answered
    yes where study file and results would answer it.
    """
    answers = _Answers(study, records, documents)
    rows = []
    for name in CHECKLISTS:
        checklist = load_checklist(name)
        for group in checklist.sections:
            for item in map(answers.as_asked, group.items):
                point = Point(f"{name}.{item.id}", checklist, group.section, item)
                rows.append(answers.answer(point))
    return pd.DataFrame(rows)
