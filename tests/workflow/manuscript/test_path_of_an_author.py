"""From `new` to a redline, as a radiologist writes: the text stays, its values follow the data, and
the redline shows which ones did."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.results.record import read_records
from tests.support.author_files import author_files
from tests.support.blank_figures import blank_figures
from tests.support.command_line import command
from tests.support.tracked_changes import text_of

pytestmark = pytest.mark.usefixtures("no_kernels")

PARAGRAPH = (
    '\nAt our hospital, `{python} r("cohort.events.n")` of `{python} r("cohort.labelled.n")`'
    ' patients died within a year, and the AUC was `{python} r("auc.cr.validation")`'
    " [@own2024].\n"
)
WORDS = re.compile(r"At our hospital, (\d+) of (\d+) patients died within a year.{0,40}?(0?\.\d+)")
OWN_SOURCE = (
    "\n@article{own2024, author = {Own, A.}, title = {Our registry}, journal = {J Reg},"
    " year = {2024}, volume = {1}, pages = {1--2}}\n"
)
QUICK = {
    "controls": {"permutations": 0},
    "robustness": {"instability_resamples": 0},
    "validation": {"outer_folds": 2, "inner_folds": 2},
    "jobs": 1,
}


def prepared(folder: Path) -> Path:
    """The study file of the example with authors, mended data and few resamples."""
    assert command("new", folder, "--example", "hcc-survival") == 0
    subprocess.run([sys.executable, folder / "data" / "mend.py"], check=True, capture_output=True)
    path, yaml = folder / "study.yml", YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["study"]["authors"] = [
        {
            "name": "Wei Own",
            "orcid": "0000-0002-1825-0097",
            "corresponding": True,
            "email": "w@o.org",
        }
    ]
    content["statistics"] |= {"bootstrap_resamples": 100, "optimism_resamples": 0}
    content |= QUICK
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return path


def write(report: Path) -> None:
    """The author's work: the article alone, a source of one's own, a section taken out, a paragraph
    put in."""
    settings = report.parent / "_quarto.yml"
    others = re.compile(r"    - report/(supplement|update|checklists)\.qmd\n")
    text = settings.read_text(encoding="utf-8")
    assert len(others.findall(text)) == 3
    settings.write_text(others.sub("", text), encoding="utf-8")
    sources, article = report / "references.bib", report / "index.qmd"
    sources.write_text(sources.read_text(encoding="utf-8") + OWN_SOURCE, encoding="utf-8")
    text = article.read_text(encoding="utf-8")
    calibration = re.compile(r"^\{\{< include _generated/results-calibration\.md >\}\}\n", re.M)
    assert len(calibration.findall(text)) == 1
    text = calibration.sub("", text)
    assert text.count("\n# Discussion") == 1
    article.write_text(text.replace("\n# Discussion", f"{PARAGRAPH}\n# Discussion"), "utf-8")


def printed(page: Path) -> tuple[str, ...]:
    """The three values of the author's paragraph, as the page prints them."""
    text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    found = WORDS.search(" ".join(text.split()))
    assert found, page
    return found.groups()


def of_results(study: Path) -> tuple[str, ...]:
    """The same from the results."""
    records = read_records(study.parent / "outputs" / study.parent.name / "results.json")
    counts = [str(records[f"cohort.{name}.n"].value) for name in ("events", "labelled")]
    return (*counts, f"{records['auc.cr.validation'].number:.3f}")


@pytest.mark.whole
def test_the_text_stays_the_values_follow_and_the_redline_shows_them(tmp_path, monkeypatch):
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "none")
    study = prepared(tmp_path / "registry")
    folder, report = study.parent, study.parent / "report"
    write(report)
    page = folder / "_report" / "report" / "index.html"
    with blank_figures():
        assert command("report", "--format", "html", "--study", study) == 0
    before, first = author_files(report), printed(page)
    assert first == of_results(study)
    text = page.read_text(encoding="utf-8")
    assert 'id="fig-calibration"' not in text
    assert "Our registry" in text
    assert "0000-0002-1825-0097" in text
    assert command("lock", "--study", study) == 0

    table = folder / "data" / "clinical.csv"
    patients = pd.read_csv(table, dtype=str)
    outcome = patients.columns[-1] if "1 survives" in patients.columns[-1] else None
    outcome = outcome or next(name for name in patients if "survives" in name)
    alive = patients.index[patients[outcome] == "1"][0]
    patients.loc[alive, outcome] = "0"
    patients.to_csv(table, index=False)
    with blank_figures():
        assert command("report", "--format", "html", "--study", study) == 0
    second = printed(page)
    assert second == of_results(study)
    assert int(second[0]) == int(first[0]) + 1
    assert author_files(report) == before

    monkeypatch.chdir(folder)
    out = folder / "redline"
    state = folder / "outputs" / folder.name
    assert command("redline", "results.lock.json", state, "--output", out, "--study", study) == 0
    document = out / "index.docx"
    for changes, values in (("reject", first), ("accept", second)):
        words = re.sub(r"[\[\]{}*]|\\", "", text_of(document, changes))
        assert WORDS.search(" ".join(words.split())).groups() == values, changes
    assert author_files(report) == before

    if shutil.which("quarto") is not None:
        monkeypatch.delenv("EARLY_RECURRENCE_QUARTO")
        assert command("render", "--format", "html", "--study", study) == 0
        assert "Preview rendering" not in page.read_text(encoding="utf-8")
        assert printed(page) == second
        assert author_files(report) == before
