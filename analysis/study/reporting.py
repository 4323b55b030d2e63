"""study.yml, `reporting:`: what only a person can say for the reporting checklists."""

from __future__ import annotations

import difflib
import re
from typing import Any, Literal

from pydantic import model_validator

from analysis.study.checklists.items import load_checklist, load_places, reporting_fields
from analysis.study.fault import Fault
from analysis.study.section import Section


class Answer(Section):
    """A person's answer to a question, or to one item, of the checklists.

    A text alone means yes. `confirmed` takes what the software wrote. place: a name of
    analysis/study/checklists/places.yml, or where it stands in the journal's own pages (`page 4,
    lines 10 to 14`).
    """

    text: str | None = None
    answer: Literal["yes", "no", "not applicable"] = "yes"
    place: str | None = None
    confirmed: bool = False

    @model_validator(mode="before")
    @classmethod
    def _words_alone(cls, content: Any) -> Any:
        if isinstance(content, bool) or content in ("yes", "no", "not applicable"):
            raise ValueError("a bare yes or no leaves out why; write {answer: ..., text: ...}")
        if isinstance(content, str):
            return {"confirmed": True} if content.strip() == "confirmed" else {"text": content}
        if isinstance(content, dict) and isinstance(content.get("answer"), bool):
            return {**content, "answer": "yes" if content["answer"] else "no"}
        return content

    @model_validator(mode="after")
    def _says_something(self) -> Answer:
        if self.confirmed and (self.text or self.answer != "yes"):
            raise ValueError(
                "confirmed takes the software's words as they are; leave text and answer out, or"
                " confirmed"
            )
        if not self.confirmed and not (self.text or "").strip():
            raise ValueError("an answer needs a text; leave the field out while it is open")
        return self


def reporting_faults(content: Any) -> list[Fault]:
    """Faults of the answers to the reporting checklists.

    Fields that answer nothing, places that no document has, and confirmations of what no software
    wrote; (place, message).
    """
    faults: list[Fault] = []
    fields = reporting_fields()
    for name, answer in (content if isinstance(content, dict) else {}).items():
        if name not in fields:
            close = difflib.get_close_matches(str(name), fields, n=3)
            faults.append(
                (
                    ("reporting", name),
                    "no question or item has this name; "
                    + (
                        f"did you mean {' or '.join(close)}?"
                        if close
                        else "`early-recurrence checklist` lists all"
                    ),
                )
            )
            continue
        if isinstance(answer, str) and answer.strip() == "confirmed" and not _drafted(fields[name]):
            faults.append(
                (
                    ("reporting", name),
                    "there is nothing to confirm: the software writes no answer to this; write one",
                )
            )
        place = answer.get("place") if isinstance(answer, dict) else None
        if (
            isinstance(place, str)
            and re.fullmatch(r"[a-z_]+", place)
            and place not in load_places()
        ):
            faults.append(
                (
                    ("reporting", name, "place"),
                    f"'{place}' is no place of the documents; {_places_meant(place)}",
                )
            )
    return faults


def _places_meant(place: str) -> str:
    """Places whose name or label, whole or in part, is close to a word; else all places."""
    word, close = place.replace("_", " ").strip().lower(), []
    for name, content in load_places().items():
        label = content.label.lower()
        named = (name.replace("_", " "), label, *re.split(r"[,\s]+", label))
        if difflib.get_close_matches(word, named, n=1, cutoff=0.7):
            close.append(name)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"valid places are {', '.join(load_places())}"


def _drafted(items: list[str]) -> bool:
    return any(
        item.text
        for each in items
        for item in load_checklist(each.split(".")[0]).items
        if item.id == each.split(".", 1)[1]
    )
