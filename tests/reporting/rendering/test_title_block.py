"""Authors and keywords in all four formats, read back, by the preview and by Quarto."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
import zipfile
from html import unescape
from pathlib import Path

import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering import render
from analysis.reporting.rendering.assets import document_metadata, write_assets
from analysis.reporting.sections import Says
from tests.support.authored_study import authored, small_project
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

BYLINE = [
    "Wei Zhao, MD1,2,*,†, Anna Example2,†, Bo Third",
    "1 Department of Radiology, Made-up Hospital, 1000 Elsewhere, China",
    "2 University of Somewhere, Somewhere, Denmark",
    "† These authors contributed equally.",
    "* Correspondence: Wei Zhao (wei@hospital.example)",
    "ORCID: Wei Zhao 0000-0002-1825-0097; Anna Example 0000-0001-5109-3700",
    "Keywords: Liver <b>; MRI",
]
TEXT = "---\njupyter: python3\n---\n\n# Abstract\n\nWords.\n"


def word_paragraphs(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as file:
        root = ElementTree.fromstring(file.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return ["".join(t.text or "" for t in p.iter(f"{space}t")) for p in root.iter(f"{space}p")]


def page_text(path: Path) -> str:
    page = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", path.read_text(encoding="utf-8"))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page.partition("<body")[2])))


@pytest.fixture(
    scope="module",
    params=[
        "preview",
        pytest.param(
            "quarto",
            marks=[
                pytest.mark.quarto,
                pytest.mark.skipif(shutil.which("quarto") is None, reason="no quarto here"),
            ],
        ),
    ],
)
def pages(request, tmp_path_factory) -> Path:
    """Folder of a small article by a study with authors."""
    folder = tmp_path_factory.mktemp(request.param)
    study = authored(folder / "study", keywords=["Liver <b>", "MRI"], journal="The Journal")
    project = small_project(folder / "project", TEXT)
    write_assets(study, project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_RECURRENCE_STUDY", str(study.path))
        patch.setenv("EARLY_RECURRENCE_NO_RUN", "1")
        if request.param == "preview":
            patch.setenv("EARLY_RECURRENCE_QUARTO", "none")
        rendering = render(project, data=study.output_folder, progress=False)
    assert rendering.renderer == request.param
    return project / "_report" / "report"


def test_html_and_word_have_the_byline_line_by_line(pages):
    found = word_paragraphs(pages / "index.docx")
    start = found.index(BYLINE[0])
    assert found[start : start + len(BYLINE)] == BYLINE
    text = page_text(pages / "index.html")
    places = [text.find(line.partition(",")[0]) for line in BYLINE]
    assert -1 not in places
    assert text.count("Made-up Hospital") == 1, "no second title block"
    page = (pages / "index.html").read_text(encoding="utf-8")
    authors = re.findall(r'<meta name="author" content="([^"]*)"', page)
    assert authors == ["Wei Zhao", "Anna Example", "Bo Third"]
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page


def test_jats_has_elements_for_all_of_it(pages):
    root = ElementTree.parse(pages / "index.xml").getroot()
    first, second, third = root.iter("contrib")
    assert first.get("corresp") == "yes"
    assert [each.get("equal-contrib") for each in (first, second, third)] == ["yes", "yes", None]
    assert [each.text[-19:] for each in root.iter("contrib-id")] == [
        "0000-0002-1825-0097",
        "0000-0001-5109-3700",
    ]
    assert (first.findtext("name/surname"), first.findtext("name/given-names")) == ("Zhao", "Wei")
    roles = {each.get("vocab-term-identifier"): each for each in first.iter("role")}
    lead = roles["https://credit.niso.org/contributor-roles/conceptualization/"]
    assert lead.get("degree-contribution") == "lead"
    assert "https://credit.niso.org/contributor-roles/writing-original-draft/" in roles
    links = [each.get("rid") for each in first.iter("xref") if each.get("ref-type") == "aff"]
    places = {each.get("id"): each for each in root.iter("aff")}
    assert [places[each].findtext("institution-wrap/institution") for each in links] == [
        "Made-up Hospital",
        "University of Somewhere",
    ]
    assert "wei@hospital.example" in "".join(next(root.iter("corresp")).itertext())
    assert [each.text for each in root.iter("kwd")] == ["Liver <b>", "MRI"]


def test_pdf_names_the_running_title_or_what_the_cohort_is(pages):
    header = (pages.parents[1] / "report" / "_style" / "article.typ").read_text(encoding="utf-8")
    assert "Synthetic demonstration cohort" in header, "what a made cohort is goes before"
    assert (pages / "index.pdf").read_bytes().startswith(b"%PDF")


def test_a_study_without_authors_has_the_metadata_of_before(tmp_path):
    from analysis.study import load_study

    text = document_metadata(load_study(write_fake_study(LIVER, tmp_path)), tmp_path)
    keys = [line.partition(":")[0] for line in text.splitlines()[1:]]
    assert keys == ["title", "subtitle", "csl", "results-origin"]


def test_contributions_are_the_roles_and_acknowledgements_stand_where_there_are_some(tmp_path):
    from analysis.study import load_study
    from tests.support.authored_study import change

    study = authored(tmp_path)
    change(study.path, acknowledgements="We thank nobody.")
    said = str(Says(open_results(load_study(study.path).path))("declarations"))
    assert (
        "**Author contributions.** Conceptualization: Wei Zhao (lead); Formal analysis: Anna"
        " Example; Writing – original draft: Wei Zhao." in said
    )
    assert said.endswith("**Acknowledgements.** We thank nobody.")
