"""What Quarto makes of the documents, by its cause: filters, the title, tables in Quarto's markup,
hosts, imports.

These tests need no Quarto; tests/reporting/rendering/test_quarto.py asks Quarto itself.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import pypandoc
import pytest
from openpyxl import load_workbook
from ruamel.yaml import YAML

from analysis.reporting.rendering.execute import executed_markdown
from analysis.reporting.rendering.page import STYLE, page_banner, page_end, page_head
from analysis.reporting.rendering.spreadsheets import tables_of, write_spreadsheets
from tests.conftest import ROOT
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study
from tests.support.pages import asked

# As Quarto hands its document to the filters: raw blocks of its own in three places of the
# metadata.
HANDED = """---
title: A <b>title</b>`<script>title()</script>`{=html}
author: "`<script>author()</script>`{=html}"
keywords: ["`<i onclick=x()>`{=html}"]
PLACES
---

```{=html}
<script>body()</script>
```

Text `<img src=x onerror=cell()>`{=html} and `#read("secret")`{=typst}.
"""
PLACES = ("header-includes", "include-before", "include-after")
RAW = {
    "html": "<style>a { b: url(c) }</style>\n<script>page()</script>",
    "typst": '#set page(numbering: "1")',
}


def _tree(text: str, *filters: str) -> dict:
    given = [f"--lua-filter={STYLE / name}" for name in filters]
    return json.loads(pypandoc.convert_text(text, "json", format="markdown", extra_args=given))


def _all(tree: object) -> list[dict]:
    """Every element of a document's tree."""
    if isinstance(tree, list):
        return [found for each in tree for found in _all(each)]
    if isinstance(tree, dict):
        return [
            *([tree] if "t" in tree else []),
            *(found for each in tree.values() for found in _all(each)),
        ]
    return []


@pytest.mark.parametrize("kind", list(RAW))
def test_raw_blocks_that_quarto_puts_in_stay_and_all_others_become_text(kind):
    lines = [
        f"{place}:\n- |\n  ```{{={kind}}}\n"
        + "".join(f"  {line}\n" for line in RAW[kind].splitlines())
        + "  ```\n"
        for place in PLACES
    ]
    text = HANDED.replace("PLACES\n", "".join(lines))
    before, after = _tree(text), _tree(text, "only_text.lua")
    for place in PLACES:
        assert after["meta"][place] == before["meta"][place]
        assert [each["c"] for each in _all(after["meta"][place]) if each["t"] == "RawBlock"] == [
            [kind, RAW[kind]]
        ]
    others = {name: value for name, value in after["meta"].items() if name not in PLACES}
    elements = _all([others, after["blocks"]])
    assert not [each for each in elements if each["t"].startswith("Raw")]
    shown = " ".join(str(each["c"]) for each in elements if each["t"] == "Str")
    for words in (
        "<script>title()</script>",
        "<script>author()</script>",
        "<i onclick=x()>",
        "<script>body()</script>",
        "<img src=x onerror=cell()>",
        '#read("secret")',
    ):
        assert words in shown
    assert len([each for each in _all(before) if each["t"].startswith("Raw")]) > 2 * len(PLACES)


def test_a_comment_of_the_author_is_not_shown(tmp_path):
    document = "First.\n\n<!-- A remark,\non two lines. -->\n\nSecond<!-- aside --> sentence.\n"
    for target in ("plain", "html5", "typst"):
        made = pypandoc.convert_text(
            document,
            target,
            format="markdown",
            extra_args=[f"--lua-filter={STYLE / 'only_text.lua'}"],
        )
        assert "remark" not in made
        assert "aside" not in made
        assert "Second sentence." in made
    (tmp_path / "index.qmd").write_text(document)
    _, markdown = executed_markdown(tmp_path / "index.qmd", tmp_path / "media", tmp_path, tmp_path)
    assert "remark" not in markdown
    assert "aside" not in markdown
    assert "Second sentence." in markdown


def test_what_only_begins_and_ends_like_a_comment_is_text():
    made = pypandoc.convert_text(
        "`<!-- a --><script>run()</script><!-- b -->`{=html}",
        "html5",
        format="markdown",
        extra_args=[f"--lua-filter={STYLE / 'only_text.lua'}"],
    )
    assert "<script" not in made
    assert "&lt;script&gt;run()" in made


def promoted_heading(source: str) -> str | None:
    """The heading that Quarto's Jupyter engine makes the title: the first line of the first text,
    where the front matter has no title.

    Quarto's fixupFrontMatter (src/core/jupyter/jupyter-fixups.ts) looks at the document before it
    merges _metadata.yml.
    """
    front = re.match(r"---\n(.*?)\n---\n", source, re.DOTALL)
    if front and (YAML(typ="safe").load(front[1]) or {}).get("title"):
        return None
    cells = jupytext.reads(source[front.end() :] if front else source, fmt="Rmd").cells
    lines = next(
        (
            cell.source.strip("\n").splitlines()
            for cell in cells
            if cell.cell_type == "markdown" and cell.source.strip()
        ),
        [],
    )
    if lines and re.match(r"#+\s", lines[0]):
        return lines[0].lstrip("# ")
    return lines[0] if len(lines) > 1 and re.fullmatch(r"=+\s*|-+\s*", lines[1]) else None


CODE = "\n```{python}\nx = 1\n```\n\n"


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        (f"---\njupyter: python3\n---\n{CODE}# Abstract\n\nText.\n", "Abstract"),
        (f"{CODE}Abstract\n===\n\nText.\n", "Abstract"),
        (f"---\ntitle: Mine\n---\n{CODE}# Abstract\n", None),
        (f"---\njupyter: python3\n---\n{CODE}<!-- a remark -->\n\n# Abstract\n", None),
        (f"---\njupyter: python3\n---\n{CODE}Text first.\n\n# Abstract\n", None),
    ],
)
def test_the_rule_of_the_title(source, taken):
    assert promoted_heading(source) == taken


@pytest.mark.parametrize(
    "document", sorted((ROOT / "report").glob("*.qmd")), ids=lambda path: path.stem
)
def test_no_document_loses_a_heading_to_the_title(document):
    assert promoted_heading(document.read_text(encoding="utf-8")) is None


@pytest.fixture
def quarto_page(tmp_path):
    return shutil.copy(Path(__file__).with_name("quarto_tables.html"), tmp_path / "index.html")


def test_tables_are_read_as_quarto_writes_them(quarto_page):
    flow, regression = tables_of(quarto_page)
    assert (flow.label, flow.caption) == (
        "tbl-flow",
        "Table 1: Patients of each cohort by outcome.",
    )
    assert flow.rows() == [
        ["Cohort", "Outcome known", "Early recurrence"],
        ["Training", "132", "77"],
    ]
    assert regression.label == "tbl-regression"
    assert regression.caption.startswith(
        "Table 3: Logistic regression in the training cohort: odds"
    )
    assert regression.header[0] == [
        ("Variable", 1, 2),
        ("Univariable", 2, 1),
        ("Multivariable", 2, 1),
    ]
    assert regression.rows() == [
        ["Variable", "Univariable", "", "Multivariable", ""],
        ["", "OR (95% CI)", "P", "OR (95% CI)", "P"],
        ["ALT (per doubling)", "2.45 (1.49–4.22)", "< .001", "", ""],
    ]


def test_spreadsheets_of_a_quarto_page_bear_the_labels(quarto_page):
    written = write_spreadsheets(quarto_page)
    assert [path.relative_to(quarto_page.parent).as_posix() for path in written] == [
        "index_tables.xlsx",
        "index_tables/tbl-flow.csv",
        "index_tables/tbl-regression.csv",
    ]
    with (quarto_page.parent / "index_tables" / "tbl-flow.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        assert list(csv.reader(file)) == [
            ["Cohort", "Outcome known", "Early recurrence"],
            ["Training", "132", "77"],
        ]
    book = load_workbook(quarto_page.with_name("index_tables.xlsx"))
    assert book.sheetnames == ["flow", "regression"]
    assert [cell.value for cell in book["flow"][3]] == ["Training", 132, 77]
    assert book["regression"]["A1"].value.startswith("Table 3: ")


def test_the_search_for_hosts_finds_them():
    faults = [
        "<img src='http://a.org/x.png'>",
        "<link rel=stylesheet href=//a.org/x.css>",
        "<style>@import url(https://fonts.a.org/css);</style>",
        "<style>a {background: url('http://a.org/b')}</style>",
        '<p style="background: url(http://a.org/b)">',
        "<link href='data:text/css,@import%20%22https%3A%2F%2Fa.org%2Ff%22'>",
        "<script>fetch('https://a.org')</script>",
    ]
    assert all(len(asked(fault)) == 1 for fault in faults)
    assert (
        asked(
            "<a href='https://doi.org/10'>x</a><svg"
            " xmlns='http://www.w3.org/2000/svg'></svg><style>/* https://a.org */ a {b:"
            " url(data:x)}</style>"
        )
        == []
    )


def test_no_part_of_a_page_asks_a_host():
    assert asked(page_head("Words") + page_banner("Words") + page_end()) == []
    for path in sorted(STYLE.iterdir()):
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".css", ".scss"):
            assert asked(f"<style>{text}</style>") == [], path.name
            assert "@import" not in text, path.name
            assert "@font-face" not in text, path.name
    # Bootstrap's themes ask for fonts where this is not said.
    assert re.search(
        r"^\$web-font-path: *false;", (STYLE / "fonts.scss").read_text(encoding="utf-8"), re.M
    )
    theme = YAML(typ="safe").load((ROOT / "_quarto.yml").read_text())["format"]["html"]["theme"]
    assert theme == {
        name: ["report/_style/fonts.scss", f"report/_style/{name}.scss"]
        for name in ("light", "dark")
    }


def test_documents_import_nothing_that_they_do_not_use(tmp_path):
    study = write_fake_study(LIVER, tmp_path)
    code = f"""import sys
import early_recurrence as er
import analysis.reporting.tables.cohort_update
er.calculator_block, er.sentences, er.tables
er.open_claims(er.open_results({str(study)!r}, links=True))
er.open_manuscript({str(study)!r})
print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = set(done.stdout.split())
    assert "pandas" in loaded
    assert not loaded & {
        "scipy",
        "sklearn",
        "statsmodels",
        "torch",
        "matplotlib",
        "SimpleITK",
        "xgboost",
        "radiomics",
        "pingouin",
        "lifelines",
        "numba",
    }
