"""Inline expressions without a value, and figures outside of the project, as Quarto meets them."""

from __future__ import annotations

import json
import subprocess
import sys

import pypandoc
import pytest

from analysis.reporting.rendering.execute import executed_markdown
from analysis.reporting.rendering.inline import NOTHING
from analysis.reporting.rendering.page import STYLE
from analysis.reporting.rendering.project_figures import inside_project
from tests.conftest import ROOT

# Quarto asks the kernel for user_expressions, and prints the source of one whose Markdown or text
# is empty.
ASK = """import json
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import Markdown
shell = InteractiveShell.instance()
from analysis.reporting.manuscript import Shown
from analysis.reporting.rendering.inline import show_nothing_as_nothing
show_nothing_as_nothing()
shell.user_ns |= {"Markdown": Markdown, "Shown": Shown}
asked = ["Markdown('')", "Shown('')", "''", "' '", "Markdown('*a*')", "Shown('b')", "'c'", "5"]
found = shell.user_expressions(dict(enumerate(asked)))
print(json.dumps([found[place]["data"] for place in range(len(asked))]))"""


def test_no_value_of_an_expression_is_empty_for_quarto():
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert [each.get("text/markdown") for each in found] == [NOTHING] * 4 + ["*a*", "b", None, None]
    assert [each["text/plain"] for each in found[-2:]] == ["'c'", "5"]


@pytest.mark.parametrize("target", ["html5", "plain", "typst", "docx", "jats_publishing"])
def test_an_expression_without_value_leaves_nothing(target, tmp_path):
    text = (
        f"{NOTHING} {NOTHING} {NOTHING} One {NOTHING} two. {NOTHING}\n\n{NOTHING}\n\n- {NOTHING}\n-"
        f" three\n- {NOTHING} {NOTHING}\n\nA **bold** {NOTHING} *end*.\n"
    )
    without = "One two.\n\n- three\n\nA **bold** *end*.\n"
    with_filter = [f"--lua-filter={STYLE / 'results.lua'}"]
    if target == "docx":  # its tree, which the writer gets
        target = "native"
    made, expected = (
        pypandoc.convert_text(each, target, format="markdown", extra_args=with_filter)
        for each in (text, without)
    )
    assert made == expected


def test_the_preview_says_nothing_as_well(tmp_path):
    (tmp_path / "a.qmd").write_text(
        "`{python} ''` `{python} ' '` `{python} ''` Words `{python} 5`.\n"
    )
    _, markdown = executed_markdown(tmp_path / "a.qmd", tmp_path / "media", tmp_path, tmp_path)
    assert (
        pypandoc.convert_text(
            markdown,
            "html5",
            format="markdown",
            extra_args=[f"--lua-filter={STYLE / 'results.lua'}"],
        ).strip()
        == "<p>Words 5.</p>"
    )


def test_what_one_cell_prints_is_one_text(tmp_path):
    (tmp_path / "a.qmd").write_text(
        "```{python}\n#| output: asis\nimport sys, time\nfor word in 'abc':\n    print(word)\n   "
        " sys.stdout.flush()\n    time.sleep(0.4)\n```\n"
    )
    _, markdown = executed_markdown(tmp_path / "a.qmd", tmp_path / "media", tmp_path, tmp_path)
    assert markdown.strip() == "a\nb\nc"


def test_a_figure_outside_of_the_project_is_copied_into_it(tmp_path):
    project, results = tmp_path / "results" / "manuscript", tmp_path / "results" / "figures"
    results.mkdir(parents=True)
    for suffix in ("svg", "png"):
        (results / f"roc.{suffix}").write_text(suffix)
    project.mkdir()
    assert inside_project(results / "roc", project) == results / "roc", "no project"
    (project / "_quarto.yml").write_text("")
    copied = inside_project(results / "roc", project)
    assert copied == project / "report" / "_style" / "figures" / "roc"
    assert {path.name for path in copied.parent.iterdir()} == {"roc.svg", "roc.png"}
    (results / "roc.svg").write_text("anew")
    assert inside_project(results / "roc.svg", project).read_text() == "anew"
    assert inside_project(results / "roc", tmp_path / "results") == results / "roc"
    (tmp_path / "results" / "_quarto.yml").write_text("")
    assert inside_project(results / "roc", tmp_path / "results") == results / "roc"
    assert not (tmp_path / "results" / "report").exists()
