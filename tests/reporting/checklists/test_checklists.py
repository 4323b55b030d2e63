"""The reporting checklists: complete, never ticked without what ticks them, and linked to places
that the documents have."""

import json
import re

import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.reporting.checklists.answers import checklist_answers, is_there
from analysis.reporting.checklists.conditions import Undecided, facts_about, holds
from analysis.reporting.checklists.documents import TITLE
from analysis.reporting.checklists.open_items import open_fields, open_text, status_counts
from analysis.reporting.checklists.score import band_of, metrics_score
from analysis.reporting.manuscript import FIELD
from analysis.reporting.sections.methods_reported import IMAGING, OUTCOME, PATIENTS
from analysis.results.record import Record, read_records
from analysis.study import Declarations, Study, StudyError, load_study
from analysis.study.checklists.items import (
    CHECKLISTS,
    facts_of,
    load_checklist,
    load_places,
    load_questions,
    reporting_fields,
)
from tests.conftest import ROOT
from tests.reporting.test_manuscript import placeholder_figures, rendered
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study

ITEMS = {name: load_checklist(name).items for name in CHECKLISTS}


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """kind → study and records of results that no analysis made."""
    found = {}
    for kind in (LIVER, SARCOMA):
        study = load_study(write_fake_study(kind, tmp_path_factory.mktemp(kind.name)))
        placeholder_figures(study.output_folder)
        found[kind] = (study, read_records(study.output_folder / "results.json"))
    return found


def with_reporting(study: Study, **answers) -> Study:
    """The study with other answers of people, checked as those of a file are."""
    return Study(
        **{**study.model_dump(exclude={"reporting"}), "path": study.path, "reporting": answers}
    )


def status(table: pd.DataFrame, checklist: str, item: str) -> pd.Series:
    rows = table[(table["checklist"] == checklist) & (table["id"] == item)]
    assert len(rows) == 1
    return rows.iloc[0]


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


@pytest.mark.parametrize(
    ("no", "absent", "expected"),
    [((), (), 100.0), ((27,), (), 92.51), ((4, 14, 22, 27, 28, 30), (9, 17), 82.1)],
)
def test_metrics_score_of_the_worked_examples(no, absent, expected):
    statuses = [
        "no" if number in no else "not applicable" if number in absent else "yes"
        for number in range(1, 31)
    ]
    items = pd.DataFrame({"status": statuses, "weight": [item.weight for item in ITEMS["metrics"]]})
    score = metrics_score(items)
    assert score.value == pytest.approx(expected, abs=0.05)
    assert score.open == 0
    assert score.at_most == score.value
    assert score.band == "excellent"


def test_metrics_score_with_open_items_and_none():
    items = pd.DataFrame(
        {"status": ["yes", "open", "no", "not applicable"], "weight": [0.2, 0.1, 0.1, 0.6]}
    )
    score = metrics_score(items)
    assert (score.value, score.at_most, score.open, score.band) == (
        pytest.approx(50),
        pytest.approx(75),
        1,
        "moderate",
    )
    assert metrics_score(items.iloc[3:]) is None
    assert [band_of(percent) for percent in (0, 19.9, 20, 40, 60, 79.9, 80, 100)] == [
        "very low",
        "very low",
        "low",
        "moderate",
        "good",
        "good",
        "excellent",
        "excellent",
    ]
    with pytest.raises(
        ValueError, match="unknown status maybe; allowed are yes, no, open, not applicable"
    ):
        metrics_score(items.assign(status="maybe"))


def test_conditions_of_metrics(studies):
    study, records = studies[LIVER]
    drop = {"9": "automated_segmentation"}
    table = checklist_answers(with_reporting(study), records)
    # Not said whether the outlines are automatic: the item counts, and says what would decide it.
    assert (status(table, "METRICS", "9")["status"], status(table, "METRICS", "9")["field"]) == (
        "open",
        "reporting.automated_segmentation",
    )
    for answer, expected in (("no", "not applicable"), ("yes", "open")):
        table = checklist_answers(
            with_reporting(study, **{drop["9"]: {"answer": answer, "text": "Because."}}), records
        )
        assert status(table, "METRICS", "9")["status"] == expected
    without = {
        section: study.model_copy(update={section: None})
        for section in ("radiomics", "deep_learning")
    }
    table = checklist_answers(without["radiomics"], records)
    assert status(table, "METRICS", "12")["status"] == "not applicable"
    assert (
        status(checklist_answers(without["deep_learning"], records), "METRICS", "17")["status"]
        == "not applicable"
    )
    clinical = study.model_copy(update={"radiomics": None, "deep_learning": None, "phases": {}})
    table = checklist_answers(clinical, records)
    images_only = table["checklist"].isin(["CLEAR", "CLAIM 2024", "METRICS"])
    assert set(table.loc[images_only, "status"]) == {"not applicable"}
    assert metrics_score(table[table["checklist"] == "METRICS"]) is None


def test_the_width_of_a_grey_level_has_its_unit(studies):
    study, records = studies[LIVER]
    extraction = study.radiomics.extraction
    answers = {}
    for name, changes in {
        "normalised": {"normalise": True, "bin_width": 25.0, "bin_count": None},
        "as stored": {"normalise": False, "bin_width": 25.0, "bin_count": None},
        "bins": {"normalise": True, "bin_width": None, "bin_count": 32},
    }.items():
        radiomics = study.radiomics.model_copy(
            update={"extraction": extraction.model_copy(update=changes)}
        )
        table = checklist_answers(study.model_copy(update={"radiomics": radiomics}), records)
        answers[name] = status(table, "CLEAR", "23")["text"]
    assert answers == {
        "normalised": "Bins 25 hundredths of the image's standard deviation wide.",
        "as stored": "Bins 25 units of the stored intensity wide.",
        "bins": "32 bins.",
    }


def test_answers_name_phases_variables_and_verdicts_in_words(studies, tmp_path):
    study, records = studies[LIVER]
    deep = study.deep_learning.model_copy(update={"reference_phase": "portal_venous"})
    named = Record("settings.reference_phase", "portal venous")
    clinical = study.clinical.model_copy(update={"log_transform": ["bilirubin", "other_name"]})
    (tmp_path / "tables").mkdir()
    pd.DataFrame({"variable": ["bilirubin"], "label": ["Total bilirubin"]}).to_csv(
        tmp_path / "tables" / "variables.csv", index=False
    )
    changed = study.model_copy(
        update={"deep_learning": deep, "clinical": clinical, "output": tmp_path}
    )
    assert changed.output_folder == tmp_path
    guards = [
        Record(f"guard.{name}", "pass") for name in ("outside_fold", "same_name", "same_values")
    ]
    table = checklist_answers(changed, {**records, **{one.key: one for one in [named, *guards]}})
    assert status(table, "CLEAR", "21")["text"].endswith("on the grid of the portal venous phase.")
    logarithms = "Logarithm of Total bilirubin; other name; other clinical variables as they are."
    assert logarithms in " ".join(table["text"])
    # Before an analysis there are no labels, and names are printed.
    bare = checklist_answers(study.model_copy(update={"clinical": clinical}), records)
    assert "Logarithm of bilirubin; other name; other" in " ".join(bare["text"])
    assert "(verdict: pass) or by equal values (verdict: pass)" in " ".join(table["text"])
    assert not table["text"].str.contains("(pass", regex=False).any()


def test_answers_of_people(studies):
    study, records = studies[LIVER]
    table = checklist_answers(
        with_reporting(
            study,
            clinical_context="Recurrence is common.",
            eligibility={"answer": "not applicable", "text": "Nobody was screened."},
            identification="confirmed",
            objectives={"text": "To see.", "place": "abstract"},
            overlap={"text": "Part of an earlier paper.", "place": "page 2, lines 3 to 8"},
            data_shared={"answer": False, "text": "The hospital does not allow it."},
            keywords="confirmed",
            **{"tripod_ai.12e": {"answer": "no", "text": "Only AUC."}},
        ),
        records,
    )
    assert [
        status(table, *each)["text"]
        for each in (("TRIPOD+AI", "3a"), ("CLEAR", "4"), ("CLAIM 2024", "3"))
    ] == ["Recurrence is common."] * 3
    assert status(table, "TRIPOD+AI", "6b")["status"] == "not applicable"
    # Only the tool's own conditions take an item out of its score.
    assert status(table, "METRICS", "2")["status"] == "no"
    assert (status(table, "TRIPOD+AI", "1")["status"], status(table, "TRIPOD+AI", "1")["text"]) == (
        "yes",
        f"“{records['study.title'].value}”.",
    )
    assert status(table, "TRIPOD+AI", "4")["places"] == '["abstract"]'
    assert status(table, "CLEAR", "14")["page"] == "page 2, lines 3 to 8"
    assert [
        status(table, *each)["status"]
        for each in (
            ("CLEAR", "53"),
            ("METRICS", "28"),
            ("TRIPOD+AI", "12e"),
            ("CLEAR", "3"),
            ("TRIPOD+AI", "27b"),
        )
    ] == ["no", "no", "no", "open", "open"]


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        (
            "clinical_contxt",
            "Words.",
            "no question or item has this name; did you mean clinical_context",
        ),
        ("tripod_ai.3d", "Words.", "did you mean tripod_ai.3"),
        ("keywords", "confirmed", "there is nothing to confirm"),
        ("keywords", "  ", "an answer needs a text"),
        (
            "keywords",
            {"text": "Liver.", "place": "abstrct"},
            "'abstrct' is no place of the documents; did you mean abstract",
        ),
        (
            "keywords",
            {"text": "Liver.", "place": "methods"},
            "did you mean patients or division or images or models or statistics?",
        ),
        (
            "keywords",
            {"text": "Liver.", "place": "banana"},
            "'banana' is no place of the documents; valid places are title, abstract, introduction",
        ),
        ("data_shared", "no", "a bare yes or no leaves out why"),
        (
            "data_shared",
            {"answer": "perhaps", "text": "Soon."},
            "must be yes, no or not applicable",
        ),
        (
            "identification",
            {"confirmed": True, "text": "Mine."},
            "confirmed takes the software's words",
        ),
    ],
)
def test_wrong_answers_are_named_with_their_line(tmp_path, field, answer, expected):
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    study = yaml.load((ROOT / "study.yml").read_text(encoding="utf-8"))
    study["reporting"] = {field: answer}
    with (tmp_path / "study.yml").open("w") as file:
        yaml.dump(study, file)
    lines = (tmp_path / "study.yml").read_text().splitlines()
    with pytest.raises(StudyError) as caught:
        load_study(tmp_path / "study.yml")
    place = next(
        number
        for number, line in enumerate(lines, start=1)
        if line.strip().strip("'").startswith(field)
    )
    faults = [line for line in str(caught.value).splitlines() if expected in line]
    assert faults, caught.value
    assert any(
        f"line {line}: reporting.{field}" in faults[0] for line in (place, place + 1, place + 2)
    ), caught.value


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
