"""Pages: every link leads somewhere, every page is in the contents, every piece of a study file
that is shown is one, and the English is plain."""

import json
import re

import jsonschema
import pytest
from ruamel.yaml import YAML

from analysis.imaging.convert.rules import ConvertRules
from analysis.study.schema import dictionary_schema, study_schema
from analysis.study.sections import Study
from tests.conftest import ROOT
from tests.docs.documentation import DOCS, PAGES, README, fenced, name_of

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
# Words that a clinical journal or a good manual does not use, and what it says instead.
BOOKISH = {
    r"whence": "from where",
    r"thereof": "of it",
    r"hereby": "",
    r"whilst": "while",
    r"amongst": "among",
    r"utili[sz]e[sd]?": "use",
    r"in order to": "to",
    r"of whom nothing": "",
    r"notwithstanding": "although",
    r"heretofore": "until now",
    r"aforementioned": "this",
    r"shall": "must",
    r"upon": "on",
    r"simply|obviously|of course": "",
    r"leverag(?:e|es|ing)": "use",
}


@pytest.mark.parametrize("page", [README, *PAGES], ids=name_of)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not [link for link in LINK.findall(text) if not (page.parent / link).exists()]


def test_every_page_is_in_the_contents():
    listed = {"index"}
    for page in PAGES:
        for block in fenced(page.read_text(encoding="utf-8")):
            if block.head == "{toctree}":
                for line in block.body.split("\n\n")[-1].split():
                    place = (page.parent / f"{line}.md").resolve()
                    assert place.is_file(), f"{name_of(page)}: {line}"
                    listed.add(place.relative_to(DOCS).with_suffix("").as_posix())
    assert {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES} == listed


def _pieces(kind: str):
    """(page, content) of every piece of YAML that the pages show, whose keys are of that file."""
    keys = {"study": set(Study.model_fields), "rules": {"phases", "masks", "examination"}}
    for page in [README, *PAGES]:
        for block in fenced(page.read_text(encoding="utf-8")):
            if block.head not in ("yaml", "yaml study.yml"):
                continue
            # Alternatives stand one below the other: each line is a piece then.
            texts = [block.body]
            top = re.findall(r"^(\w+):", block.body, re.MULTILINE)
            if len(top) != len(set(top)):
                texts = block.body.splitlines()
            for text in texts:
                content = YAML(typ="safe").load(text)
                if not isinstance(content, dict):
                    continue
                if "variables" in content or set(content) == {"missing"}:
                    found = "dictionary"
                elif not set(content) <= keys["study"]:
                    found = "rules" if set(content) <= keys["rules"] else "other"
                else:
                    rules = "phases" in content and not any(
                        isinstance(each, dict) and "image" in each
                        for each in content["phases"].values()
                    )
                    found = "rules" if rules else "study"
                if found == kind:
                    yield pytest.param(content, id=f"{name_of(page)}:{','.join(content)}")


@pytest.mark.parametrize("content", list(_pieces("study")))
def test_pieces_of_a_study_file_fit_its_schema(content):
    schema = {name: each for name, each in study_schema().items() if name != "required"}
    # A piece need not be a whole section.
    schema["$defs"] = {
        name: {key: value for key, value in section.items() if key != "required"}
        for name, section in schema["$defs"].items()
    }
    validator = jsonschema.Draft202012Validator(schema)
    plain = json.loads(json.dumps(content, default=str))
    assert [fault.message for fault in validator.iter_errors(plain)] == []


@pytest.mark.parametrize("content", list(_pieces("dictionary")))
def test_pieces_of_a_dictionary_fit_its_schema(content):
    schema = {name: each for name, each in dictionary_schema().items() if name != "required"}
    assert [
        fault.message for fault in jsonschema.Draft202012Validator(schema).iter_errors(content)
    ] == []


@pytest.mark.parametrize("content", list(_pieces("rules")))
def test_rules_of_a_conversion_are_rules(content):
    assert ConvertRules.model_validate(content).phases


@pytest.mark.parametrize("page", [README, *PAGES], ids=name_of)
def test_the_english_is_plain(page):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [
        f"{word.group()}: {better}"
        for pattern, better in BOOKISH.items()
        for word in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
    ]
    assert not found


def test_each_question_of_the_faq_names_its_thread():
    text = (DOCS / "how-to" / "faq.md").read_text(encoding="utf-8")
    questions = [part for part in text.split("\n\n") if part.startswith("**")]
    assert len(questions) > 10
    assert all("](http" in question for question in questions)


def test_the_published_pages_name_no_machine():
    for page in [README, *PAGES]:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|root|home)/", text), name_of(page)
    assert (ROOT / "docs" / "report.png").stat().st_size < 2_000_000
