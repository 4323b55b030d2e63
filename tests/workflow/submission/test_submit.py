"""The set of files for a journal, written once and read back."""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from analysis.cli import main
from analysis.reporting.blinding import BLINDED, blinded, identities, withhold
from analysis.reporting.manuscript_folder import project_of
from analysis.study import load_study
from analysis.study.journals import Figures
from analysis.workflow.submission.checklists import with_places
from analysis.workflow.submission.documents import Place
from analysis.workflow.submission.figures import drawn_width, write_figure
from analysis.workflow.submission.folder import refuse_edited, written_whole
from analysis.workflow.submission.identity_check import paragraphs_of
from analysis.workflow.submission.word_places import find_libreoffice
from tests.support.authored_study import authored, change, drawn_figures
from tests.support.manuscript_pages import placeholder_figures

pytestmark = pytest.mark.usefixtures("no_kernels")

CODE = "At https://github.com/zhao/recurrence, by Wei Zhao (wei@hospital.example)."


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    made = authored(tmp_path_factory.mktemp("submit") / "study")
    change(
        made.path,
        manuscript={"journal": "insights", "keywords": ["MRI"]},
        code=CODE,
        funding="The Made-up Fund.",
        acknowledgements="We thank Karl.",
    )
    placeholder_figures(made.path.parent / "outputs")
    drawn_figures(made.path.parent / "outputs")
    return load_study(made.path)


@pytest.fixture(scope="module")
def whole(study):
    """Folder of the set and what the command said, with what the author's folder had before."""
    import contextlib
    import io

    project = project_of(study)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(["submit", "--study", str(study.path)]) == 0
    after = {
        path: path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and "_submission" not in path.parts
    }
    assert {path: after[path] for path in before} == before
    return project / "_submission", said.getvalue()


def test_the_set_is_whole_and_the_manifest_has_each_file(whole):
    folder, said = whole
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    tables = [name for name in names if name.startswith("tables/")]
    figures = [name for name in names if name.startswith("figures/")]
    assert names - {*tables, *figures} == {
        "title-page.docx",
        "manuscript.docx",
        "manuscript.pdf",
        "supplement.docx",
        "supplement.pdf",
        "checklists.docx",
        "checklists.csv",
        "manifest.csv",
        "graphical-abstract.pdf",
        "graphical-abstract.tiff",
    }
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"] for row in rows} == names - {"manifest.csv"}
    for row in rows:
        content = (folder / row["file"]).read_bytes()
        assert (row["sha256"], row["bytes"]) == (
            hashlib.sha256(content).hexdigest(),
            str(len(content)),
        )
    # As many tables and figures as the article says that it has.
    counted = re.search(r"Figures: (\d+); tables: (\d+)\.", said)
    assert counted is not None
    assert (len(figures), len(tables)) == (2 * int(counted[1]), int(counted[2]))
    assert int(counted[1]) <= 6
    assert int(counted[2]) <= 5
    assert "the supplement takes the others" not in said
    assert "keywords" not in said, "one keyword is within the limit"


def test_the_manuscript_does_not_say_who_wrote_it_and_the_title_page_does(whole, study):
    folder, _ = whole
    for name in ("manuscript.docx", "supplement.docx", "checklists.docx"):
        text = "\n".join(paragraphs_of(folder / name))
        assert not [each for each in identities(study) if each.lower() in text.lower()]
        assert "Karl" not in text
        assert "Preview rendering" not in text
    manuscript = paragraphs_of(folder / "manuscript.docx")
    assert (
        "Code availability. At [withheld for review], by [withheld for review] ([withheld for"
        " review])." in manuscript
    )
    assert "Author contributions. Stated on the title page." in manuscript
    title = paragraphs_of(folder / "title-page.docx")
    assert "Wei Zhao, MD1,2,*,†, Anna Example2,†, Bo Third" in title
    assert f"Code availability. {CODE}" in title
    assert "Funding and role of the funder. The Made-up Fund." in title
    assert "Acknowledgements. We thank Karl." in title
    assert "Journal. Insights into Imaging" in title
    assert any(each.startswith("Words: Abstract ") for each in title)


def test_each_table_has_its_number_and_caption_in_a_file_of_its_own(whole):
    folder, _ = whole
    for number in (1, 2):
        found = [each for each in paragraphs_of(folder / "tables" / f"table-{number}.docx") if each]
        assert found[0].startswith(f"Table {number}. ".replace("e ", "e\u00a0", 1))
        assert not [each for each in found if each.startswith(f"Table\u00a0{number + 1}")]


def test_no_row_breaks_across_pages_and_lines_are_numbered(whole):
    folder, _ = whole
    files = sorted(folder.rglob("*.docx"))
    assert len(files) > 5
    for path in files:
        with zipfile.ZipFile(path) as parts:
            body = parts.read("word/document.xml").decode()
        rows = re.findall(r"<w:tr(?:\s[^>]*)?>.*?</w:tr>", body, re.DOTALL)
        assert all("<w:cantSplit/>" in row for row in rows), path
        assert all("<w:tblHeader" in row for row in rows[:1]), path
        if path.stem in ("manuscript", "supplement"):
            assert "<w:lnNumType " in body, path


def test_figures_are_as_wide_as_the_journal_prints(whole):
    folder, _ = whole
    widths = set()
    for path in sorted((folder / "figures").glob("*.tiff")):
        with Image.open(path) as picture:
            assert (picture.mode, round(picture.info["dpi"][0])) == ("RGB", 300)
            widths.add(round(picture.width / 300 * 25.4))
        assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert widths == {85, 170}


def test_checklists_say_page_and_line(whole):
    folder, _ = whole
    with (folder / "checklists.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["checklist"], row["id"]): row for row in csv.DictReader(file)}
    where = rows["TRIPOD+AI", "4"]["where"]
    suffix = "docx" if find_libreoffice() else "pdf"
    assert re.fullmatch(rf"manuscript\.{suffix}, page \d+, line \d+ \(Introduction\)", where)
    lines = [int(each) for each in re.findall(r"line (\d+)", where)]
    assert lines > [10], "the abstract is before it"


def test_an_edited_file_is_never_written_over_and_an_unedited_set_is_replaced(tmp_path):
    folder = tmp_path / "set"
    for text in ("first", "second"):
        with written_whole(folder) as made:
            (made / "a.txt").write_text(text)
        assert (folder / "a.txt").read_text() == text

    def fail() -> None:
        with written_whole(folder) as made:
            (made / "a.txt").write_text("third")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    assert (folder / "a.txt").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    (folder / "a.txt").write_text("edited")
    with pytest.raises(FileExistsError, match=r"has a\.txt, which was edited"):
        refuse_edited(folder)
    (folder / "a.txt").write_text("second")
    (folder / "letter.docx").write_text("mine")
    with pytest.raises(FileExistsError, match=r"has letter\.docx.*another folder with --output"):
        refuse_edited(folder)


def test_a_name_in_the_authors_own_text_stops_it(study, capsys):
    index = project_of(study) / "report" / "index.qmd"
    text = index.read_text(encoding="utf-8")
    output = study.root / "other"
    index.write_text(text.replace("# Results\n", "# Results\n\nRead by ANNA example.\n"))
    # The article alone.
    supplement = index.with_name("supplement.qmd")
    supplement.rename(index.with_name("set_aside"))
    try:
        assert main(["submit", "--study", str(study.path), "--output", str(output)]) == 2
    finally:
        index.write_text(text, encoding="utf-8")
        index.with_name("set_aside").rename(supplement)
    said = capsys.readouterr().err
    assert 'manuscript.docx says "Anna Example" in "Read by ANNA example.' in said
    assert not output.exists()


def test_strict_and_missing_results_write_nothing(study, tmp_path, capsys):
    output = tmp_path / "set"
    arguments = ["submit", "--study", str(study.path), "--output", str(output)]
    assert main([*arguments, "--strict"]) == 2
    assert "declarations.registration (Registration)" in capsys.readouterr().err
    empty = authored(tmp_path / "empty")
    (empty.output_folder / "results.json").unlink()
    assert main(["submit", "--study", str(empty.path)]) == 2
    assert "results.json is not there yet" in capsys.readouterr().err
    assert not output.exists()


def test_statements_are_withheld_as_words_and_not_within_others(tmp_path, monkeypatch):
    study = authored(tmp_path)
    assert "Zhao Wei" in identities(study)
    assert withhold("Wei Zhaoyang and WEI ZHAO", ["Wei Zhao"]) == (
        "Wei Zhaoyang and [withheld for review]"
    )
    shown = blinded(study)
    assert (shown.study.authors, shown.declarations.acknowledgements) == ([], None)
    assert shown.declarations.ethics == study.declarations.ethics
    assert shown.declarations.funding is None, "what was not stated is not on the title page"
    monkeypatch.delenv(BLINDED, raising=False)


def test_a_figure_keeps_its_lines_at_another_width(tmp_path):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="482pt" height="241pt"'
        ' viewBox="0 0 482 241"><rect width="482" height="241" fill="red"/></svg>'
    )
    figure = tmp_path / "roc"
    figure.with_suffix(".svg").write_text(svg)
    assert round(drawn_width(figure)) == 170
    _, tiff = write_figure(figure, tmp_path / "out", Figures(widths_mm=(84, 174), dpi=600))
    with Image.open(tiff) as picture:
        assert picture.size == (round(174 / 25.4 * 600), round(87 / 25.4 * 600))
    with pytest.raises(ValueError, match="the figure none has neither an SVG nor a PNG file"):
        drawn_width(tmp_path / "none")


def test_own_files_are_taken_where_they_fit(tmp_path):
    figure = tmp_path / "roc"
    Image.new("RGB", (2008, 10), "white").save(figure.with_suffix(".png"))
    for kind in ("pdf", "tiff"):
        figure.with_suffix(f".{kind}").write_bytes(kind.encode())
    written = write_figure(figure, tmp_path / "out", Figures())
    assert [each.read_bytes() for each in written] == [b"pdf", b"tiff"]


def test_a_place_that_is_in_no_file_of_the_set_is_its_label(whole, study):
    import pandas as pd

    row = {
        "checklist": "CLEAR",
        "id": "1",
        "topic": "Title",
        "status": "yes",
        "text": "Yes.",
        "field": "",
        "places": '["abstract", "introduction"]',
        "page": "page 4",
    }
    items = with_places(
        pd.DataFrame([row]),
        {"index": {"sec-abstract": Place(".pdf", 2, 31)}},
        {"index": "manuscript"},
    )
    assert items["where"].tolist() == [
        "manuscript.pdf, page 2, line 31 (Abstract); Introduction; page 4"
    ]


def test_no_machine_path_is_in_the_set(whole, study):
    folder, _ = whole
    texts = {path: "\n".join(paragraphs_of(path)) for path in folder.rglob("*.docx")}
    texts |= {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.csv")}
    for path, text in texts.items():
        assert str(Path(study.root)) not in text, path.name
