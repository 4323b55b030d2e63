"""Running text, lists and tables of two documents as one, and the marks that pandoc leaves out."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pypandoc
import pytest

from analysis.workflow.redline.article import Article
from analysis.workflow.redline.blocks import Comparison
from analysis.workflow.redline.pairing import pairs
from analysis.workflow.redline.tables import Cell
from analysis.workflow.redline.tracking import Change, Tracking
from analysis.workflow.redline.word_marks import finished
from tests.support.tracked_changes import comments, text_of, tracked

DATE = "2024-05-06T00:00:00Z"
KEPT = "Patients were followed in two centres until the end of the study."
TABLE = """| Model | AUC |
|---|---|
| CR | [{cr}]{{.bound title="auc.cr.validation · made here"}} |
{row}| RCR | 0.9 |

: Areas.
"""


def tree(markdown: str) -> dict:
    return json.loads(pypandoc.convert_text(markdown, "json", format="markdown"))


def redlined(old: str, new: str, path: Path, explain=lambda change: change.key) -> Tracking:
    """Write the comparison of two Markdown texts to `path`."""
    articles = [Article(tree(text), set(), path.parent / "media", None) for text in (old, new)]
    tracking = Tracking(DATE, explain)
    comparison = Comparison(articles[0], articles[1], ("old", "new"), tracking)
    blocks = comparison.blocks(articles[0].tree["blocks"], articles[1].tree["blocks"])
    document = {**articles[1].tree, "blocks": blocks}
    pypandoc.convert_text(json.dumps(document), "docx", format="json", outputfile=str(path))
    path.write_bytes(finished(path.read_bytes(), DATE))
    return tracking


def plain(markdown: str, path: Path) -> str:
    """The same text as Word gives it back."""
    pypandoc.convert_text(markdown, "docx", format="markdown", outputfile=str(path))
    return text_of(path)


CASES = {
    "a number within bold text": ("**Of 165 patients**, 3 left.", "**Of 167 patients**, 3 left."),
    "words within a link": ("See [the old site](https://a.b).", "See [our site](https://a.b)."),
    "a paragraph that came": (KEPT, f"New words stand before it.\n\n{KEPT}"),
    "a paragraph that left": (
        f"{KEPT}\n\nIt is gone now.\n\nThe end, as ever.",
        f"{KEPT}\n\nThe end, as ever.",
    ),
    "a heading and its text that came": (KEPT, f"{KEPT}\n\n# Calibration\n\nIt was good here."),
    "an item that came": (
        "- one thing\n- two things",
        "- one thing\n- another matter\n- two things",
    ),
    "an item that left": (
        "- one thing\n- another matter\n- two things",
        "- one thing\n- two things",
    ),
    "a formula": ("The term $x^2$ is used.", "The term $x^3$ is used."),
    "a footnote": ("Words[^1] here.\n\n[^1]: A note.", "Words[^1] there.\n\n[^1]: A note."),
    "all words": ("Nothing of this stays here.", "Entirely different phrasing, now."),
    "a row that came": (
        TABLE.format(cr="0.8", row=""),
        TABLE.format(cr="0.7", row="| DLRCR | 0.85 |\n"),
    ),
    "a row that left": (
        TABLE.format(cr="0.8", row="| DLRCR | 0.85 |\n"),
        TABLE.format(cr="0.8", row=""),
    ),
}


@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES)
def test_accepted_and_rejected(old, new, tmp_path):
    made = tmp_path / "made.docx"
    redlined(old, new, made)
    assert text_of(made, "reject") == plain(old, tmp_path / "old.docx")
    assert text_of(made, "accept") == plain(new, tmp_path / "new.docx")


def test_numbers_are_changed_one_by_one_and_words_as_a_whole(tmp_path):
    made = tmp_path / "made.docx"
    tracking = redlined(
        "The AUC was 0.81 in 32 patients. The model was better than chance there.",
        "The AUC was 0.79 in 35 patients. The model was not shown to be better than chance there.",
        made,
    )
    assert tracked(made) == [
        ("del", "0.81"),
        ("ins", "0.79"),
        ("del", "32"),
        ("ins", "35"),
        ("ins", "not shown to be "),
    ]
    words = tracking.changes[-1]
    assert words.is_ == "The model was not shown to be better than chance there."
    assert words.was == "The model was better than chance there."


def test_a_key_is_said_in_a_comment_with_author_and_date(tmp_path):
    made = tmp_path / "made.docx"
    old, new = (TABLE.format(cr=value, row="") for value in ("0.8", "0.7"))
    tracking = redlined(f"# Results\n\n{old}", f"# Results\n\n{new}", made)
    assert tracking.changes == [
        Change(
            "Results",
            "auc.cr.validation",
            "0.8",
            "0.7",
            "0.8",
            "0.7",
            cell=Cell("CR, AUC", "0.8", "0.7"),
        )
    ]
    assert comments(made) == [("early-recurrence", DATE, "auc.cr.validation")]


def test_code_that_left_keeps_its_style(tmp_path):
    """Pandoc's reader gives no deleted code back; Word does."""
    made = tmp_path / "made.docx"
    redlined("```\na = 1\n```\n\nWords.", "Words.", made)
    assert tracked(made) == [("del", "a = 1")]
    with zipfile.ZipFile(made) as parts:
        body = parts.read("word/document.xml").decode()
    assert re.search(r'<w:pStyle w:val="SourceCode" ?/><w:rPr><w:del ', body)


def test_a_row_is_that_of_its_first_cell_and_one_that_moved_keeps_its_keys(tmp_path):
    head = "| Variable | Odds ratio | P |\n|---|---|---|\n"

    def row(name, ratio, p):
        key = f"odds_ratio.{name.lower()}"
        return f'| {name} (per unit) | [{ratio}]{{.bound title="{key} · made"}} | {p} |\n'

    old = head + row("AST", "1.00", ".055") + row("Creatinine", "1.01", ".065")
    new = head + row("Creatinine", "1.01", ".050") + row("AST", "1.02", ".025")
    made = tmp_path / "made.docx"
    tracking = redlined(old, new, made)
    marks = tracked(made)
    texts = [text for _, text in marks]
    assert texts.count("AST (per unit)") == 2 or texts.count("Creatinine (per unit)") == 2
    named = {key for change in tracking.changes for key in (change.key, *change.keys) if key}
    assert named & {"odds_ratio.ast", "odds_ratio.creatinine"}


def test_tables_of_other_columns_are_replaced_whole(tmp_path):
    made = tmp_path / "made.docx"
    redlined("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |", made)
    assert [kind for kind, _ in tracked(made)] == ["del"] * 4 + ["ins"] * 6


def test_pairs_go_by_words_and_kind():
    old = ["Para the first of 12 words", "Para a second text", "Header a second text"]
    new = ["Para the first of 13 words", "Header a second text", "Para something else"]
    assert pairs(old, new, str) == [
        (old[0], new[0]),
        (old[1], None),
        (old[2], new[1]),
        (None, new[2]),
    ]
