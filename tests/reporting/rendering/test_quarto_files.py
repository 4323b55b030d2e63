"""What Quarto reads and what is made of its files: captions in the PDF, running headers, files
named in _quarto.yml."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pypandoc
import pytest
import typst
from ruamel.yaml import YAML

from analysis.reporting.manuscript_folder import project_of
from analysis.reporting.rendering.assets import subtitle, write_assets
from analysis.reporting.rendering.page import page_banner, page_head, typst_header
from analysis.reporting.rendering.word_header import with_running_header
from analysis.study import load_study
from analysis.workflow.new_study import new_study
from analysis.workflow.new_study.study_kinds import KINDS
from tests.conftest import ROOT, small_study
from tests.support.word_headings import WORD, _sections, assert_headed

WORDS = 'Synthetic & "made" <cohort>'


def pages_of(source: str, folder: Path) -> list[str]:
    """Text of each page of a Typst document."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not on the PATH: the PDF's text can't be read")
    (folder / "a.typ").write_text(source, encoding="utf-8")
    typst.compile(str(folder / "a.typ"), output=str(folder / "a.pdf"))
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "a.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [re.sub(r"\s+", " ", page) for page in text.split("\f")[:-1]]


def float_of(kind: str, caption: str, number: str = 'numbering: "1"') -> str:
    """A figure or table as Quarto writes it for Typst."""
    name = {"quarto-float-fig": "Figure", "quarto-float-tbl": "Table"}[kind]
    return (
        f"#figure([#table(columns: 2, [a], [b])], caption: figure.caption([{caption}]), kind:"
        f' "{kind}", supplement: "{name}", {number})\n'
    )


def test_captions_are_numbered_once_for_quarto_and_for_the_preview(tmp_path):
    quarto = typst_header() + "".join(
        float_of(kind, caption)
        for kind, caption in (
            ("quarto-float-fig", "A curve."),
            ("quarto-float-tbl", "Values."),
            ("quarto-float-fig", "A second curve."),
            ("quarto-float-tbl", "More values."),
        )
    )
    text = pages_of(quarto, tmp_path)[0]
    for words in (
        "Figure 1. A curve.",
        "Table 1. Values.",
        "Figure 2. A second curve.",
        "Table 2. More values.",
    ):
        assert text.count(words) == 1, text
    # Pandoc's own figures: the preview's filter has written the number.
    preview = (
        typst_header()
        + "#figure([x], caption: [#strong[Figure~1.] A curve.])\n#figure(table(columns: 1, [a]),"
        " caption: [#strong[Table~1.] Values.])\n"
    )
    text = pages_of(preview, tmp_path)[0]
    assert text.count("Figure 1.") == 1
    assert text.count("Table 1.") == 1
    assert "Figure 1. A curve." in text
    assert "Table 1. Values." in text
    # What has no number gets none.
    assert (
        pages_of(
            typst_header() + float_of("quarto-float-fig", "No number.", "numbering: none"), tmp_path
        )[0]
        .strip()
        .endswith("a b No number.")
    )


def test_the_running_header_is_on_every_page_of_the_pdf(tmp_path):
    document = "One. #pagebreak() Two. #pagebreak() Three.\n"
    pages = pages_of(typst_header(WORDS) + document, tmp_path)
    assert len(pages) == 3
    assert all(page.count(WORDS) == 1 for page in pages)
    assert [page.strip() for page in pages_of(typst_header(None) + document, tmp_path)] == [
        "One.",
        "Two.",
        "Three.",
    ]


def test_the_running_header_of_the_page_is_on_screen_and_on_paper():
    screen = page_banner(WORDS)
    assert html.unescape(re.sub(r"<[^>]+>", "", screen)).strip() == WORDS
    assert 'role="note"' in screen
    assert "<cohort>" not in screen
    paper = re.search(r"@page \{ @top-right \{ content: \"(.*?)\"; ", page_head(WORDS))[1]
    assert re.sub(r"\\([0-9a-f]+) ", lambda sign: chr(int(sign[1], 16)), paper) == WORDS
    assert page_banner(None) == ""
    assert "@top-right" not in page_head(None)


def test_word_has_the_running_header_in_its_reference_and_in_what_pandoc_makes_of_it(tmp_path):
    reference = with_running_header((ROOT / "report" / "reference.docx").read_bytes(), WORDS)
    assert_headed(reference, WORDS)
    assert reference == with_running_header(
        (ROOT / "report" / "reference.docx").read_bytes(), WORDS
    )
    assert list(_sections(reference)[1][-1].iter(f"{WORD}footerReference")), "the page numbers stay"
    (tmp_path / "reference.docx").write_bytes(reference)
    pypandoc.convert_text(
        "# One\n\nText.\n",
        "docx",
        format="markdown",
        outputfile=str(tmp_path / "a.docx"),
        extra_args=[f"--reference-doc={tmp_path / 'reference.docx'}"],
    )
    assert_headed((tmp_path / "a.docx").read_bytes(), WORDS)


def _with_body(document: bytes, section: str) -> bytes:
    """A Word file with other page settings."""
    result, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(document))
    with zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = re.sub(
                    r"<w:sectPr.*</w:sectPr>", section, content.decode(), flags=re.DOTALL
                ).encode()
            target.writestr(name, content)
    return result.getvalue()


@pytest.mark.parametrize(
    "section",
    [
        "<w:sectPr/>",
        (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:headerReference'
            ' w:type="first" r:id="rId1"></w:headerReference><w:titlePg/></w:sectPr>'
        ),
    ],
)
def test_a_header_of_the_reference_gives_way(section):
    assert_headed(
        with_running_header(
            _with_body((ROOT / "report" / "reference.docx").read_bytes(), section), WORDS
        ),
        WORDS,
    )


def test_what_is_no_word_file_is_refused():
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for content in (b"not a zip", empty.getvalue()):
        with pytest.raises(ValueError, match=r"can't be read \(.*save it again as \.docx"):
            with_running_header(content, WORDS)
    with pytest.raises(ValueError, match="no page settings; open it in Word"):
        with_running_header(
            _with_body((ROOT / "report" / "reference.docx").read_bytes(), ""), WORDS
        )


def named_files(project: Path) -> set[str]:
    """Files that _quarto.yml, report/_metadata.yml and _environment name."""
    settings = YAML(typ="safe").load((project / "_quarto.yml").read_text(encoding="utf-8"))
    page, header = settings["format"]["html"], settings["format"]["typst"]["include-in-header"]
    found = {
        *settings["project"]["render"],
        settings["bibliography"],
        *settings["filters"],
        *(file for files in page["theme"].values() for file in files),
        settings["format"]["docx"]["reference-doc"],
        header,
    }
    found |= {value for name, value in page.items() if name.startswith("include-")}
    metadata = YAML(typ="safe").load(
        (project / "report" / "_metadata.yml").read_text(encoding="utf-8")
    )
    found |= {f"report/{metadata['csl']}"} if "csl" in metadata else set()
    lines = [
        line.partition("=")
        for line in (project / "_environment").read_text().splitlines()
        if not line.startswith("#")
    ]
    folder = next(value for name, _, value in lines if name == "IPYTHONDIR")
    return found | {f"{folder}/profile_default/ipython_kernel_config.py"}


def assert_whole(project: Path) -> None:
    assert len(named_files(project)) >= 15
    assert [name for name in sorted(named_files(project)) if not (project / name).is_file()] == []


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_new_study_has_every_file_that_its_settings_name(kind, tmp_path):
    new_study(tmp_path / "mine", kind)
    study = load_study(tmp_path / "mine" / "study.yml")
    assert project_of(study) == study.root
    write_assets(study, study.root)
    assert_whole(study.root)
    assert subtitle(study) is None
    report = study.root / "report"
    for name in ("_metadata.yml", "_style/banner.html", "_style/article.typ"):
        assert "ynthetic" not in (report / name).read_text(encoding="utf-8")
    assert (report / "_style" / "reference.docx").read_bytes() == (
        report / "reference.docx"
    ).read_bytes()
    assert not [path for path in study.root.rglob("*") if path.is_symlink()]
    # Again nothing is written: `quarto preview` renders whenever a file changes.
    before = {path: path.stat().st_mtime_ns for path in report.rglob("*")}
    write_assets(study, study.root)
    assert before == {path: path.stat().st_mtime_ns for path in report.rglob("*")}


def test_a_study_without_a_manuscript_beside_it_gets_one_of_its_own(tmp_path):
    study = load_study(small_study(tmp_path))
    project = project_of(study)
    assert project == study.root / "manuscript" / "small"
    write_assets(study, project)
    assert_whole(project)
    assert subtitle(study) in (project / "report" / "_metadata.yml").read_text()
    assert_headed((project / "report" / "_style" / "reference.docx").read_bytes(), subtitle(study))
