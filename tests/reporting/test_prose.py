"""No number in the documents is typed: each comes from the results. What is no result is listed
here."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import ROOT

DOCUMENTS = sorted((ROOT / "report").glob("*.qmd"))
# Names that hold a digit, and are no result.
NAMES = ("ICC(2,1)", "R²", "E50", "E90", "SHA-256", "in 100 patients")  # the last is a unit
# A journal and publishers that give no DOIs, and papers whose DOI was not read at its source.
WITHOUT_DOI = {
    "pedregosa2011",
    "nogueira2018",
    "platt2000",
    "easl2018",
    "llovet1999",
    "amin2017",
    "okuda1985",
    "kudo2003",
    "leung2002",
    "mazzaferro1996",
    "yao2001",
    "pugh1973",
    "kariyama2020",
    "kamath2001",
    "optn2016",
    "kim2008",
    "lemoine2016",
    "chan2015",
    "proctor2012",
    "qi2016",
    "onodera1984",
    "ulibarri2005",
    "okugawa2020",
    "halazun2017",
    "chan2018",
    "gomez2008",
}
CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`\{python\}([^`]*)`")


def _without_names(text: str) -> str:
    text = re.sub(r"\{[^{}]*\}", "", text)  # keys of results, and attributes
    text = re.sub(r"@[A-Za-z]+[A-Za-z0-9-]*", "", text)  # citations and cross-references
    text = re.sub(r"`[^`]*`", "", text)  # names of files
    for name in NAMES:
        text = text.replace(name, "")
    return text


def _literals(code: str) -> list[str]:
    """Strings of a cell's code that a reader may see: those with a space, f-strings piece by piece;
    keys of results have none."""
    tree = ast.parse(code.strip())
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and " " in node.value.strip()
    ]


def typed_numbers(source: str) -> list[str]:
    """Digits in the prose, the captions and the printed strings of a document, each with what
    stands around it."""
    source = re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.DOTALL)
    seen, prose = [], CELL.sub("", source)
    for code in [*CELL.findall(source), *INLINE.findall(prose)]:
        options = [
            line for line in code.splitlines() if line.startswith("#| ") and "label:" not in line
        ]
        seen += [
            *options,
            *_literals("\n".join(line for line in code.splitlines() if not line.startswith("#|"))),
        ]
    seen += INLINE.sub("", prose).splitlines()
    return [
        match[0]
        for text in seen
        for match in re.finditer(r".{0,30}\d[\d.,]*.{0,10}", _without_names(text))
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_types_a_number(document):
    assert typed_numbers(document.read_text(encoding="utf-8")) == []


SECTIONS = sorted((ROOT / "analysis" / "reporting" / "sections").glob("*.py"))


@pytest.mark.parametrize("module", SECTIONS, ids=lambda path: path.stem)
def test_no_section_types_a_number(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        has_docstring = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if has_docstring and ast.get_docstring(node):
            node.body[0].value.value = ""
    texts = [each for each in _literals(ast.unparse(tree)) if " " in each.strip()]
    assert [each for each in texts if re.search(r"\d", _without_names(each))] == []


def _prose_and_code(source: str) -> tuple[int, int]:
    """Characters of a document's text, and of the Python in it."""
    body = re.sub(r"\A---\n.*?\n---\n|<!--.*?-->", "", source, flags=re.DOTALL)
    cells = re.sub(r"^#\|.*$", "", "\n".join(CELL.findall(body)), flags=re.MULTILINE)
    code = sum(map(len, [cells.strip(), *INLINE.findall(body)]))
    text = INLINE.sub("", CELL.sub("", body))
    text = re.sub(r"\{\{<.*?>\}\}|^#.*$|^:::.*$|``", "", text, flags=re.MULTILINE)
    return len(re.sub(r"\s+", " ", text)), code


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_prose_outweighs_python(document):
    prose, code = _prose_and_code(document.read_text(encoding="utf-8"))
    assert prose > code


def test_python_is_weighed():
    assert _prose_and_code("Of `{python} r('cohort.n')` all.\n") == (8, 14)


@pytest.mark.parametrize(
    "text",
    [
        "The AUC was 0.84 in all.",
        "We included `{python} r('cohort.n')` of 165 patients.",
        "```{python}\nprint('the AUC was 0.84')\n```\n",
        '```{python}\n#| label: tbl-a\n#| tbl-cap: "All 33 patients."\nmake()\n```\n',
        "`{python} f'{x} of 33 patients'`",
    ],
)
def test_a_typed_number_is_found(text):
    assert len(typed_numbers(text)) == 1


def test_names_and_keys_are_no_typed_numbers():
    assert (
        typed_numbers(
            "ICC(2,1) [@shrout1979], @fig-roc and `{python}"
            " r('net_benefit.dlrcr.validation.50')`.\n\n```{python}\n#| label: tbl-2\nrows[0] +"
            " 1\nsay('{auc.x.50:ci} of all')\n```\n"
        )
        == []
    )


def _references() -> dict[str, str]:
    text = (ROOT / "report" / "references.bib").read_text(encoding="utf-8")
    return dict(re.findall(r"^@\w+\{(\w+),(.*)$", text, flags=re.MULTILINE))


def test_each_reference_is_cited_and_each_citation_known():
    from models.classifiers import CLASSIFIERS
    from models.staging.citations import CITATIONS

    sources = [*DOCUMENTS, *(ROOT / "analysis").rglob("*.py")]
    cited = {
        key
        for path in sources
        for key in re.findall(r"@([a-z]+\d{4})\b", path.read_text(encoding="utf-8"))
    } | {key for keys in CITATIONS.values() for key in keys}
    cited |= {each.citation for each in CLASSIFIERS.values() if each.citation}
    # The reproduced paper's key stands in the study file.
    cited.add(re.search(r"^  citation: (\w+)$", (ROOT / "study.yml").read_text(), re.MULTILINE)[1])
    assert cited == set(_references())


def test_each_doi_is_valid_in_form_and_stands_once():
    found = {key: re.search(r"doi = \{([^}]*)\}", entry) for key, entry in _references().items()}
    identifiers = [match[1] for match in found.values() if match]
    assert {key for key, match in found.items() if match is None} == WITHOUT_DOI
    assert len(set(map(str.lower, identifiers))) == len(identifiers)
    for each in identifiers:
        assert re.fullmatch(r"10\.\d{4,9}/[-._;()/:<>A-Za-z0-9]+", each), each
