"""The renderer on a tiny project: what a reader of the pages sees, in every format."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from analysis.reporting.rendering import RenderError, render
from analysis.reporting.rendering.quarto import FORMATS, QuartoRun, find_quarto, render_with_quarto
from tests.support.cells_here import cells_here

SETTINGS = """
project:
  output-dir: _report
  render:
    - report/index.qmd
bibliography: report/references.bib
execute:
  echo: false
format:
  html: {embed-resources: true}
  docx: default
  typst: {papersize: a4}
  jats: default
"""
REFERENCES = (
    "@article{delong1988, author = {DeLong, Elizabeth}, title = {Comparing areas}, journal ="
    " {Biometrics}, year = {1988}}\n"
)
DOCUMENT = """---
title: A tiny article
author: [{name: Ada Author}, Ben Writer]
---

```{python}
#| include: false
import json, os, pathlib
from IPython.display import Markdown
print("not for the reader")
results = json.loads(pathlib.Path("../outputs/tiny/results.json").read_text())
```

# Results {#sec-results}

The AUC was `{python} Markdown(f"**{results['auc']:.3f}**")` in \
`{python} os.environ["EARLY_RECURRENCE_STUDY"]`, and `{python} "2 * 3"` stays as it is \
[@delong1988].
@fig-curve and @tbl-values show it, as @sec-results says; @tbl-absent is not there.

::: {.callout-note title="Take care"}
A synthetic cohort.
:::

```{python}
#| label: fig-curve
#| fig-cap: "A curve."
#| fig-alt: "A line that rises."
import matplotlib.pyplot as plt
plt.plot([0, 1], [0, 1]);
```

```{python}
#| label: tbl-values
#| tbl-cap: "Values."
Markdown("| Model | AUC |\\n|---|---|\\n| CR | " + str(results["auc"]) + " |")
```

```{python}
#| output: asis
print("Printed *as it is*.")
```

```{python}
#| eval: false
raise RuntimeError("never run")
```
"""

# A picture that no library has to be imported for.
PLOT = "import matplotlib.pyplot as plt\nplt.plot([0, 1], [0, 1]);\n"
DRAWN = "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')\n"

READS_THE_ARTICLE = """
The article has `{python} len(list(pathlib.Path("../_report").glob(".*/report/index.html")))` page.
"""


def write_project(folder: Path, document: str = DOCUMENT) -> Path:
    for path, text in {
        "_quarto.yml": SETTINGS,
        "report/index.qmd": document,
        "report/references.bib": REFERENCES,
        "outputs/tiny/results.json": '{"auc": 0.8125}',
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _without_quarto(request, monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", "tiny_study.yml")
    monkeypatch.setenv("EARLY_RECURRENCE_NO_DOWNLOAD", "1")
    if request.node.get_closest_marker("quarto") is None:
        monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")


@pytest.fixture
def no_kernel(_without_quarto):
    """Cells run in this process, in tests of what is made of them: those before it start kernels
    (tests/reporting/rendering/test_cells_here.py has that both give the same)."""
    with cells_here():
        yield


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """All formats of the tiny project, rendered once; suffix → path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_RECURRENCE_STUDY", "tiny_study.yml")
        patch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
        patch.setenv("EARLY_RECURRENCE_NO_DOWNLOAD", "1")
        rendering = render(write_project(tmp_path_factory.mktemp("project")), progress=False)
    assert rendering.renderer == "preview"
    assert "without Quarto" in rendering.message
    return {path.suffix: path for path in rendering.paths}


@pytest.fixture(scope="module")
def html(rendered):
    return re.sub(r"\s+", " ", rendered[".html"].read_text(encoding="utf-8"))


def test_all_formats_are_where_quarto_puts_them(rendered):
    assert {path.name for path in rendered.values()} == {
        "index.html",
        "index.docx",
        "index.pdf",
        "index.xml",
    }
    assert {path.parts[-3:-1] for path in rendered.values()} == {("_report", "report")}
    assert rendered[".pdf"].read_bytes().startswith(b"%PDF")
    assert [path.name for path in rendered[".pdf"].parents[1].glob(".rendering-*")] == []


def test_documents_rendered_at_once_are_those_rendered_one_after_another(tmp_path, monkeypatch):
    """One that reads the article's page finds it; each learns of the study that is rendered."""
    pages = {}
    assert PLOT in DOCUMENT
    document = DOCUMENT.replace(PLOT, DRAWN)
    for jobs, study in ((2, "first.yml"), (2, "second.yml"), (1, "second.yml")):
        project = write_project(tmp_path / f"{jobs}-{study}", document)
        # As the supplement does, it reads the page of the article.
        other = document.replace("tiny article", "other one") + READS_THE_ARTICLE
        (project / "report/other.qmd").write_text(other, encoding="utf-8")
        alone = document.replace("tiny article", "one that reads nothing")
        (project / "report/alone.qmd").write_text(alone, encoding="utf-8")
        listed = "index.qmd\n    - report/other.qmd\n    - report/alone.qmd"
        settings = SETTINGS.replace("index.qmd", listed)
        (project / "_quarto.yml").write_text(settings, encoding="utf-8")
        monkeypatch.setenv("EARLY_RECURRENCE_STUDY", study)
        with cells_here() if jobs == 1 else nullcontext():
            done = render(project, ["html", "jats"], progress=False, jobs=jobs)
        pages[jobs, study] = {path.name: path.read_text(encoding="utf-8") for path in done.paths}
        # Images of JATS lie beside it, each document's in its own folder.
        assert len(list((project / "_report/report").glob("*_files/*"))) == 3
    assert "in second.yml" in pages[2, "second.yml"]["other.html"]
    assert "The article has 1 page." in pages[2, "second.yml"]["other.html"]
    assert "in first.yml" in pages[2, "first.yml"]["index.html"]
    assert pages[2, "second.yml"] == pages[1, "second.yml"]


def test_an_error_in_one_of_several_documents_names_it(tmp_path):
    project = write_project(tmp_path, "Text.\n")
    (project / "report/wrong.qmd").write_text("Here: `{python} 1 / 0`.", encoding="utf-8")
    settings = SETTINGS.replace("index.qmd", "index.qmd\n    - report/wrong.qmd")
    (project / "_quarto.yml").write_text(settings, encoding="utf-8")
    with pytest.raises(RenderError, match="nothing was rendered: wrong.qmd: .*ZeroDivisionError"):
        render(project, ["html"], progress=False, jobs=2)
    assert not list((project / "_report").rglob("*.html"))


def test_inline_expressions_are_evaluated(html):
    assert "The AUC was <strong>0.812</strong> in tiny_study.yml, and 2 * 3 stays as it is" in html
    assert "{python}" not in html


def test_figure_table_and_section_are_numbered_and_referred_to(html):
    assert re.search(
        r'<a href="#fig-curve"[^>]*>Figure.1</a> and <a href="#tbl-values"[^>]*>Table.1</a>', html
    )
    assert re.search(
        r'<figure id="fig-curve".*?<img[^>]*alt="A line that'
        r' rises\."[^>]*>.*?<strong>Figure.1\.</strong> A curve\.</figcaption>',
        html,
    )
    assert re.search(
        r'<figure id="tbl-values".*?table-scroll.*?<table>.*?0\.8125.*?<strong>Table.1\.</strong>'
        r" Values\.</figcaption>",
        html,
    )
    assert '<a href="#sec-results">Results</a>' in html
    assert "<strong>?@tbl-absent</strong> is not there" in html


def test_citation_callout_and_printed_text(html):
    assert "DeLong 1988" in html
    assert "Comparing Areas" in html
    assert re.search(
        r'<div class="callout callout-note">.*?<strong>Take care</strong>.*?A synthetic cohort',
        html,
    )
    assert "Printed <em>as it is</em>." in html
    assert "not for the reader" not in html


def test_page_says_that_it_is_a_preview_and_stands_alone(html):
    assert html.index("made without Quarto") < html.index("The AUC was")
    assert "Ada Author" in html
    assert "Ben Writer" in html
    assert not re.search(r'<(?:img|script|link)[^>]*(?:src|href)="(?!data:|#)', html)


def test_word_and_jats_have_the_same_content(rendered):
    word = re.sub(
        r"<[^>]+>", "", zipfile.ZipFile(rendered[".docx"]).read("word/document.xml").decode()
    )
    tree = ElementTree.parse(rendered[".xml"])
    jats = "".join(tree.getroot().itertext())
    for text, numbers in (
        (word, ("Figure\u00a01. A curve.", "Table\u00a01. Values.")),
        (jats, ("Figure\u00a01 A curve.", "Table\u00a01 Values.")),
    ):
        for expected in ("0.812", *numbers, "Take care", "Comparing Areas", "Preview rendering"):
            assert expected in re.sub(r"[ \n]+", " ", text)
    assert [each.tag for each in tree.iter() if each.get("id") == "tbl-values"] == ["table-wrap"]
    image = next(tree.iter("graphic")).get("{http://www.w3.org/1999/xlink}href")
    assert (rendered[".xml"].parent / image).is_file()


@pytest.mark.usefixtures("no_kernel")
def test_unchanged_project_renders_nothing_and_changed_results_render_again(tmp_path):
    project = write_project(tmp_path)
    first = render(project, ["html"], progress=False)
    written = first.paths[0].stat().st_mtime_ns
    second = render(project, ["html"], progress=False)
    assert "current" in second.message
    assert second.paths[0].stat().st_mtime_ns == written
    (project / "outputs/tiny/results.json").write_text('{"auc": 0.25}')
    assert "0.250" in render(project, ["html"], progress=False).paths[0].read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_kernel")
def test_a_missing_key_fails_the_render_with_its_name_and_keeps_the_earlier_pages(tmp_path):
    project = write_project(tmp_path, "The AUC was `{python} 1`.\n")
    page = render(project, ["html"], progress=False).paths[0]
    before = page.read_bytes()
    (project / "report/index.qmd").write_text(
        "```{python}\nresults = {}\n```\n\nThe AUC was `{python} results['auc.cr.validation']`.\n"
    )
    with pytest.raises(
        RenderError, match=r"index\.qmd: the text \"The AUC was .*KeyError: 'auc\.cr\.validation'"
    ):
        render(project, ["html"], progress=False)
    assert page.read_bytes() == before


@pytest.mark.usefixtures("no_kernel")
def test_a_failing_cell_is_named(tmp_path):
    project = write_project(tmp_path, "```{python}\n#| label: tbl-broken\n1 / 0\n```\n")
    with pytest.raises(
        RenderError, match=r"index\.qmd: cell 'tbl-broken' failed: ZeroDivisionError"
    ):
        render(project, ["html"], progress=False)
    assert not (project / "_report/report").exists()


@pytest.mark.parametrize(
    ("settings", "formats", "message"),
    [
        (SETTINGS.replace("index.qmd", "absent.qmd"), None, "lists report/absent.qmd"),
        (SETTINGS, ["odt"], "unknown format odt; allowed are html, docx, pdf, jats"),
        (SETTINGS.replace("references.bib", "absent.bib"), ["html"], "absent.bib is not there"),
    ],
)
@pytest.mark.usefixtures("no_kernel")
def test_faults_of_the_project_are_named(tmp_path, settings, formats, message):
    project = write_project(tmp_path, "Text.\n")
    (project / "_quarto.yml").write_text(settings)
    with pytest.raises(RenderError, match=re.escape(message)):
        render(project, formats, progress=False)


def _program(path: Path, script: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{script}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name != "posix", reason="makes executable scripts")
def test_a_quarto_that_does_not_start_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv(
        "EARLY_RECURRENCE_QUARTO", str(_program(tmp_path / "quarto", "raise SystemExit(1)"))
    )
    assert find_quarto() is None
    monkeypatch.setenv(
        "EARLY_RECURRENCE_QUARTO", str(_program(tmp_path / "quarto", "print('1.6')"))
    )
    assert find_quarto() == str(tmp_path / "quarto")


@pytest.mark.skipif(os.name != "posix", reason="makes executable scripts")
def test_quarto_gets_all_formats_in_one_call_and_this_environment(tmp_path):
    record = (
        "import os, sys; open('calls', 'a').write(' '.join(sys.argv[1:]) + '|' +"
        " os.environ['QUARTO_PYTHON'] + '\\n')"
    )
    program = _program(tmp_path / "quarto", record)
    assert render_with_quarto(str(program), tmp_path, list(FORMATS)) == QuartoRun()
    assert render_with_quarto(str(program), tmp_path, ["pdf"]) == QuartoRun()
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"render|{sys.executable}",
        f"render --to typst --no-clean|{sys.executable}",
    ]
    assert (
        render_with_quarto(
            str(_program(tmp_path / "quarto", "raise SystemExit('the cell failed')")),
            tmp_path,
            ["pdf"],
        ).failed
        == "the cell failed"
    )


TABLE = """The gain was `{python} Markdown('[0.10–0.20]{.result title=\"auc · made_by\"}')`.

::: {#tbl-groups}

| Model | Training‖AUC | Training‖*P* | Validation‖AUC |
|:---|:---:|:---:|:---:|
| CR | [0.812]{.result title="auc.cr"} | .032 | 0.7 |

[Below the table.]{.table-note}

Groups. [source]{.result .made-by title="tbl-groups"}

:::

- one
- two
"""


@pytest.mark.usefixtures("no_kernel")
def test_headers_over_columns_notes_and_sources_in_every_format(tmp_path):
    project = write_project(
        tmp_path,
        "```{python}\n#| include: false\nfrom IPython.display import Markdown\n```\n\n"
        + TABLE
        + "\n@tbl-groups\n",
    )
    html, docx, pdf, jats = render(project, progress=False).paths
    page = re.sub(r"\s+", " ", html.read_text(encoding="utf-8"))
    assert re.search(r'<th colspan="2"[^>]*>Training</th>', page)
    assert re.search(r'<th rowspan="2"[^>]*>Model</th>', page)
    assert "‖" not in page
    assert 'title="auc · made_by">0.10–0.20</span>' in page
    assert 'class="result made-by"' in page
    assert '<span class="table-note">Below the table.</span>' in page
    word = zipfile.ZipFile(docx).read("word/document.xml").decode()
    assert 'w:gridSpan w:val="2"' in word
    assert ">source<" not in word
    assert "‖" not in word
    tree = ElementTree.parse(jats)
    assert [each.get("colspan") for each in tree.iter("th") if each.text == "Training"] == ["2"]
    assert "Groups. source" not in re.sub(r"\s+", " ", "".join(tree.getroot().itertext()))
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("no_kernel")
def test_two_columns_and_a_style_of_citations_are_settings_of_the_folder(tmp_path):
    project = write_project(
        tmp_path,
        "Text [@delong1988].\n\n"
        + TABLE.partition("::: {#tbl")[1]
        + TABLE.partition("::: {#tbl")[2]
        + "\n@tbl-groups\n\n# References\n",
    )
    shutil.copy(Path(__file__).parents[3] / "report" / "vancouver.csl", project / "report")
    (project / "report" / "_metadata.yml").write_text("csl: vancouver.csl\ncolumns: 2\n")
    html, pdf = render(project, ["html", "pdf"], progress=False).paths
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.read_text(encoding="utf-8")))
    assert "Text [1]." in page
    assert "DeLong E. Comparing areas. Biometrics. 1988." in page
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("no_kernel")
def test_a_figure_that_is_not_there_is_named(tmp_path):
    project = write_project(tmp_path, '![](../outputs/figures/absent){fig-alt="x"}\n')
    with pytest.raises(
        RenderError, match=r"index\.qmd: the figure \.\./outputs/figures/absent is not there"
    ):
        render(project, ["html"], progress=False)
