"""The html page on paper: no heading ends a page, a table has its header on each of its pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from analysis.reporting.rendering import render
from tests.support.browser import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not here to print with")

SETTINGS = """project:
  render: [report/index.qmd]
  output-dir: _report
format:
  html: {embed-resources: true}
"""
# Of lengths that put headings at every height of a page.
SECTIONS = "\n\n".join(
    f"{'#' * (1 + number % 4)} Heading {number}\n\n" + "Word by word. " * (13 * (1 + number % 9))
    for number in range(90)
)
ROWS = "\n".join(f"| Row {number} | {number % 7} |" for number in range(120))
TABLE = f"""
::: {{#tbl-long}}

| Longestname | Value |
|:--|:--|
{ROWS}

Many rows.

:::
"""


def printed(folder: Path, text: str) -> list[list[str]]:
    """Lines of each page."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    (folder / "report").mkdir()
    (folder / "_quarto.yml").write_text(SETTINGS, encoding="utf-8")
    (folder / "report" / "index.qmd").write_text(f"---\ntitle: T\n---\n\n{text}\n", "utf-8")
    page = render(folder, ["html"], progress=False).paths[0]
    target = folder / "page.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={folder / 'profile'}"
    subprocess.run(
        [str(CHROMIUM), *options, profile, f"--print-to-pdf={target}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    document = pypdfium2.PdfDocument(target)
    found = []
    for each in document:
        lines = each.get_textpage().get_text_bounded().splitlines()
        found.append([line.strip() for line in lines if line.strip()])
    document.close()
    return found


@pytest.fixture(autouse=True)
def _preview(monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
    monkeypatch.setenv("EARLY_RECURRENCE_NO_DOWNLOAD", "1")
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", "tiny_study.yml")


def test_no_heading_ends_a_page(tmp_path):
    pages = printed(tmp_path, SECTIONS)
    assert len(pages) > 8
    assert [page[-1] for page in pages if re.fullmatch(r"Heading \d+", page[-1])] == []


def test_the_header_of_a_table_is_on_each_of_its_pages(tmp_path):
    pages = [page for page in printed(tmp_path, TABLE) if any("Row " in line for line in page)]
    assert len(pages) > 1
    assert all("Longestname" in " ".join(page) for page in pages)
