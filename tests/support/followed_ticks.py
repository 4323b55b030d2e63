"""Ticks of the checklists, followed to the places that they cite."""

import json
import re

from analysis.reporting.checklists.conditions import facts_about, holds
from analysis.reporting.checklists.records import shown_answers
from analysis.reporting.manuscript import FIELD
from analysis.reporting.results_by_key import SET
from analysis.study.checklists.items import CHECKLISTS, load_checklist, load_places

ITEMS = {
    (checklist.name, item.id): item
    for checklist in map(load_checklist, CHECKLISTS)
    for item in checklist.items
}


def ticks(table) -> set[tuple[str, str]]:
    return {(row.checklist, row.id) for row in table[table["status"] == "yes"].itertuples()}


def follow(results, texts: dict[str, str]) -> int:
    """Follow each tick of a study to the documents as rendered (`texts`, with the spans of the
    page), which are made another way than those that the answers were judged by; returns how many
    numbers were found there."""
    places, found = load_places(), 0
    table = shown_answers(results.study, results.records)
    facts = facts_about(results.study, results.records)
    best = str(results.record("best.model").value)
    for row in table[table["status"] == "yes"].itertuples():
        item = ITEMS[row.checklist, row.id]
        linked = [places[name] for name in json.loads(row.places)]
        assert linked or row.page or not item.places, (row.checklist, row.id)
        there = {place.document: texts[place.document] for place in linked}
        for place in linked:
            assert (
                place.anchor == "title-block-header"
                or f"{{#{place.anchor}}}" in there[place.document]
            ), (row.checklist, row.id, place.anchor)
        shown = {
            match[1]
            for text in there.values()
            for match in re.finditer(r'\.result title="([^" ]+)', text)
        }
        said = " ".join(part.text for part in item.text if holds(part.when, facts))
        for match in FIELD.finditer(said.replace("<best>", best)):
            record = results.records.get(match[1])
            # The page marks numbers of the analysis, not settings and words.
            words = record is not None and isinstance(record.value, str | bool | tuple)
            if record is None or record.source == SET or words:
                continue
            if match[1] == "ledger.evaluations.n" and record.value == 1:
                assert any("evaluated once" in text for text in there.values())
                continue
            if linked and match[1] not in item.not_shown and row.text not in ("", "confirmed"):
                assert match[1] in shown, (row.checklist, row.id, match[1])
                found += 1
    return found
