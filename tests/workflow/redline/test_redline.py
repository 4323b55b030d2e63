"""The article with tracked changes: all accepted it is the new article, all rejected the old one,
and each change says what moved it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.reporting.manuscript_folder import project_of
from analysis.workflow.cohort_update.lock import Lock, LockError, read_lock, write_lock
from analysis.workflow.cohort_update.locked_tables import tables_of
from analysis.workflow.cohort_update.snapshot import read_snapshot
from analysis.workflow.redline.redline import Redline, redline
from analysis.workflow.redline.states import RedlineError
from tests.support.author_files import author_files
from tests.support.command_line import command
from tests.support.tracked_changes import comments, text_of, tracked
from tests.support.two_states import TwoStates, two_states

pytestmark = pytest.mark.usefixtures("no_kernels")

OWN = (
    "\nMy own words, of which none moves: "
    '`{python} r("cohort.n")` patients, `{python} r("auc.dlrcr.validation")`.\n'
)
WHY = (
    "patients: 2 patients came (2 training); fields: values changed in ast (1 patient); settings:"
    " statistics of the study file; code: aaaaaaa → bbbbbbb"
)


@dataclass(frozen=True)
class Made:
    states: TwoStates
    done: Redline
    folder: Path
    untouched: tuple[dict[Path, bytes], dict[Path, bytes]]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    states = two_states(tmp_path_factory.mktemp("redline"))
    article = project_of(states.study) / "report" / "index.qmd"
    article.write_text(article.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    before, folder = author_files(article.parents[1]), states.study.root / "out"
    done = redline(states.study, states.old, states.new, folder)
    return Made(states, done, folder, (before, author_files(article.parents[1])))


def rendered(states: TwoStates, results: Path, monkeypatch) -> str:
    """The article by `early-recurrence render` from these results."""
    project, output = project_of(states.study), states.new
    settings = project / "_quarto.yml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if re.search(r"- report/(?!index)", line)]
    settings.write_text("\n".join(line for line in lines if line not in others) + "\n")
    kept = output.with_name("kept")
    output.rename(kept)
    shutil.copytree(kept if results == output else results, output)
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "none")
    try:
        assert command("render", "--format", "docx", "--study", states.study.path) == 0
    finally:
        shutil.rmtree(output)
        kept.rename(output)
        settings.write_text("\n".join(lines) + "\n")
    text = text_of(project / "_report" / "report" / "index.docx")
    notice, _, article = text.partition("the layout is simpler.\n")
    assert notice.startswith("> **Preview rendering**")
    return article.lstrip(">\n")


@pytest.mark.parametrize(("changes", "results"), [("accept", "new"), ("reject", "old")])
def test_accepted_it_is_the_new_article_and_rejected_the_old(made, changes, results, monkeypatch):
    article = rendered(made.states, getattr(made.states, results), monkeypatch)
    assert len(article) > 20_000
    assert text_of(made.folder / "index.docx", changes).lstrip(">\n") == article


def test_the_authors_words_stay_and_their_values_are_marked(made):
    assert made.untouched[0] == made.untouched[1]
    assert len(made.untouched[0]) > 5
    accepted, rejected = (
        text_of(made.folder / "index.docx", each) for each in ("accept", "reject")
    )
    assert "My own words, of which none moves: 179 patients, 0.550." in accepted
    assert re.search(r"My own words, of which none moves: 177 patients, 0\.\d{3}\.", rejected)


def test_a_changed_number_is_a_deletion_and_an_insertion_with_what_moved_it(made):
    changes = tracked(made.folder / "index.docx")
    place = changes.index(("del", "177"))
    assert changes[place + 1] == ("ins", "179")
    said = comments(made.folder / "index.docx")
    assert {(author, len(date)) for author, date, _ in said} == {("early-recurrence", 20)}
    assert f"cohort.n (Patients studied): was 177, is 179. Why: {WHY} (together" in said[0][2]
    assert any(
        "settings.seed (Seed of all random numbers): was 1, is 7." in each[2] for each in said
    )
    assert any(each[2].startswith("The picture was redrawn") for each in said)
    assert sum(each[2].startswith("The picture") for each in said) == 1


def test_every_tracked_change_has_a_number_of_its_own(made):
    with zipfile.ZipFile(made.folder / "index.docx") as parts:
        body = parts.read("word/document.xml").decode()
    numbers = re.findall(r'<w:(?:ins|del) w:id="(\d+)"', body)
    assert len(numbers) == len(set(numbers)) > 50
    rows = re.findall(r"<w:tr[ >].*?</w:tr>", body, re.DOTALL)
    assert rows
    assert all("<w:cantSplit/>" in row for row in rows)


def test_a_claim_that_turned_and_a_score_that_came_are_said(made):
    said = [each[2] for each in comments(made.folder / "index.docx")]
    assert any(
        each.startswith("Claim outperforms.cr, which held and does not hold now") for each in said
    )
    assert any("only in the new state" in each for each in said)
    changes = tracked(made.folder / "index.docx")
    assert any(kind == "del" and "outperformed" in text for kind, text in changes)
    assert any(kind == "ins" and "did not differ significantly" in text for kind, text in changes)
    assert ("ins", "ALBI") in changes


def test_the_table_for_the_response_letter_has_the_most_important_first(made):
    with (made.folder / "response.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Both claims of the key points turned.
    turned = [row["Result"] for row in rows[:2]]
    assert "Claim outperforms.cr, which held and does not hold now" in turned
    assert all(result.endswith("which held and does not hold now") for result in turned)
    row = next(row for row in rows if row["Result"] == "Patients studied (cohort.n)")
    assert (row["Was"], row["Is"]) == ("177", "179")
    assert row["Place in the article"].startswith("Abstract; ")
    assert WHY in row["Why"]
    area = next(row for row in rows if "(auc.dlrcr.validation)" in row["Result"])
    assert area["Is"] == "0.550 (0.450–0.630)"
    assert area["Why"].startswith("n 33 → 35; patients: 2")
    assert rows.index(area) < rows.index(
        next(row for row in rows if "(settings.seed)" in row["Result"])
    )
    text = text_of(made.folder / "response.docx")
    assert "Patients studied (cohort.n)" in text
    assert "As above" in text


def lock_of(folder: Path, study: str, path: Path, *, tables: bool = True) -> Path:
    """A lock of a folder of results, as `early-recurrence lock` writes it.

    Without tables it is as before version 0.2.
    """
    found = read_snapshot(folder)
    lock = Lock(
        {"name": study, "sections": found.sections},
        found.origin,
        {},
        {},
        found.results,
        found.patients or {},
        list(found.claims.values()),
        {},
        "2024-05-06",
        tables_of(folder) if tables else {},
    )
    return write_lock(path, lock)


def test_a_lock_has_its_date_and_what_it_does_not_hold_is_named(made, tmp_path):
    lock = lock_of(made.states.old, "liver", tmp_path / "old.lock.json", tables=False)
    done = redline(made.states.study, lock, made.states.new, tmp_path / "out")
    assert "(2024-05-06)" in done.message
    assert f"Not compared, as {lock} holds no record of them: Figure 1 (" in done.message
    assert "; Table 1 (Baseline characteristics of patients" in done.message
    said = [each[2] for each in comments(tmp_path / "out" / "index.docx")]
    assert f"Not compared: {lock} holds no record of this table." in " ".join(said)
    with (tmp_path / "out" / "response.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["Result"].startswith("Baseline"))
    assert row["Place in the article"] == "Table 1"
    assert (row["Was"], row["Is"]) == ("–", "–")
    assert row["Why"].startswith(f"Not compared: {lock} holds no record of this table.")
    assert "folder of results" in row["Why"]
    assert ("del", "177") in tracked(tmp_path / "out" / "index.docx")
    back = redline(made.states.study, made.states.new, lock, tmp_path / "back")
    dates = {each[1] for each in comments(tmp_path / "back" / "index.docx")}
    assert dates == {"2024-05-06T00:00:00Z"}
    assert back.paths


def test_two_locks_show_changed_cells_that_have_no_key(made, tmp_path):
    """Of Table 1, with its row and column; also where no number with a key moved."""
    before = tmp_path / "before"
    shutil.copytree(made.states.new, before)
    table = before / "tables" / "baseline.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    place = next(i for i, line in enumerate(lines) if "median [IQR]" in line)
    first = re.search(r"\d+ \[[^]]*\]", lines[place])[0]
    lines[place] = lines[place].replace(first, "99 [88, 111]", 1)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    old = lock_of(before, "liver", tmp_path / "old.lock.json")
    new = lock_of(made.states.new, "liver", tmp_path / "new.lock.json")
    assert read_lock(old).tables["baseline"] == [*lines, ""]
    done = redline(made.states.study, old, new, tmp_path / "out")
    assert "0 numbers moved" in done.message
    assert "In the article 3 changes are marked." in done.message
    assert "Table 1" not in done.message
    changes = tracked(tmp_path / "out" / "index.docx")
    assert [kind for kind, text in changes if "99" in text] == ["del"]
    with (tmp_path / "out" / "response.csv").open(encoding="utf-8", newline="") as file:
        row, following = list(csv.DictReader(file))[:2]
    assert row["Place in the article"] == "Table 1"
    assert row["Result"].startswith("AST, U/L, median [IQR], ")
    assert "Training (n" in row["Result"]
    assert (row["Was"], row["Is"]) == ("99 [88, 111]", "35 [26, 50]")
    assert following["Why"].startswith("Not compared: ")


def test_locks_without_tables_say_that_they_were_not_compared(made, tmp_path):
    without = lock_of(made.states.new, "liver", tmp_path / "old.lock.json", tables=False)
    new = lock_of(made.states.new, "liver", tmp_path / "new.lock.json")
    done = redline(made.states.study, without, new, tmp_path / "out")
    assert not done.paths
    assert f"are not compared: {without} holds no record of them" in done.message


def test_two_equal_states_say_so_and_write_nothing(made, tmp_path, capsys):
    states = made.states
    words = ("redline", states.old, states.old, "--study", states.study.path)
    assert command(*words, "--output", tmp_path / "out") == 0
    assert capsys.readouterr().out == "Nothing changed: the two states have the same results.\n"
    assert not (tmp_path / "out").exists()


def test_what_is_no_state_of_this_study_is_refused_in_words(made, tmp_path, capsys):
    states = made.states
    text = tmp_path / "text.json"
    text.write_text("no lock")
    nothing = tmp_path / "empty"
    nothing.mkdir()
    damaged = tmp_path / "damaged.lock.json"
    damaged.write_text(json.dumps({"format": 2}))
    other = lock_of(states.old, "sarcoma", tmp_path / "other.lock.json")
    for old, error, words in (
        (text, RedlineError, "neither a lock nor a results.json"),
        (tmp_path / "gone", RedlineError, "is not there"),
        (nothing, RedlineError, "no results.json"),
        (damaged, LockError, "is no lock, or it was damaged"),
        (other, RedlineError, "is of the study 'sarcoma'"),
    ):
        with pytest.raises(error, match=re.escape(words)):
            redline(states.study, old, states.new, tmp_path / "out")
    assert command("redline", text, states.new, "--study", states.study.path) == 2
    assert "neither a lock" in capsys.readouterr().err
    with pytest.raises(RedlineError, match="no document 'letter'; it has checklists, index"):
        redline(states.study, states.old, states.new, tmp_path / "out", "letter")
    assert not (tmp_path / "out").exists()


def test_an_article_that_a_state_cannot_give_is_refused_with_its_reason(made, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(made.states.old, broken)
    rows = json.loads((broken / "results.json").read_text())
    kept = [row for row in rows if row["key"] != "models.headline"]
    (broken / "results.json").write_text(json.dumps(kept))
    with pytest.raises(RedlineError, match="can't be written from this state: .*models.headline"):
        redline(made.states.study, broken, made.states.new, tmp_path / "out")
    assert not list(made.states.study.root.rglob(".redline-*"))
