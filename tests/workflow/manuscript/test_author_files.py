"""The manuscript is the author's: what was edited stays to the byte, whatever command runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from analysis.cli import main
from analysis.core.project_folder import study_path
from analysis.reporting.claims.claim import write_claims
from analysis.reporting.claims.make import open_claims
from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder import kind_of, project_of
from analysis.reporting.manuscript_folder.place import manuscript_files
from analysis.reporting.sections import SECTIONS, Says, owned_text
from analysis.reporting.sections.open_places import open_places
from analysis.study import load_study
from analysis.workflow.manuscript import update
from analysis.workflow.manuscript.update import merged
from tests.conftest import ROOT
from tests.support.author_files import author_files
from tests.support.authored_study import drawn_figures
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study
from tests.support.manuscript_pages import placeholder_figures

pytestmark = pytest.mark.usefixtures("no_kernels")

OWN = (
    '\nA paragraph of the author: `{python} r("cohort.n")`, '
    '`{python} r.ci("auc.dlrcr.validation")`.\n'
)


@pytest.fixture
def study(tmp_path):
    """A study file without a manuscript beside it, with finished results. Its data are not there,
    so that a run ends at once."""
    path = write_fake_study(LIVER, tmp_path / "one")
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["cohort"].pop("demo")
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    placeholder_figures(path.parent / "outputs")
    drawn_figures(path.parent / "outputs")
    return load_study(path)


def edit(project: Path) -> None:
    """Text added to every file of text."""
    for path in author_files(project):
        if path.suffix == ".qmd":
            path.write_text(path.read_text(encoding="utf-8") + OWN, encoding="utf-8")
        elif path.name == "references.bib":
            path.write_text(path.read_text() + "@misc{own2024, title = {Own}}\n")
        elif path.name == "_quarto.yml":
            path.write_text(path.read_text() + "# a line of the author\n")


def test_a_manuscript_is_made_once_and_two_studies_share_none(tmp_path, study):
    project = project_of(study)
    assert project == study.root / "manuscript" / "liver"
    edit(project)
    before = author_files(project)
    assert project_of(study) == project
    assert author_files(project) == before
    other = study.path.with_name("other.yml")
    other.write_text(study.path.read_text().replace("name: liver", "name: other"))
    (study.root / "_quarto.yml").write_text("")
    assert project_of(load_study(other)) == study.root / "manuscript" / "other"
    assert project_of(study) == study.root, "study.yml has the one beside it"
    assert author_files(project) == before


def test_quarto_run_in_a_manuscript_finds_its_study(study, monkeypatch):
    monkeypatch.delenv("EARLY_RECURRENCE_STUDY", raising=False)
    monkeypatch.chdir(project_of(study))
    assert study_path() == study.path.resolve()


def test_the_manuscript_of_an_earlier_version_is_left_as_it_is_and_named(study, capsys):
    old = study.output_folder / "manuscript" / "report"
    old.mkdir(parents=True)
    (old / "index.qmd").write_text("What I wrote.")
    project_of(study)
    assert "copy over from there" in capsys.readouterr().err
    assert (old / "index.qmd").read_text() == "What I wrote."


COMMANDS = [
    ["render", "--format", "html"],
    ["pre-render"],
    ["checklist"],
    ["manuscript", "list"],
    ["manuscript", "update"],
    ["status"],
    ["bundle"],
    ["lock"],
    ["diff"],
    ["redline", "outputs", "outputs"],
    ["check"],
    ["run"],
    ["report", "--format", "html"],
    ["export", "model"],
    ["manuscript", "journal"],
    ["submit"],
]


def test_no_command_writes_an_authors_file(study, monkeypatch):
    """Some end with an error, as these results were made by no run: that is no reason to write."""
    for name, value in {
        "EARLY_RECURRENCE_STUDY": str(study.path),
        "EARLY_RECURRENCE_QUARTO": "none",
        "EARLY_RECURRENCE_NO_RUN": "1",
    }.items():
        monkeypatch.setenv(name, value)
    project = project_of(study)
    edit(project)
    before = author_files(project)
    assert {"index.qmd", "supplement.qmd", "references.bib", "_quarto.yml"} <= {
        path.name for path in before
    }
    for command in COMMANDS:
        quarto = command[0] == "pre-render"
        monkeypatch.chdir(project if quarto else study.root)
        main([*command, *([] if quarto else ["--study", str(study.path)])])
        assert author_files(project) == before, command
    page = project / "_report" / "report" / "index.html"
    assert "A paragraph of the author" in page.read_text(encoding="utf-8")


def test_each_command_of_the_documentation_runs(study, monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "none")
    monkeypatch.chdir(study.root)
    # The article, and the supplement that counts its numerals.
    settings = project_of(study) / "_quarto.yml"
    others = re.compile(r"    - report/(update|checklists)\.qmd\n")
    text, left_out = others.subn("", settings.read_text(encoding="utf-8"))
    assert left_out == 2
    settings.write_text(text, encoding="utf-8")
    page = (ROOT / "docs" / "write-your-manuscript.md").read_text(encoding="utf-8")
    claims = open_claims(open_results(study.path)).by_key
    write_claims(study.output_folder / "claims.json", claims.values())
    # Up to a remark or the name of a file; `numbers` needs an edited Word file, and has its tests.
    commands = [
        re.split(r"  +#| > ", each)[0]
        for each in re.findall(r"^early-recurrence (.+)$", page, flags=re.MULTILINE)
        if not each.startswith("numbers ")
    ]
    assert len(commands) == 11
    # The study has no statement on funding, so that a strict render is refused; no journal, and no
    # lock.
    ended = {command: main(command.split()) for command in commands}
    refused = {
        "render --strict": 2,
        "manuscript journal": 2,
        "redline results.lock.json outputs/my-study": 2,
    }
    assert ended == dict.fromkeys(commands, 0) | refused
    text = (project_of(study) / "report" / "index.qmd").read_text(encoding="utf-8")
    assert '`{python} r("cohort.n")` patients; ' in text
    pages = project_of(study) / "_report" / "report"
    counted = json.loads((pages / "numerals.json").read_text(encoding="utf-8"))
    assert {each["bound"] - each["numerals"] for each in counted.values()} == {0}
    total = counted["index.html"]["numerals"]
    assert total > 800
    supplement = " ".join((pages / "supplement.html").read_text(encoding="utf-8").split())
    assert f"{total} of the {total} numerals that the article prints in digits" in supplement


def test_strict_renders_nothing_while_the_authors_have_places_to_fill(study, capsys):
    index = project_of(study) / "report" / "index.qmd"
    index.write_text(index.read_text(encoding="utf-8") + "\n[authors: a figure of the path]\n")
    assert main(["render", "--strict", "--study", str(study.path)]) == 2
    said = capsys.readouterr().err.splitlines()[1:]
    assert "  study.yml: declarations.funding (Funding and role of the funder)" in said
    assert "  index.qmd: [authors: a figure of the path]" in said
    assert not [line for line in said if "reporting." in line], "the study file answers them"
    open_study = study.model_copy(update={"reporting": {}})
    found = open_places(open_study, index.parent)
    assert "study.yml: reporting.imaging_protocol (MRI or CT protocol)" in found
    assert len([line for line in found if "reporting." in line]) == 13


def test_answers_stand_in_the_methods_and_what_is_missing_is_marked(study):
    says = Says(open_results(study.path))
    assert "**Segmentation.** The generator cut each mask" in str(says("methods-acquisition"))
    assert "patients with hepatocellular carcinoma after curative resection" in str(
        says("methods-setting")
    )
    silent = replace(says.context.r, study=study.model_copy(update={"reporting": {}}))
    assert str(Says(silent)("methods-outcome")).startswith(
        "[**\\[authors: reference standard and follow-up\\]**]{#authors-reference_standard}"
    )
    assert "**\\[authors: MRI or CT protocol\\]**" in str(Says(silent)("methods-acquisition"))


def test_new_writes_nothing_where_a_file_is_there(tmp_path, capsys):
    (tmp_path / "mine" / "report").mkdir(parents=True)
    (tmp_path / "mine" / "report" / "index.qmd").write_text("Mine.")
    assert main(["new", str(tmp_path / "mine")]) == 2
    assert "report/index.qmd already; nothing was written" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "mine").rglob("*") if path.is_file()] == ["index.qmd"]


@pytest.mark.parametrize("kind", ["images", "features", "predictions", "clinical"])
def test_a_template_has_only_sections_of_its_kind_and_no_empty_heading(kind):
    files = manuscript_files(kind)
    text = files[Path("report/index.qmd")].decode()
    for name, section in SECTIONS.items():
        if kind not in section.kinds:
            assert f"_generated/{name}.md" not in text
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert ("## Images and features {#sec-images}" in headings) == (kind in ("images", "features"))
    blocks = [block for block in text.split("\n\n") if block.strip()]
    for first, second in pairwise(blocks):
        if first.startswith("#") and second.startswith("#"):
            assert len(first.split()[0]) < len(second.split()[0]), (first, second)
    for name in files:
        if "_generated" in name.parts:
            assert files[name].startswith(b"This section is written")


def test_kind_of_a_study(study):
    assert kind_of(study) == "images"
    without = study.model_copy(update={"radiomics": None, "deep_learning": None})
    assert kind_of(without) == "clinical"


def test_own_makes_a_section_the_authors_text_with_live_numbers(study, capsys, monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", str(study.path))
    project = project_of(study)
    index = project / "report" / "index.qmd"
    before = index.read_text(encoding="utf-8")
    assert main(["manuscript", "own", "results-clinical-model", "--study", str(study.path)]) == 0
    after = index.read_text(encoding="utf-8")
    assert "_generated/results-clinical-model.md" in before
    assert "_generated/results-clinical-model.md" not in after
    assert '`{python} r("auc.cr.validation:ci")`' in after
    assert "::: {#tbl-regression}\n\n{{< include _generated/tables/tbl-regression.md >}}" in after
    table = project / "report" / "_generated" / "tables" / "tbl-regression.md"
    assert table.read_text().startswith("|")
    owned = before.replace("{{< include _generated/results-clinical-model.md >}}", "")
    assert all(line in after for line in owned.splitlines())
    assert main(["manuscript", "own", "purpose", "--study", str(study.path)]) == 0
    assert 'says("purpose")' not in index.read_text(encoding="utf-8")
    capsys.readouterr()
    for name, words in {
        "claim-rules": "follow from the results",
        "purpos": "there is no section 'purpos'; close are purpose",
        "synthetic-page": "follow from the results",
        "methods-radiomics-model-x": "no section",
    }.items():
        assert main(["manuscript", "own", name, "--study", str(study.path)]) == 2
        assert words in capsys.readouterr().err


def test_a_decided_sentence_stays_a_call_within_an_own_text(study):
    project = project_of(study)
    main(["manuscript", "own", "results-discrimination", "--study", str(study.path)])
    text = (project / "report" / "index.qmd").read_text(encoding="utf-8")
    assert '`{python} claims("discriminates")`' in text


def test_update_shows_and_takes_what_the_package_changed(study, capsys, monkeypatch):
    project = project_of(study)
    argument = ["--study", str(study.path)]
    main(["manuscript", "update", *argument])
    assert "there is nothing to take" in capsys.readouterr().out
    index = project / "report" / "index.qmd"
    name = Path("report/index.qmd")
    mine = index.read_text(encoding="utf-8").replace("# Key points", "# My key points")
    index.write_text(mine, encoding="utf-8")
    newer = manuscript_files("images")
    newer[name] = newer[name].replace(b"# References", b"# Literature")
    monkeypatch.setattr(update, "templates", lambda kind: {name: newer[name]})
    main(["manuscript", "update", *argument])
    shown = capsys.readouterr().out
    assert "-# References\n+# Literature" in shown
    assert "My key points" not in shown
    assert index.read_text(encoding="utf-8") == mine
    assert main(["manuscript", "update", "--take", str(name), *argument]) == 0
    assert index.read_text(encoding="utf-8") == mine.replace("# References", "# Literature")
    capsys.readouterr()
    newer[name] = newer[name].replace(b"# Key points", b"# Main points")
    assert main(["manuscript", "update", "--take", str(name), *argument]) == 2
    assert "changed the same lines, so nothing was written" in capsys.readouterr().err


def test_lines_are_merged_where_only_one_side_changed_them():
    base = list("abcdefgh")
    assert merged(base, list("abXcdefgh"), list("abcdefgYh")) == (list("abXcdefgYh"), [])
    assert merged(base, list("abcdefgh"), list("cdefgh")) == (list("cdefgh"), [])
    assert merged(base, list("abcdXfgh"), list("abcdYfgh")) == (list("abcdXfgh"), ["Y"])


def test_every_section_that_can_be_owned_has_its_values_as_expressions(study):
    results = open_results(study.path)
    for name, section in SECTIONS.items():
        if not section.decided:
            text = owned_text(results, name)
            assert not re.search(r"\{[a-z_]+\.[a-z_.]+(?::\w+)?(?:[|][^{}]*)?\}", text), name
            assert not re.search(r"\{\.result title", text), name
