"""The reporting checklists: complete, never ticked without what ticks them, and linked to places
that the documents have."""

import json
import re

import pytest

from analysis.reporting.checklists.answers import checklist_answers, is_there
from analysis.reporting.checklists.conditions import Undecided, facts_about, holds
from analysis.reporting.checklists.documents import TITLE
from analysis.reporting.checklists.open_items import open_fields, open_text, status_counts
from analysis.reporting.manuscript import FIELD
from analysis.reporting.sections.methods_reported import IMAGING, OUTCOME, PATIENTS
from analysis.results.record import Record
from analysis.study import Declarations, Study
from analysis.study.checklists.items import (
    CHECKLISTS,
    facts_of,
    load_checklist,
    load_places,
    load_questions,
    reporting_fields,
)
from tests.support.checklist_answers import ITEMS, status, with_reporting
from tests.support.documents import rendered
from tests.support.fake_kinds import LIVER, SARCOMA


def test_every_item_is_there_once():
    numbers = {name: [item.id for item in items] for name, items in ITEMS.items()}
    assert {name: len(set(ids)) for name, ids in numbers.items()} == {
        "tripod_ai": 52,
        "clear": 58,
        "claim": 44,
        "metrics": 30,
        "probast_ai": 34,
    }
    assert all(len(ids) == len(set(ids)) for ids in numbers.values())
    for name, last in (("tripod_ai", 27), ("clear", 58), ("claim", 44), ("metrics", 30)):
        assert [
            int(number)
            for number in dict.fromkeys(re.match(r"\d+", each)[0] for each in numbers[name])
        ] == list(range(1, last + 1))
    letters = {
        number: "".join(
            each[len(str(number)) :]
            for each in numbers["tripod_ai"]
            if re.match(r"\d+", each)[0] == str(number)
        )
        for number in (3, 5, 6, 8, 9, 12, 18, 20, 23, 27)
    }
    assert letters == {
        3: "abc",
        5: "ab",
        6: "abc",
        8: "abc",
        9: "abc",
        12: "abcdefg",
        18: "abcdef",
        20: "abc",
        23: "ab",
        27: "abc",
    }
    # Moons et al. 2025: 16 signalling questions on development, 18 on evaluation, by domain.
    for part, counts in (("D", (3, 4, 4, 5)), ("E", (3, 4, 4, 7))):
        asked = [each for each in numbers["probast_ai"] if each.startswith(part)]
        assert asked == [
            f"{part}{domain}.{number}"
            for domain, count in enumerate(counts, start=1)
            for number in range(1, count + 1)
        ]
    assert sum(item.weight for item in ITEMS["metrics"]) == pytest.approx(1, abs=1e-9)
    assert {item.stage for item in ITEMS["tripod_ai"]} == {None, "development", "evaluation"}


def test_items_name_only_what_exists(studies):
    study, records = studies[LIVER]
    facts, used = facts_about(study, records), set()
    for items in ITEMS.values():
        for item in items:
            assert set(item.places) <= set(load_places()), item.id
            conditions = [item.only_if, item.no_unless, *(part.when for part in item.text)]
            assert {name for condition in conditions for name in facts_of(condition)} <= set(
                facts
            ), item.id
            used |= {item.question} - {None}
    deciding = {name for name, question in load_questions().items() if question.decides}
    printed = {*PATIENTS, *OUTCOME, *IMAGING}  # in the Methods, whether or not an item asks for it
    assert used | deciding | printed == set(load_questions())
    for part in (*load_places().values(), *(load_checklist(name) for name in CHECKLISTS)):
        assert set(facts_of(part.only_if)) <= set(facts)


def test_declarations_are_sections_of_the_study_file():
    if "declarations" not in Study.model_fields:
        pytest.skip("study.yml has no declarations")
    known = set(Study.model_fields["declarations"].annotation.model_fields)
    assert {item.declaration for items in ITEMS.values() for item in items} - {None} <= known


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ("a", True),
        ("not a", False),
        ("a and b", False),
        ("b or a", True),
        ("not b and a", True),
        ("b and unknown", False),
        ("a or unknown", True),
    ],
)
def test_conditions(condition, expected):
    assert holds(condition, {"a": True, "b": False, "unknown": None}) is expected


@pytest.mark.parametrize("condition", ["unknown", "not unknown", "a and unknown", "b or unknown"])
def test_what_is_not_known_decides_nothing(condition):
    with pytest.raises(Undecided):
        holds(condition, {"a": True, "b": False, "unknown": None})


@pytest.mark.parametrize("kind", [LIVER, SARCOMA], ids=lambda kind: kind.name)
def test_without_results_and_answers_nothing_is_ticked(studies, kind):
    study = with_reporting(studies[kind][0]).model_copy(update={"declarations": Declarations()})
    table = checklist_answers(study, {})
    assert not (table["status"] == "yes").any()
    # What is denied or left out hangs on the study file alone.
    assert set(table.loc[table["status"] == "no", "text"]) <= {
        item.no for items in ITEMS.values() for item in items
    }
    assert (table.loc[table["status"] == "open", "field"] != "").all()
    assert len(table) == 218


def test_a_missing_or_undefined_result_unticks_the_items_that_show_it(studies):
    study, records = studies[LIVER]
    study = with_reporting(study)
    whole = checklist_answers(study, records)
    ticked = whole[whole["status"] == "yes"]
    assert len(ticked) > 40
    by_id = {
        (load_checklist(name).name, item.id): item
        for name, items in ITEMS.items()
        for item in items
    }
    facts, best = facts_about(study, records), str(records["best.model"].value)
    shown: dict[str, set] = {}
    for row in ticked.itertuples():
        item = by_id[row.checklist, row.id]
        keys = {
            match[1].replace("<best>", best)
            for part in item.text
            if holds(part.when, facts)
            for match in FIELD.finditer(part.text)
        } | set(item.needs)
        for key in keys & set(records):
            shown.setdefault(key, set()).add((row.checklist, row.id))
    assert len(shown) > 40
    uncertain = Record(f"auc.{best}.validation", 0.8)
    table = checklist_answers(study, {**records, uncertain.key: uncertain})
    assert (status(table, "CLEAR", "47")["status"], status(table, "CLEAR", "47")["text"]) == (
        "open",
        f"the results lack the interval of {uncertain.key}",
    )
    for key, items in shown.items():
        for changed in (
            {name: record for name, record in records.items() if name != key},
            {**records, key: Record(key, None)},
        ):
            table = checklist_answers(study, changed)
            left = set(
                table[table["status"] == "yes"][["checklist", "id"]].itertuples(
                    index=False, name=None
                )
            )
            assert not items & left, key


def test_every_linked_place_is_in_the_documents(studies, monkeypatch, capsys):
    listed = {name for items in ITEMS.values() for item in items for name in item.places}
    assert listed <= set(load_places())
    assert {place.document for place in load_places().values()} <= {"index", "supplement"}
    linked = set()
    for study, records in studies.values():
        facts = facts_about(study, records)
        anchors = {
            document: {TITLE}  # pandoc and Quarto make it of the document's title
            | set(
                re.findall(
                    r"\{#([a-z]+-[a-z-]+)\}", rendered(study.path, monkeypatch, capsys, document)
                )
            )
            for document in ("index", "supplement")
        }
        for name, place in load_places().items():
            if is_there(place, facts, records):
                linked.add(name)
                assert place.anchor in anchors[place.document], (
                    f"{name}: {place.document}.qmd has no {place.anchor}; mend"
                    " analysis/study/checklists/places.yml"
                )
        table = checklist_answers(study, records)
        used = {name for places in table["places"] for name in json.loads(places)}
        assert used <= linked
    # What only some results have is linked only there.
    assert "guards" not in linked
    assert "delineations" not in linked


def test_what_is_open_is_said_with_its_field(studies):
    study, records = studies[LIVER]
    table = checklist_answers(with_reporting(study, clinical_context="Words."), records)
    fields = open_fields(table)
    assert set(fields["field"].str.removeprefix("reporting.")) <= {
        *reporting_fields(),
        *(question.answered_by for question in load_questions().values()),
        "a reviewer",
    } | {f"declarations.{item.declaration}" for items in ITEMS.values() for item in items}
    assert "reporting.clinical_context" not in set(fields["field"])
    assert fields["n"].is_monotonic_decreasing
    assert fields["n"].sum() == (table["status"] == "open").sum()
    counts = status_counts(table)
    assert list(counts.sum(axis=1)) == [52, 58, 44, 30, 34]
    text = open_text(table)
    assert "reporting.eligibility" in text
    assert "TRIPOD+AI 6b, CLEAR 11" in text
    assert re.search(r"METRICS score: \d+\.\d% \(\w+", text)
