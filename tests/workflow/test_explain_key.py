"""`explain KEY`: a number's way, from its definition to its places in the article."""

import re
import zipfile

import pytest

from analysis.core.code_identity import HOME
from analysis.workflow.explain_key import code_place, places_of
from tests.support.command_line import command
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

KEY = "auc.dlrcr.validation"
PAGE = """<html><body><main><p>The AUC was <span class="result" title="{key} · 33 patients">.87
(95% CI .69–.95)</span> in validation.</p><p>Nothing of it.</p></main></body></html>"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_fake_study(LIVER, tmp_path_factory.mktemp("explain"))


def test_a_key_is_explained(study, capsys):
    assert command("explain", KEY, "--study", study) == 0
    text = capsys.readouterr().out
    rows = dict(re.findall(r"^  (\S+(?: in)?) {2,}(\S.*)$", text, re.MULTILINE))
    assert text.splitlines()[0] == KEY
    assert rows["definition"] == "Area under the ROC curve"
    assert rows["of"] == "model dlrcr"
    assert rows["patients"].split()[1] == "patients"
    assert re.match(r"0?\.\d+", rows["value"])
    assert rows["file"].endswith("results.json")
    assert "nothing was rendered yet" in rows["stands in"]
    assert max(map(len, text.splitlines())) <= 100 or str(study.parent) in text


def test_its_places_are_those_of_the_pages(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(PAGE.format(key=KEY))
    (found,) = places_of(KEY, [page])
    assert found.document == "index"
    assert found.words == "The AUC was [.87 (95% CI .69–.95)] in validation."
    assert places_of("auc.cr.validation", [page]) == []


def test_a_function_has_its_file_and_line():
    said = code_place("analysis.statistics.auc_interval:auc_interval")
    name, path, line = re.fullmatch(r"(\w+), (\S+) line (\d+)", said).groups()
    assert (HOME / path).read_text().splitlines()[int(line) - 1].startswith(f"def {name}(")
    assert code_place("somewhere.else:thing") == "somewhere.else:thing"


def test_a_wrong_key_gets_those_that_are_close(study, capsys):
    assert command("explain", "auc.dlrcr.validatoin", "--study", study) == 2
    assert f"did you mean {KEY}" in capsys.readouterr().err


def test_a_bundle_explains_its_numbers(study, tmp_path, capsys):
    (results,) = study.parent.rglob("results.json")
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as bundle:
        bundle.write(results, "results.json")
        bundle.writestr("article/index.html", PAGE.format(key=KEY))
    assert command("explain", KEY, "--bundle", tmp_path / "bundle.zip") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "index: The AUC was [.87 (95% CI .69–.95)] in validation." in text
    assert "Area under the ROC curve" in text
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as bundle:
        bundle.writestr("a.txt", "a")
    for name, words in [("none.zip", "holds no results.json"), ("nix.zip", "no such bundle")]:
        assert command("explain", KEY, "--bundle", tmp_path / name) == 2
        assert words in capsys.readouterr().err
