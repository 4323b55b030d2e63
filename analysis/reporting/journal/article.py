"""A rendered article as its paragraphs by section, read from the Word file or the page.

Written by hand: python-docx and lxml are no libraries of this project, and what is wanted of either
file is one walk over its paragraphs.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
CAPTION = re.compile(r"^(Figure|Table)[\s\u00a0]S?\d+")
# Paragraphs of Word that are no text of a section; callouts are block texts.
BESIDE = ("Title", "Subtitle", "Author", "Date", "TableNote", "BlockText", "Bibliography")
CAPTIONS = ("ImageCaption", "TableCaption")
# Elements of a page that are none.
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
NO_TEXT = ("script", "style", "nav", "table", "button", "annotation", "svg", "aside")
NO_TEXT_CLASSES = (
    "callout",
    "byline",
    "table-note",
    "running-header",
    "references",
    "csl-bib-body",
)
BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption", "dt", "dd")


@dataclass(frozen=True)
class Paragraph:
    """Paragraph of an article, with the headings above it.

    section: heading of the first level above it, "" before the first; subsection: the nearest
    heading below that. lead: its first words where they are bold, without the sign after them.
    """

    section: str
    subsection: str
    text: str
    lead: str = ""

    @property
    def words(self) -> int:
        """As Word counts them: what stands between spaces."""
        return len(self.text.split())


@dataclass(frozen=True)
class Article:
    """Text of a rendered article.

    paragraphs: of the text, without tables, captions, notes and references; captions: of figures
    and tables, in order; title: as it stands above the text.
    """

    title: str
    paragraphs: list[Paragraph]
    captions: list[str]

    def of(self, section: str) -> list[Paragraph]:
        """Paragraphs below a heading of the first level, however it is spelt."""
        return [each for each in self.paragraphs if same_heading(each.section, section)]

    def floats(self, kind: str) -> list[str]:
        """Captions of that kind, Figure or Table."""
        return [each for each in self.captions if each.startswith(kind)]

    @property
    def sections(self) -> list[str]:
        """Headings of the first level that have text below them."""
        return [each for each in dict.fromkeys(p.section for p in self.paragraphs) if each]


def plain_heading(heading: str) -> str:
    """A heading without what journals write differently: case, ending, `&`."""
    words = heading.casefold().replace("&", "and").strip(" .:")
    return re.sub(r"s\b", "", re.sub(r"\s+", " ", words))


def same_heading(one: str, other: str) -> bool:
    """Whether two headings differ in case, in a plural or in `&` alone."""
    return plain_heading(one) == plain_heading(other)


class _Builder:
    """Takes headings and paragraphs in the order of the document, up to the references."""

    def __init__(self) -> None:
        self.title, self.section, self.subsection = "", "", ""
        self.paragraphs: list[Paragraph] = []
        self.captions: list[str] = []
        self.ended = False

    def heading(self, level: int, text: str) -> None:
        if level == 1:
            self.section, self.subsection = text, ""
            self.ended = self.ended or same_heading(text, "References")
        else:
            self.subsection = text

    def paragraph(self, text: str, lead: str) -> None:
        if text and self.section and not self.ended:
            lead = lead.strip().rstrip(".:").strip()
            self.paragraphs.append(Paragraph(self.section, self.subsection, text, lead))

    def caption(self, text: str) -> None:
        if CAPTION.match(text):
            self.captions.append(text)

    def article(self) -> Article:
        return Article(self.title, self.paragraphs, self.captions)


def _spaces(text: str) -> str:
    return " ".join(text.split())


def _runs(paragraph: ElementTree.Element) -> list[tuple[str, bool]]:
    """(text, whether bold) of each run."""
    found = []
    for run in paragraph.iter():
        if run.tag == f"{WORD}r":
            bold = run.find(f"{WORD}rPr/{WORD}b") is not None
            parts = (
                (part.text or "") if part.tag == f"{WORD}t" else " "
                for part in run
                if part.tag in (f"{WORD}t", f"{WORD}tab", f"{WORD}br")
            )
            found.append(("".join(parts), bold))
        elif run.tag == f"{MATH}t":
            found.append((run.text or "", False))
    return found


def _lead(runs: list[tuple[str, bool]]) -> str:
    lead = ""
    for text, bold in runs:
        if text.strip() and not bold:
            break
        lead += text
    return lead


def _style(paragraph: ElementTree.Element) -> str:
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    return "" if style is None else str(style.get(f"{WORD}val"))


def read_docx(path: Path) -> Article:
    """The article of a Word file that pandoc or Quarto wrote."""
    with zipfile.ZipFile(path) as file:
        document = ElementTree.fromstring(file.read("word/document.xml"))
    builder = _Builder()
    in_tables = {p for table in document.iter(f"{WORD}tbl") for p in table.iter(f"{WORD}p")}
    for paragraph in document.iter(f"{WORD}p"):
        style, runs = _style(paragraph), _runs(paragraph)
        text = _spaces("".join(part for part, _ in runs))
        if style == "Title":
            builder.title = text
        elif style in CAPTIONS:
            builder.caption(text)
        elif level := re.fullmatch(r"Heading(\d)", style):
            builder.heading(int(level[1]), text)
        elif style not in BESIDE and paragraph not in in_tables:
            builder.paragraph(text, _lead(runs))
    return builder.article()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = _Builder()
        # Open elements: name, and whether what is in them is text of a section.
        self.open: list[tuple[str, bool]] = []
        self.block, self.text, self.lead, self.leading = "", "", "", True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.text += " " if tag == "br" else ""
            return
        given = dict(attributes)
        classes = (given.get("class") or "").split()
        title = tag == "h1" and "title" in classes
        hidden = tag in NO_TEXT or any(
            each.split("-")[0] == "callout" or each in NO_TEXT_CLASSES for each in classes
        )
        hidden = hidden or given.get("id") in ("refs", "TOC") or tag == "head"
        if tag in BLOCKS:
            self.flush()
            self.block = "title" if title else tag
        self.open.append((tag, not hidden and (not self.open or self.open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.flush()
        while self.open:
            name, _ = self.open.pop()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        captioned = self.block in ("figcaption", "caption")
        if not captioned and (not self.open or not self.open[-1][1]):
            return
        if any(tag in ("script", "style") for tag, _ in self.open):
            return
        self.text += data
        if self.leading and any(tag in ("strong", "b") for tag, _ in self.open):
            self.lead += data
        elif data.strip():
            self.leading = False

    def flush(self) -> None:
        """The block that ends here."""
        block, text, lead = self.block, _spaces(self.text), self.lead
        self.block, self.text, self.lead, self.leading = "", "", "", True
        if block == "title":
            self.builder.title = text
        elif block in ("figcaption", "caption"):
            self.builder.caption(text)
        elif block[:1] == "h":
            self.builder.heading(int(block[1]), text)
        elif block in ("p", "li", "dt", "dd"):
            self.builder.paragraph(text, lead)


def read_html(path: Path) -> Article:
    """The article of a page that the preview or Quarto wrote."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8").partition("<body")[2].partition(">")[2])
    page.flush()
    return page.builder.article()


def read_article(paths: list[Path], stem: str = "index") -> Article | None:
    """The article among rendered files; None where neither Word nor page is there."""
    for suffix, read in ((".docx", read_docx), (".html", read_html)):
        for path in paths:
            if path.stem == stem and path.suffix == suffix and path.is_file():
                return read(path)
    return None
