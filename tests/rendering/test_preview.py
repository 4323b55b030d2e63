"""The preview renderer on a small document: numbers, figures, tables, references, all formats, and failure by name."""

import html
import os
import re
from pathlib import Path

import pypandoc
import pytest

from analysis.rendering import RenderError, render
from analysis.rendering.execute import cell_options

DOCUMENT = '''---
title: A small document
---

```{python}
from IPython.display import Image, Markdown
import matplotlib.pyplot as plt
value = 3
```

The value is `{python} value` and the text `{python} Markdown("**strong** one")`; see @fig-line, @tbl-numbers and [@author2020].

::: {.callout-note}
## Mind this
A note.
:::

```{python}
#| label: fig-line
#| fig-cap: "A line."
plt.plot([0, 1]);
```

```{python}
#| label: tbl-numbers
#| tbl-cap: "Some numbers."
Markdown("| a | b |\\n|---|---|\\n| 1 | 2 |")
```

```{python}
#| output: asis
print("Printed *as it is*.")
```

```{python}
#| include: false
print("never shown")
```

# References
'''
BIBLIOGRAPHY = "@article{author2020, author = {Author, Ann}, title = {A title}, journal = {A journal}, year = {2020}}"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.qmd").write_text(DOCUMENT)
    (tmp_path / "report" / "references.bib").write_text(BIBLIOGRAPHY)
    (tmp_path / "_quarto.yml").write_text("project:\n  output-dir: _report\n  render: [report/index.qmd]\nbibliography: report/references.bib\n")
    return tmp_path


def _text(path: Path) -> str:
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))).replace("\u00a0", " ")


def test_all_formats_and_then_nothing_to_do(project):
    first = render(project)
    assert first.renderer == "preview" and [path.name for path in first.paths] == ["index.html", "index.docx", "index.pdf", "index.xml"]
    assert first.paths[2].read_bytes().startswith(b"%PDF")
    assert "<article" in first.paths[3].read_text(encoding="utf-8")
    stamps = [path.stat().st_mtime_ns for path in first.paths]
    second = render(project)
    assert second.message.startswith("The report is current") and [path.stat().st_mtime_ns for path in second.paths] == stamps
    document = project / "report" / "index.qmd"
    document.write_text(document.read_text().replace("value = 3", "value = 4"))
    assert "The value is 4" in _text(render(project, ["html"]).paths[0])


def test_the_page_says_what_the_source_means(project):
    text = _text(render(project, ["html"]).paths[0])
    for part in ("Preview rendering", "The value is 3 and the text strong one; see Figure 1, Table 1 and", "Author 2020", "Mind this", "Figure 1. A line.", "Table 1. Some numbers.", "Printed as it is."):
        assert part in text, part
    assert "never shown" not in text and "{python}" not in text and "@fig-line" not in text


def test_word_has_the_same_words(project):
    text = re.sub(r"\s+", " ", pypandoc.convert_file(str(render(project, ["docx"]).paths[0]), "plain"))
    for part in ("The value is 3", "Figure 1", "Some numbers", "A note."):
        assert part in text.replace("\u00a0", " "), part


def test_a_failing_expression_names_document_and_reason_and_keeps_the_earlier_page(project):
    page = render(project, ["html"]).paths[0]
    kept = page.read_bytes()
    document = project / "report" / "index.qmd"
    document.write_text(document.read_text().replace("`{python} value`", "`{python} {}['auc.missing']`"))
    with pytest.raises(RenderError, match=r"(?s)index.qmd.*KeyError.*auc\.missing"):
        render(project, ["html"])
    assert page.read_bytes() == kept
    assert not list(project.glob(".rendering-*"))


def test_a_failing_cell_is_named_by_its_label(project):
    document = project / "report" / "index.qmd"
    document.write_text(document.read_text().replace("plt.plot([0, 1]);", "1 / 0"))
    with pytest.raises(RenderError, match="fig-line.*ZeroDivisionError"):
        render(project, ["html"])


def test_options_are_yaml():
    options, code = cell_options('#| label: tbl-a\n#| tbl-cap: "x: y"\nprint(1)')
    assert options == {"label": "tbl-a", "tbl-cap": "x: y"} and code == "print(1)"


@pytest.mark.quarto
def test_quarto_renders_the_same_numbers(whole_study):
    import shutil
    import subprocess
    if shutil.which("quarto") is None:
        pytest.skip("quarto is not on the PATH: the project was not rendered by Quarto itself")
    root = Path(__file__).resolve().parents[2]
    environment = dict(os.environ, EARLY_RECURRENCE_STUDY=str(whole_study.path))
    result = subprocess.run(["quarto", "render", "--to", "html"], cwd=root, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "{python}" not in _text(root / "_report" / "report" / "index.html")
