"""Every command in README and pages is run by the site's build, by CI or by a test, or says that it
is not run."""

import re

import pytest

from analysis.cli import COMMANDS
from tests.conftest import ROOT
from tests.docs.documentation import PAGES, README, fenced, name_of

# Commands that no page runs, and the test that does.
TESTED = {
    "completion": "tests/workflow/command_line/test_completion.py",
    "explain": "tests/workflow/test_explain_key.py",
    "convert": "tests/imaging/convert/test_convert_faults.py",
    "demo": "tests/demo/test_demo_cohort.py",
    "predict": "tests/workflow/locked_model/test_export.py",
    "report": "tests/test_ways_in.py",
    "score": "tests/test_cli.py",
    "scores": "tests/test_cli.py",
    "submit": "tests/workflow/submission/test_submit.py",
}
CALL = re.compile(r"^\s*(?:\$ )?early-recurrence ([a-z-]+)", re.MULTILINE)
MAKE = re.compile(r"^\s*(?:\$ )?make ([a-z]+)", re.MULTILINE)
OTHERS = re.compile(r"^\s*(?:\$ )?(quarto|conda|pip|\S*/pip|dask|sbatch|kubectl)\b", re.MULTILINE)


def run_by_the_site() -> set[str]:
    return {
        command
        for page in PAGES
        for block in fenced(page.read_text(encoding="utf-8"))
        if block.head.startswith("{run}")
        for command in CALL.findall(block.body)
    }


@pytest.mark.parametrize("page", [README, *PAGES], ids=name_of)
def test_commands_exist_and_are_run_or_labelled(page):
    ci = (ROOT / ".ci" / "run").read_text()
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    run = run_by_the_site() | set(TESTED)
    for block in fenced(page.read_text(encoding="utf-8")):
        if re.match(r"\{|yaml|python|:|diff", block.head):
            continue
        calls, makes = set(CALL.findall(block.body)), set(MAKE.findall(block.body))
        assert calls <= set(COMMANDS), block.body
        assert makes <= targets, block.body
        if not block.labelled:
            assert calls <= run, block.body
            # `make setup` is what every other target does first, `make report` what a test does.
            assert makes <= {*re.findall(r"make (\w+)", ci), "setup", "report"}, block.body
            assert not OTHERS.findall(block.body), block.body


@pytest.mark.parametrize("command", TESTED)
def test_the_tests_that_run_the_others_are_there(command):
    text = (ROOT / TESTED[command]).read_text(encoding="utf-8")
    assert re.search(rf"\b{command}\b", text)


def test_the_readme_s_commands_of_one_minute_are_those_of_the_first_tutorial():
    text = (ROOT / "docs" / "tutorials" / "first-report.md").read_text(encoding="utf-8")
    assert "early-recurrence new my-study --example hcc-survival" in text
    for command in ("check", "run", "render"):
        assert f"\nearly-recurrence {command} --study my-study/study.yml" in text


def test_the_site_is_built_by_ci():
    assert "make docs" in (ROOT / ".ci" / "run").read_text()
    assert "sphinx -W" in (ROOT / "Makefile").read_text()
