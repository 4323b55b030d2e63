"""A table of few but tall rows runs over pages in a PDF; a small one stays in one piece."""

import itertools

import pypdfium2 as pdfium
import pytest

from tests.support.numbered_pages import write_pages

WORDS = "performance status, bilirubin, albumin, ascites, number of tumours, invasion, " * 3


def table_of(rows: int, words: str) -> str:
    lines = "\n".join(f"| row{number}end | {words} |" for number in range(rows))
    return f"| a | b |\n|---|------|\n{lines}\n"


def pages_of(tmp_path, text: str) -> list[list[str]]:
    """Marks of rows on each page, from top to bottom; none above another."""
    path = write_pages(tmp_path, text, ("pdf",))[".pdf"]
    found = []
    with pdfium.PdfDocument(path) as document:
        for page in document:
            text_page = page.get_textpage()
            marks = []
            for number in range(40):
                box = text_page.search(f"row{number}end").get_next()
                if box is not None:
                    marks.append((-text_page.get_charbox(box[0])[1], f"row{number}end"))
            heights = [height for height, _ in sorted(marks)]
            # Rows are apart by at least a line.
            assert all(low - high > 5 for high, low in itertools.pairwise(heights))
            found.append([mark for _, mark in sorted(marks)])
    return found


@pytest.mark.parametrize("label", ["tbl-inputs", "tbl-first"])
def test_a_table_higher_than_a_page_is_divided(tmp_path, label):
    text = f"::: {{#{label}}}\n\n{table_of(24, WORDS * 4)}\nInputs of scores.\n\n:::\n"
    pages = pages_of(tmp_path, text)
    assert [mark for page in pages for mark in page] == [f"row{each}end" for each in range(24)]
    assert len([page for page in pages if page]) > 1


def test_a_small_table_stays_on_one_page(tmp_path):
    before = "A paragraph.\n\n" * 28
    text = f"{before}::: {{#tbl-small}}\n\n{table_of(12, 'one')}\nSmall.\n\n:::\n"
    pages = [page for page in pages_of(tmp_path, text) if page]
    assert pages == [[f"row{each}end" for each in range(12)]]
