"""Each journal's citations and references in every format, from the study file on."""

from __future__ import annotations

import re
import shutil
import zipfile

import pypandoc
import pytest

from analysis.reporting.rendering import render
from analysis.reporting.rendering.assets import KNOWN_STYLES, document_metadata, write_assets
from analysis.reporting.rendering.page import STYLE
from analysis.study.journals import journals
from tests.support.authored_study import authored

SETTINGS = """project:
  render: [report/index.qmd]
  output-dir: _report
bibliography: report/references.bib
format:
  html: {embed-resources: true}
  docx: default
  typst: {papersize: a4, citeproc: true}
  jats: default
"""
DOCUMENT = "---\ntitle: T\n---\n\nCited [@one; @two; @three] and [@one; @three].\n\n# References\n"
AUTHORS = " and ".join(f"{name}, {name[0]}." for name in "Abel Berg Cole Dahl Ek Fink Gray".split())
BIB = f"""
@article{{one, author={{{AUTHORS}}}, title={{Seven authors}}, journal={{J Med}}, year={{2020}},
  volume={{3}}, number={{4}}, pages={{100--109}}, doi={{10.1/one}}}}
@article{{two, author={{Dahl, D.}}, title={{Two}}, journal={{J Med}}, year={{2021}}, volume={{4}},
  pages={{5}}}}
@article{{three, author={{Ek, E.}}, title={{Three}}, journal={{J Med}}, year={{2022}},
  volume={{5}}, pages={{6}}}}
"""
# Journal → its citation of three in a row, of two that are none, and its first reference.
FORMS = {
    "radiology": (
        "(1–3) and (1,3)",
        "Abel A, Berg B, Cole C, et al. Seven authors. J Med 2020;3(4):100–109. doi: 10.1/one",
    ),
    "eur-radiol": (
        "[1–3] and [1, 3]",
        "Abel A, Berg B, Cole C et al (2020) Seven authors. J Med 3:100–109."
        " https://doi.org/10.1/one",
    ),
    "insights": (
        "[1–3] and [1, 3]",
        "Abel A, Berg B, Cole C et al (2020) Seven authors. J Med 3:100–109."
        " https://doi.org/10.1/one",
    ),
    "front-oncol": (
        "(1–3) and (1, 3)",
        "Abel A, Berg B, Cole C, Dahl D, Ek E, Fink F, et al. Seven authors. J Med (2020)"
        " 3:100–109. doi: 10.1/one",
    ),
}
FORMATS = ["html", "docx", "pdf", "jats"]


def project_for(folder, **manuscript):
    """Project of a document that cites, with what the study file asks."""
    study = authored(folder / "study", **manuscript)
    project = folder / "project"
    (project / "report").mkdir(parents=True)
    (project / "_quarto.yml").write_text(SETTINGS, encoding="utf-8")
    (project / "report" / "index.qmd").write_text(DOCUMENT, encoding="utf-8")
    (project / "report" / "references.bib").write_text(BIB, encoding="utf-8")
    write_assets(study, project)
    return project


def text_of(path) -> str:
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            body = parts.read("word/document.xml").decode()
        text = re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", " ", body))
    elif path.suffix == ".pdf":
        document = pytest.importorskip("pypdfium2").PdfDocument(path)
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
        document.close()
    else:
        source = path.read_text(encoding="utf-8")
        text = re.sub(r"<[^>]+>", "", re.sub(r"<(style|script).*?</\1>", "", source, flags=re.S))
    return re.sub(r"\s+", " ", text)


def assert_form(paths, journal: str) -> None:
    cited, reference = FORMS[journal]
    for path in paths:
        text = text_of(path)
        assert f"Cited {cited}." in text, (path.suffix, text[:300])
        if path.suffix != ".xml":  # JATS has the parts of a reference, and no form of it
            assert reference in text.replace(" https", " https"), (path.suffix, text[-900:])


def test_every_journal_has_a_form_that_is_tested():
    assert set(FORMS) == set(journals())
    for journal in journals().values():
        assert (STYLE / f"{journal.citations}.csl").is_file()


@pytest.mark.parametrize("journal", sorted(FORMS))
@pytest.mark.usefixtures("no_kernels")
def test_the_preview_cites_as_the_journal_does(journal, tmp_path, monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
    monkeypatch.setenv("EARLY_RECURRENCE_NO_DOWNLOAD", "1")
    project = project_for(tmp_path, journal=journal)
    assert_form(render(project, FORMATS, progress=False).paths, journal)


@pytest.mark.quarto
@pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on the PATH")
@pytest.mark.parametrize("journal", ["radiology", "eur-radiol"])
def test_quarto_cites_as_the_journal_does(journal, tmp_path, monkeypatch):
    monkeypatch.delenv("EARLY_RECURRENCE_QUARTO", raising=False)
    project = project_for(tmp_path, journal=journal)
    done = render(project, FORMATS, progress=False)
    assert done.renderer == "quarto", done.refused
    assert_form(done.paths, journal)


def test_the_study_files_own_style_comes_before_the_journals(tmp_path):
    study = authored(tmp_path / "a", journal="radiology", citations="springer")
    assert 'csl: "_style/springer.csl"' in document_metadata(study, tmp_path)
    study = authored(tmp_path / "b", journal="radiology")
    assert 'csl: "_style/radiology.csl"' in document_metadata(study, tmp_path)


@pytest.mark.parametrize("name", ["radiology", "springer", "frontiers"])
def test_books_chapters_and_pages_of_the_web_have_what_they_need(name, tmp_path):
    """No kind of source loses its title, year or address."""
    bib = tmp_path / "a.bib"
    bib.write_text(
        "@book{a, author={Abel, A.}, title={A book}, publisher={The House}, year={2001}}\n"
        "@incollection{b, author={Berg, B.}, title={A chapter}, booktitle={The book},"
        " publisher={The House}, pages={5--9}, year={2002}}\n"
        "@inproceedings{c, author={Cole, C.}, title={A talk}, booktitle={The meeting},"
        " pages={1--2}, year={2003}}\n"
        "@misc{d, author={Dahl, D.}, title={A page}, url={https://example.org}, year={2004}}\n"
    )
    text = pypandoc.convert_text(
        "[@a; @b; @c; @d]",
        "plain",
        format="markdown",
        extra_args=[
            "--citeproc",
            f"--bibliography={bib}",
            f"--csl={STYLE / KNOWN_STYLES[name].removeprefix('_style/')}",
            "--wrap=none",
        ],
    )
    for words in ("A book", "The House", "In: The book", "5–9", "In: The meeting", "1–2"):
        assert words in text, text
    for words in ("2001", "2002", "2003", "2004", "https://example.org"):
        assert words in text, text
