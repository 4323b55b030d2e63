"""Every tick of the checklists is at the place that it cites: the article or its supplement holds
there what the item rests on, and a section that is taken out takes its ticks along."""

import json

import pytest

from analysis.reporting.checklists.answers import checklist_answers
from analysis.reporting.checklists.author_texts import answers_basis, author_documents
from analysis.reporting.checklists.documents import KEY, Documents, read_documents
from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder.templates import for_kind, kind_of
from analysis.reporting.sections.open_places import MARKED
from analysis.reporting.tables import checklist_markdown
from analysis.results.curves import write_curves
from analysis.study import Study
from tests.conftest import ROOT
from tests.support.documents import rendered
from tests.support.fake_kinds import LIVER, SARCOMA
from tests.support.fake_results import write_fake_study
from tests.support.followed_ticks import follow, ticks
from tests.support.manuscript_pages import placeholder_figures


@pytest.fixture(scope="module")
def fakes(tmp_path_factory):
    """kind → results that no analysis made."""
    found = {}
    for kind in (LIVER, SARCOMA):
        path = write_fake_study(kind, tmp_path_factory.mktemp(kind.name))
        placeholder_figures(path.parent / "outputs")
        found[kind] = open_results(path)
    return found


def answered(study: Study, **answers) -> Study:
    return Study(
        **{**study.model_dump(exclude={"reporting"}), "path": study.path, "reporting": answers}
    )


def documents(results, change=lambda name, text: text) -> Documents:
    kind = kind_of(results.study)
    return read_documents(
        results,
        {
            name: change(name, for_kind(text, kind))
            for name, text in author_documents(results.study).items()
        },
    )


@pytest.mark.parametrize("kind", [LIVER, SARCOMA], ids=lambda kind: kind.name)
def test_each_tick_leads_to_what_it_rests_on(fakes, monkeypatch, capsys, kind):
    results = fakes[kind]
    texts = {
        name: rendered(results.study.path, monkeypatch, capsys, name)
        for name in ("index", "supplement")
    }
    assert follow(results, texts) > 20


@pytest.mark.parametrize(
    ("document", "section", "lost"),
    [
        (
            "index",
            "methods-division",
            {("TRIPOD+AI", "12a"), ("CLEAR", "15"), ("CLAIM 2024", "19")},
        ),
        ("index", "methods-imbalance", {("TRIPOD+AI", "13"), ("CLEAR", "30")}),
        ("supplement", "supplement-patients", {("TRIPOD+AI", "20c")}),
        ("index", "results-discrimination", {("CLAIM 2024", "37"), ("PROBAST+AI", "E4.1")}),
    ],
)
def test_a_section_taken_out_takes_its_ticks_along(fakes, document, section, lost):
    results = fakes[LIVER]
    line = f"{{{{< include _generated/{section}.md >}}}}"
    whole = documents(results)

    def without(name, text):
        assert name != document or line in text
        return text.replace(line, "") if name == document else text

    study, records = results.study, results.records
    before = checklist_answers(study, records, whole)
    after = checklist_answers(study, records, documents(results, without))
    assert lost <= ticks(before)
    assert not lost & ticks(after)
    assert ticks(after) < ticks(before)
    opened = after[[(row.checklist, row.id) in lost for row in after.itertuples()]]
    assert set(opened["field"]) <= {"report/index.qmd", "report/supplement.qmd"}
    assert opened["ask"].str.contains("does not show|have no").all()


def test_a_value_that_is_not_at_the_place_is_no_tick(fakes):
    """The number alone, without its key, is nothing that follows the results."""
    results = fakes[LIVER]
    line = "{{< include _generated/methods-division.md >}}"
    stated = documents(results, lambda _, text: text.replace(line, "132 trained, 33 validated."))
    by_key = documents(
        results,
        lambda _, text: text.replace(
            line,
            '`{python} r("split.words")` `{python} r("cohort.training.n")` trained,'
            ' `{python} r("cohort.validation.n")` validated,'
            ' `{python} r("settings.outer_folds")` and `{python} r("settings.inner_folds")` folds.',
        ),
    )
    study, records = results.study, results.records
    assert ("TRIPOD+AI", "12a") not in ticks(checklist_answers(study, records, stated))
    assert ("TRIPOD+AI", "12a") in ticks(checklist_answers(study, records, by_key))


def test_text_that_an_author_commented_out_or_shows_as_code_is_not_shown(fakes):
    results = fakes[LIVER]
    read = read_documents(
        results,
        {
            "index": '# A {#sec-a}\n\n<!-- `{python} r("cohort.n")` -->\n\n'
            '```{python}\nr("cohort.n")\n```\n\n# B {#sec-b}\n\n`{python} r("cohort.n:lower")`'
            ' `{python} __import__("os").getcwd()`\n\n## C {#sec-c}\n\n'
            '`{python} r("cohort.events.n")`\n\n# D\n\n`{python} r("cohort.unknown.n")`\n'
        },
    )
    assert not read.holds("index", "sec-a", "cohort.n")
    assert read.holds("index", "sec-b", "cohort.n")
    assert read.holds("index", "sec-b", "cohort.events.n")
    assert not read.holds("index", "sec-c", "cohort.n")
    assert not read.holds("index", "sec-b", "cohort.unknown.n")
    assert str(ROOT) not in read.texts["index"]


def test_an_answer_is_ticked_where_it_is_printed_or_its_place_is_named(fakes):
    results = fakes[LIVER]
    study = answered(
        results.study,
        eligibility="Resected tumours of at most 5 cm.",
        objectives={"text": "To develop a model.", "place": "abstract"},
        keywords="Liver.",
        overlap={"text": "Reported before.", "place": "page 2, lines 3 to 8"},
    )
    whole = open_results(study.path)
    read = documents(type(whole)(whole.records, study, whole.folder))
    table = checklist_answers(study, whole.records, read).set_index(["checklist", "id"])
    assert table.loc[("TRIPOD+AI", "6b"), "status"] == "yes"
    assert json.loads(table.loc[("TRIPOD+AI", "6b"), "places"]) == ["patients"]
    assert json.loads(table.loc[("TRIPOD+AI", "4"), "places"]) == ["abstract"]
    assert table.loc[("CLEAR", "14"), "page"] == "page 2, lines 3 to 8"
    # Nothing prints the keywords, and nobody said where they stand.
    assert tuple(table.loc[("CLEAR", "3"), ["status", "ask"]]) == (
        "open",
        "No document shows “Liver”.",
    )
    without = documents(
        type(whole)(whole.records, study, whole.folder),
        lambda _, text: text.replace("{{< include _generated/methods-setting.md >}}", ""),
    )
    table = checklist_answers(study, whole.records, without).set_index(["checklist", "id"])
    assert table.loc[("TRIPOD+AI", "6b"), "status"] == "open"


def test_keywords_of_the_title_tick_their_item(fakes):
    results = fakes[LIVER]
    words = results.study.manuscript.model_copy(update={"keywords": ["liver", "radiomics"]})
    study = results.study.model_copy(update={"manuscript": words})
    read = documents(type(results)(results.records, study, results.folder))
    row = (
        checklist_answers(study, results.records, read)
        .set_index(["checklist", "id"])
        .loc[("CLEAR", "3")]
    )
    assert (row["status"], row["text"]) == ("yes", "liver; radiomics")
    without = checklist_answers(results.study, results.records, documents(results))
    row = without.set_index(["checklist", "id"]).loc[("CLEAR", "3")]
    assert (row["status"], row["field"]) == ("open", "manuscript.keywords")


def test_an_open_item_links_to_the_mark_where_its_answer_is_missing(fakes):
    results = fakes[LIVER]
    study = answered(results.study)
    read = documents(type(results)(results.records, study, results.folder))
    table = checklist_answers(study, results.records, read)
    row = table[(table["checklist"] == "TRIPOD+AI") & (table["id"] == "6b")].iloc[0]
    assert (row["status"], row["field"], row["empty"]) == (
        "open",
        "reporting.eligibility",
        "index#authors-eligibility",
    )
    assert MARKED.findall(read.at("index", "authors-eligibility").replace("\\", ""))
    write_curves(results.folder, {"tables/checklists": table})
    page = checklist_markdown(results, "tripod_ai").data
    assert "`reporting.eligibility`; [its place](index.html#authors-eligibility) is empty." in page
    assert "For a reviewer to judge" in checklist_markdown(results, "probast_ai").data


def test_marks_of_keys_are_in_no_document(fakes):
    results = fakes[LIVER]
    assert not KEY.search(str(open_results(results.study.path).text("cohort.n")))


def test_the_basis_changes_with_a_document_and_with_the_study_file(tmp_path):
    path = write_fake_study(LIVER, tmp_path)
    study = open_results(path).study
    first = answers_basis(study)
    report = tmp_path / "manuscript" / "liver" / "report"
    report.mkdir(parents=True)
    for name, text in author_documents(study).items():
        (report / f"{name}.qmd").write_text(text, encoding="utf-8")
    assert answers_basis(study) == first
    (report / "index.qmd").write_text("# Mine\n", encoding="utf-8")
    assert (second := answers_basis(study)) != first
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert answers_basis(study) != second


def test_a_table_that_a_document_lays_out_itself_is_read(fakes):
    laid_out = '`{python} r.table_block("tbl-settings", settings_markdown(r), "Settings.")`'
    shown = read_documents(fakes[LIVER], {"supplement": laid_out})
    assert shown.holds("supplement", "tbl-settings", "setting.seed")
    other = '`{python} r.table_block("tbl-settings", open("study.yml"), "Settings.")`'
    assert not read_documents(fakes[LIVER], {"supplement": other}).at("supplement", "tbl-settings")
