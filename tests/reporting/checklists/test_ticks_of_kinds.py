"""Each tick of a small study of each kind, followed to the place that it cites."""

import json

import pytest

from analysis.reporting.checklists.open_items import status_counts
from analysis.reporting.checklists.records import shown_answers
from analysis.reporting.manuscript import open_results
from analysis.workflow.run import bring_checklists_up_to_date, is_current
from tests.support.documents import rendered
from tests.support.followed_ticks import follow, ticks
from tests.support.quarto_projects import computed_study

pytestmark = pytest.mark.whole
# What each kind can answer by itself, images aside: a tick of a study that has no such part is one
# too many.
ONLY_WITH = {
    "images": set(),
    "features": {("TRIPOD+AI", "20c"), ("TRIPOD+AI", "22"), ("TRIPOD+AI", "9b")},
    "clinical": {("TRIPOD+AI", "20c"), ("TRIPOD+AI", "22"), ("TRIPOD+AI", "9b")},
    "predictions": {("TRIPOD+AI", "12g"), ("TRIPOD+AI", "13"), ("PROBAST+AI", "E4.4")},
}


@pytest.fixture(scope="module", params=["predictions", "clinical", "features", "images"])
def kind_and_study(request, tmp_path_factory):
    if request.param == "images":
        return request.param, request.getfixturevalue("whole_study")
    return request.param, computed_study(request.param, tmp_path_factory.mktemp(request.param))


def test_each_tick_of_each_kind_leads_to_what_it_rests_on(kind_and_study, monkeypatch, capsys):
    kind, study = kind_and_study
    results = open_results(study.path)
    texts = {
        name: rendered(study.path, monkeypatch, capsys, name, kind)
        for name in ("index", "supplement")
    }
    assert follow(results, texts) > 5
    table = shown_answers(study, results.records)
    assert ticks(table) >= ONLY_WITH[kind]
    stored = results.frame("tables/checklists")
    assert (stored["status"] == table["status"]).all()
    counts = status_counts(table)
    assert results.record("checklist.tripod_ai.yes.n").value == counts.loc["TRIPOD+AI", "yes"]


def test_a_document_that_loses_a_section_loses_its_ticks_at_the_next_render(kind_and_study):
    kind, study = kind_and_study
    if kind != "predictions":
        pytest.skip("one kind is enough: the others rest on the same step")
    index = study.root / "report" / "index.qmd"
    text, line = (
        index.read_text(encoding="utf-8"),
        "{{< include _generated/methods-imbalance.md >}}",
    )
    assert line in text
    before = ticks(open_results(study.path).frame("tables/checklists"))
    index.write_text(text.replace(line, ""), encoding="utf-8")
    bring_checklists_up_to_date(study)
    results = open_results(study.path)
    after = results.frame("tables/checklists")
    assert before - ticks(after) >= {("TRIPOD+AI", "13"), ("PROBAST+AI", "E4.4")}
    opened = after[(after["checklist"] == "TRIPOD+AI") & (after["id"] == "13")].iloc[0]
    assert (opened["status"], opened["field"]) == ("open", "report/index.qmd")
    assert results.record("checklist.tripod_ai.yes.n").value == sum(
        name == "TRIPOD+AI" for name, _ in ticks(after)
    )
    assert is_current(study)
    index.write_text(text, encoding="utf-8")
    bring_checklists_up_to_date(study)
    assert ticks(open_results(study.path).frame("tables/checklists")) == before
    assert json.loads(opened["places"]) == []
