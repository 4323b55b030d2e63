"""`early-recurrence numbers`: what co-authors did to the numerals of a Word file."""

from __future__ import annotations

import csv
import re

import pytest

from analysis.cli import main
from analysis.reporting.manuscript_folder import project_of
from analysis.study import load_study
from tests.support.numbered_pages import (
    article,
    edit_word,
    made_results,
    paragraph,
    tracked,
    write_pages,
    write_results,
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study whose article was rendered as Word."""
    path = write_results(tmp_path_factory.mktemp("study"))
    results = made_results(path.parent)
    folder = project_of(load_study(path)) / "_report" / "report"
    write_pages(folder, article(results), ("docx",))
    return path


@pytest.fixture
def listed(study, tmp_path, capsys):
    """Edits the rendered Word file, runs the command; gives status, rows of the CSV and text."""
    rendered = project_of(load_study(study)) / "_report" / "report" / "index.docx"

    def run(change, *options):
        file = edit_word(rendered, tmp_path / "from_co_author.docx", change)
        table = tmp_path / "numbers.csv"
        arguments = ["numbers", str(file), "--study", str(study), "--csv", str(table), *options]
        status = main(arguments)
        with table.open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        return status, rows, capsys.readouterr().out

    return run


def _not_right(rows):
    return [
        (each["state"], each["was"], each["is"], each["bound_to"])
        for each in rows
        if each["state"] != "right"
    ]


def _replaced(old, new):
    def change(xml):
        assert xml.count(old) == 1, f"{old} stands {xml.count(old)} times"
        return xml.replace(old, new)

    return change


def test_a_file_that_nobody_edited_is_right(listed):
    status, rows, said = listed(lambda xml: xml)
    assert (status, _not_right(rows)) == (0, [])
    by_key = [each["was"] for each in rows if each["bound_to"] == "auc.cr.validation"]
    assert by_key == ["0.872", "95%", "0.686", "0.951", ".004"]
    assert said.splitlines()[0] == f"{len(rows)} right, 0 changed, 0 unknown, 0 gone"


def test_an_edited_number_is_changed(listed):
    status, rows, said = listed(_replaced(">177<", ">178<"))
    assert status == 1
    assert _not_right(rows) == [("changed", "178", "177", "cohort.n")]
    assert "changed: 178 in the file, 177 in the article (cohort.n)\n    Of «178» patients" in said


def test_part_of_an_interval_is_changed(listed):
    status, rows, _ = listed(_replaced("0.686–0.951", "0.686–0.950"))
    assert status == 1
    assert _not_right(rows) == [("changed", "0.950", "0.951", "auc.cr.validation")]


def test_an_edited_cell_of_a_generated_table_is_changed(listed):
    status, rows, _ = listed(_replaced(">132<", ">131<"))
    assert status == 1
    assert _not_right(rows) == [("changed", "131", "132", "a generated table")]


def test_a_new_sentence_with_a_number_is_unknown(listed):
    new = paragraph("Perioperative mortality was 12% in our centre.")
    status, rows, said = listed(lambda xml: xml.replace("<w:sectPr", f"{new}<w:sectPr", 1))
    assert status == 1
    assert _not_right(rows) == [("unknown", "12%", "", "")]
    assert "Perioperative mortality was «12%» in our centre." in said


def test_a_sentence_that_was_taken_out_is_gone_and_no_fault(listed):
    def change(xml):
        whole = [each for each in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL) if ">177<" in each]
        assert len(whole) == 1
        return xml.replace(whole[0], "")

    status, rows, _ = listed(change)
    assert status == 0
    gone = [each["is"] for each in rows if each["state"] == "gone"]
    assert gone == ["177", "33", "95%", "2022", "0.872", "95%", "0.686", "0.951", ".004"]


def test_tracked_changes_are_accepted_or_rejected(listed):
    def change(xml):
        return tracked(xml, "177", "180")

    status, rows, _ = listed(change)
    assert (status, _not_right(rows)) == (1, [("changed", "180", "177", "cohort.n")])
    status, rows, _ = listed(change, "--track", "reject")
    assert (status, _not_right(rows)) == (0, [])


def test_a_paragraph_that_was_moved_keeps_its_numbers(listed):
    def change(xml):
        whole = next(e for e in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL) if ">177<" in e)
        return xml.replace(whole, "").replace("<w:sectPr", f"{whole}<w:sectPr", 1)

    status, rows, _ = listed(change)
    assert (status, _not_right(rows)) == (0, [])


def test_without_bookmarks_a_number_is_known_by_its_words(listed):
    def change(xml):
        bare = re.sub(r"<w:bookmark(?:Start|End)[^>]*/>", "", xml)
        return bare.replace("0.872 (", "0.871 (", 1)

    status, rows, _ = listed(change)
    assert status == 1
    assert _not_right(rows) == [("changed", "0.871", "0.872", "auc.cr.validation")]


def test_a_file_of_earlier_results_is_changed_by_key(listed, study, tmp_path):
    folder = project_of(load_study(study)) / "_report" / "report"
    earlier = (folder / "index.docx").read_bytes()
    try:
        moved = made_results(study.parent, area=0.9)
        write_pages(folder, article(moved), ("docx",))
        (tmp_path / "sent.docx").write_bytes(earlier)
        status = main(["numbers", str(tmp_path / "sent.docx"), "--study", str(study), "--csv",
                       str(tmp_path / "n.csv")])  # fmt: skip
        with (tmp_path / "n.csv").open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
    finally:
        write_results(study.parent)
        (folder / "index.docx").write_bytes(earlier)
    assert status == 1
    assert _not_right(rows) == [("changed", "0.872", "0.900", "auc.cr.validation")]


def test_what_is_no_word_file_is_refused(study, tmp_path, capsys):
    (tmp_path / "no.docx").write_text("text")
    assert main(["numbers", str(tmp_path / "no.docx"), "--study", str(study)]) == 2
    assert "no.docx is no Word document (.docx)" in capsys.readouterr().err
    assert main(["numbers", str(tmp_path / "none.docx"), "--study", str(study)]) == 2
    assert "none.docx is not there" in capsys.readouterr().err


def test_an_article_that_was_never_rendered_is_asked_for(study, tmp_path, capsys):
    """Of a file that is a Word document; of any other that is said first, as rendering the article
    would not mend it."""
    rendered = project_of(load_study(study)) / "_report" / "report" / "index.docx"
    new = write_results(tmp_path)
    (tmp_path / "file.docx").write_bytes(rendered.read_bytes())
    assert main(["numbers", str(tmp_path / "file.docx"), "--study", str(new)]) == 2
    assert "`early-recurrence render --format docx` makes the document" in capsys.readouterr().err
    (tmp_path / "file.docx").write_bytes(b"")
    assert main(["numbers", str(tmp_path / "file.docx"), "--study", str(new)]) == 2
    said = capsys.readouterr().err
    assert "file.docx is no Word document (.docx)" in said
    assert "render" not in said
