"""A Quarto that is there and can't render what the author wrote.

It is said, with file and line; the preview is a help alone, and the command fails.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from pathlib import Path

import pytest

from analysis.reporting.manuscript_folder import project_of
from analysis.reporting.rendering import RenderError, render
from analysis.reporting.rendering.quarto_words import reason, warnings
from analysis.study import load_study
from tests.support.command_line import command
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study
from tests.support.manuscript_pages import placeholder_figures

SETTINGS = "project:\n  render: [report/index.qmd]\n  output-dir: _report\n"
INCLUDE = """[2/4] report/supplement.qmd

\x1b[91mERROR: Include directive failed.
  in file {project}/report/supplement.qmd,
  could not find file {project}/report/gone.md.

Stack trace:
    at retrieveInclude (file:///opt/quarto/include-standalone.ts:61:13)
    at async quarto (file:///opt/quarto/quarto.ts:198:5)\x1b[39m
"""
WARNING = (
    "\x1b[33mWARNING (/opt/quarto/filters/./customnodes/shortcodes.lua:399) Shortcode 'nosuch' not"
    " found\n\x1b[39mWARN: Error encountered when rendering files\n"
)
needs_scripts = pytest.mark.skipif(os.name != "posix", reason="makes executable scripts")
needs_quarto = pytest.mark.skipif(
    shutil.which("quarto") is None, reason="quarto is not on the PATH"
)


def fake_quarto(path: Path, said: str, status: int) -> Path:
    """A program that has a version, and says this of each rendering."""
    path.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "if '--version' in sys.argv:\n    raise SystemExit(0)\n"
        f"print({said!r})\nraise SystemExit({status})\n",
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def project_with(folder: Path, document: str, settings: str = SETTINGS) -> Path:
    (folder / "report").mkdir(parents=True)
    (folder / "_quarto.yml").write_text(settings, encoding="utf-8")
    (folder / "report" / "index.qmd").write_text(document, encoding="utf-8")
    return folder


def test_the_reason_has_document_and_lines_and_no_stack():
    assert reason(INCLUDE.format(project="/p")).splitlines() == [
        "at report/supplement.qmd:",
        "ERROR: Include directive failed.",
        "  in file /p/report/supplement.qmd,",
        "  could not find file /p/report/gone.md.",
    ]
    assert warnings(WARNING) == ["Shortcode 'nosuch' not found"]


@needs_scripts
@pytest.mark.usefixtures("no_kernels")
def test_the_preview_stands_beside_what_quarto_said_and_is_never_current(tmp_path, monkeypatch):
    project = project_with(tmp_path / "study", "---\ntitle: A\n---\n\nText.\n")
    said = INCLUDE.format(project=project)
    program = fake_quarto(tmp_path / "quarto", said, 1)
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", str(program))
    for _ in range(2):  # the second call says so again
        done = render(project, ["html"], progress=False)
        assert done.renderer == "preview"
        assert "could not find file report/gone.md." in done.refused
        assert "at report/supplement.qmd:" in done.refused
        assert done.paths[0].is_file()
    program.unlink()
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
    monkeypatch.setenv("EARLY_RECURRENCE_NO_DOWNLOAD", "1")
    assert render(project, ["html"], progress=False).refused is None


@needs_scripts
def test_front_matter_that_is_no_yaml_is_named_with_its_line(tmp_path, monkeypatch):
    project = project_with(tmp_path / "study", '---\ntitle: A\nabstract: "open\n---\n\nText.\n')
    program = fake_quarto(tmp_path / "quarto", "ERROR: YAMLException: unexpected end (4:1)", 1)
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", str(program))
    with pytest.raises(RenderError) as caught:
        render(project, ["html"], progress=False)
    said = str(caught.value)
    assert "YAMLException: unexpected end (4:1)" in said
    # Where the quote was opened, and not where the text ends.
    assert re.search(r"^  report/index.qmd, line 3: it is not valid YAML", said, re.MULTILINE)
    assert str(tmp_path) not in said


def test_settings_that_are_no_yaml_are_named_with_their_line(tmp_path):
    project = project_with(tmp_path / "study", "Text.\n", "project:\n  render: [report/a.qmd\n")
    with pytest.raises(ValueError, match=r"_quarto\.yml, line \d+: it is not valid YAML"):
        render(project, ["html"], progress=False)


def a_study(folder: Path) -> Path:
    """Study file of a study whose article is a line."""
    path = write_fake_study(LIVER, folder)
    placeholder_figures(load_study(path).output_folder)
    project = project_of(load_study(path))
    (project / "_quarto.yml").write_text(SETTINGS, encoding="utf-8")
    return path


@needs_scripts
@pytest.mark.usefixtures("no_kernels")
def test_the_command_fails_and_publishes_no_preview(tmp_path, monkeypatch, capsys):
    path = a_study(tmp_path / "study")
    program = fake_quarto(tmp_path / "quarto", INCLUDE.format(project="/elsewhere"), 1)
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", str(program))
    assert command("render", "--format", "html", "--study", path) == 1
    said = capsys.readouterr()
    assert "Quarto could not render the manuscript:" in said.err
    assert "could not find file" in said.err
    assert "Rendered as a preview alone, to help you" in said.out
    assert "index.html" in said.out
    assert not (load_study(path).output_folder / "report" / "index.html").exists()


@needs_scripts
@pytest.mark.usefixtures("no_kernels")
def test_a_shortcode_that_quarto_does_not_know_is_said(tmp_path, monkeypatch, capsys):
    path = a_study(tmp_path / "study")
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "none")
    assert command("render", "--format", "html", "--study", path) == 0
    # The pages are there: this program only says what it is told to.
    program = fake_quarto(tmp_path / "quarto", WARNING, 0)
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", str(program))
    capsys.readouterr()
    assert command("render", "--format", "html", "--study", path) == 0
    assert "Quarto warns: Shortcode 'nosuch' not found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: A\n---\n\n{{< include gone.md >}}\n", "report/gone.md"),
        ('---\ntitle: A\nabstract: "open\n---\n\nText.\n', "report/index.qmd, line"),
    ],
)
@pytest.mark.quarto
@needs_quarto
def test_a_real_quarto_says_what_it_could_not_render(text, said, tmp_path, monkeypatch):
    monkeypatch.delenv("EARLY_RECURRENCE_QUARTO", raising=False)
    project = project_with(tmp_path / "study", text)
    try:
        words = render(project, ["html"], progress=False).refused
    except RenderError as error:  # the preview can't either
        words = str(error)
    assert "Quarto could not render the manuscript:" in words
    assert said in words
    assert "Stack trace" not in words


@pytest.mark.quarto
@needs_quarto
def test_a_real_quarto_warns_of_an_unknown_shortcode(tmp_path, monkeypatch):
    monkeypatch.delenv("EARLY_RECURRENCE_QUARTO", raising=False)
    project = project_with(tmp_path / "study", "---\ntitle: A\n---\n\n{{< nosuch x >}}\n")
    done = render(project, ["html"], progress=False)
    assert done.renderer == "quarto"
    assert "Shortcode 'nosuch' not found" in done.warnings
