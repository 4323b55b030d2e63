"""Outputs explain themselves: README.md, the run's log, and the rendered pages among them."""

import shutil
from datetime import datetime

import pytest

from analysis.core.stages import STAGES, stage
from analysis.reporting.rendering.render import _inputs
from analysis.study import load_study
from analysis.workflow.outputs_guide import FILES, files_in, guide_text, meaning_of, write_guide
from analysis.workflow.published_pages import publish_pages
from analysis.workflow.run_log import log_text, logged
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_fake_study(LIVER, tmp_path_factory.mktemp("written"))


@pytest.fixture
def study(written, tmp_path):
    shutil.copytree(written.parent, tmp_path / "study")
    return load_study(tmp_path / "study" / written.name)


def test_every_file_is_explained_and_no_folder_is_empty(study):
    folder = study.output_folder
    (folder / "update" / "figures").mkdir(parents=True)
    (folder / ".hidden").write_text("")
    (folder / "stranger.bin").write_bytes(b"0")
    text = write_guide(study).read_text(encoding="utf-8")
    for name in files_in(folder):
        pattern = meaning_of(name)
        if pattern is not None:
            assert f"| `{pattern}` | {FILES[pattern]} |" in text
    assert "Not of this version: `stranger.bin`." in text
    assert ".hidden" not in text
    assert not (folder / "update").exists()
    # Written again, it is the same.
    assert guide_text(study, folder) == text


def test_tables_without_a_row_are_named(study):
    (study.output_folder / "curves" / "repeats.csv").write_text("model,repeat,auc\n")
    text = guide_text(study, study.output_folder)
    assert "Without a row, as this study has none of it: `curves/repeats.csv`" in text


def test_commits_of_the_package_and_of_the_study_are_told_apart(study):
    (study.output_folder / "provenance.json").write_text(
        '{"package": "0.2.0", "commit": "abc123", "study_commit": "def456"}'
    )
    text = guide_text(study, study.output_folder)
    assert "hcc-early-recurrence 0.2.0, its code at abc123" in text
    assert "at commit def456 of its own repository" in text


def test_the_log_says_where_the_time_went(study, monkeypatch):
    (study.output_folder / "provenance.json").write_text(
        '{"package": "0.2.0", "commit": "abc", "study_commit": null, "python": "3.12",'
        ' "platform": "Linux", "arithmetic": "portable", "patients": 26}'
    )
    text = log_text(study.output_folder, datetime(2026, 1, 2, 3, 4, 5), 120.0, {"figures": 30.0})
    assert "began       2026-01-02 03:04:05" in text
    assert "patients    26" in text
    assert [line.split() for line in text.splitlines()[-3:-1]] == [
        ["figures", "30", "s", "25.0%"],
        ["everything", "else", "90", "s", "75.0%"],
    ]
    assert "study " not in text.replace("study\n", "")
    monkeypatch.setitem(STAGES.seconds, "figures", 1000.0)
    with logged(study.output_folder), stage("figures"):
        pass
    # What ran before in this process is no part of it.
    assert "figures" not in (study.output_folder / "run.log").read_text()


def test_a_run_that_fails_leaves_the_log_as_it_was(study):
    with pytest.raises(ValueError, match="stopped"), logged(study.output_folder):
        raise ValueError("stopped")
    assert not (study.output_folder / "run.log").exists()


def test_rendered_pages_lie_among_the_outputs(study, tmp_path):
    pages = tmp_path / "_report" / "report"
    pages.mkdir(parents=True)
    for name in ("index.html", "supplement.html", ".hidden"):
        (pages / name).write_text(name)
    article = publish_pages(study, [pages / "index.html", pages / "absent.pdf"])
    assert article == study.output_folder / "report" / "index.html"
    assert sorted(path.name for path in article.parent.iterdir()) == [
        "index.html",
        "supplement.html",
    ]
    assert "| `report/index.html` | The rendered article. |" in (
        study.output_folder / "README.md"
    ).read_text(encoding="utf-8")
    # What an earlier render had goes; nothing is rendered anew because of the copy.
    (tmp_path / "_quarto.yml").write_text("project: {}\n")
    before = _inputs(tmp_path, [], study.output_folder)
    (pages / "supplement.html").unlink()
    publish_pages(study, [pages / "index.html"])
    assert [path.name for path in article.parent.iterdir()] == ["index.html"]
    assert _inputs(tmp_path, [], study.output_folder) == before


def test_sources_of_a_manuscript_are_never_replaced(study, tmp_path):
    source = study.output_folder / "report" / "index.qmd"
    source.parent.mkdir()
    source.write_text("mine")
    page = tmp_path / "pages" / "index.html"
    page.parent.mkdir()
    page.write_text("page")
    assert publish_pages(study, [page]) is None
    assert source.read_text() == "mine"


def test_what_a_person_changed_or_added_among_the_pages_stays(study, tmp_path, capsys):
    pages = tmp_path / "_report" / "report"
    pages.mkdir(parents=True)
    page, word = pages / "index.html", pages / "index.docx"
    page.write_text("page")
    word.write_text("article")
    target = publish_pages(study, [page]).parent
    (target / "notes.docx").write_text("mine")
    word.write_text("article, next")
    assert publish_pages(study, [page]) == target / "index.html"
    assert (target / "index.docx").read_text() == "article, next"
    (target / "index.docx").write_text("comments of a co-author")
    page.write_text("page, next")
    word.write_text("article, last")
    assert publish_pages(study, [page]) is None
    assert "index.docx changed after it was written" in capsys.readouterr().err
    assert (target / "index.docx").read_text() == "comments of a co-author"
    assert (target / "notes.docx").read_text() == "mine"
    (target / "index.docx").rename(target / "commented.docx")
    assert publish_pages(study, [page]) == target / "index.html"
    assert {path.name: path.read_text() for path in target.iterdir()} == {
        "index.html": "page, next",
        "index.docx": "article, last",
        "notes.docx": "mine",
        "commented.docx": "comments of a co-author",
    }


def test_a_readme_and_folders_of_a_person_stay(study):
    folder = study.output_folder
    (folder / "README.md").write_text("# My study\n")
    (folder / "notes").mkdir()
    (folder / ".git" / "refs").mkdir(parents=True)
    assert write_guide(study) is None
    assert (folder / "README.md").read_text() == "# My study\n"
    assert (folder / "notes").is_dir()
    assert (folder / ".git" / "refs").is_dir()
