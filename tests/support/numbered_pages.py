"""A small document of a study with made results, rendered by the preview's writers as html, Word
and PDF; and a Word file edited as a co-author edits it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.reporting.manuscript import Results, open_results
from analysis.reporting.rendering.formats import Executed, common_options, write_format
from analysis.reporting.results_by_key import SET
from analysis.results.record import Records, write_records
from tests.support.tiny_study import tiny_study

BIBLIOGRAPHY = """@article{riley2020, author = {Riley, Richard D.}, title = {Sample size 441 of a
prediction model}, journal = {BMJ}, year = {2020}, volume = {368}, pages = {m441}}
"""
TABLE = """::: {#tbl-flow}

| Cohort | Patients | 95% CI |
|:-------|:--------:|:------:|
| Training | 132 | 120–140 |
| Validation | [33]{.result title="cohort.validation.n · split_of"} | – |

Patients of each cohort. [source]{.result .made-by title="tbl-flow · flow_markdown"}

:::
"""


def write_results(
    folder: Path, area: float = 0.8724, changes: dict[str, Any] | None = None
) -> Path:
    """The study file of a small study with eight made results.

    area: the AUC of its model; changes: sections of its study file.
    """
    study = tiny_study(folder, **(changes or {}))
    records = Records()
    records.add("cohort.n", 177, source="analysis.cohort:load_cohort")
    records.add("cohort.validation.n", 33, source="analysis.cohort:split_of")
    records.add("auc.cr.validation", area, ci_low=0.6861, ci_high=0.9512, p=0.0042, n=33)
    records.add("settings.confidence_level", 0.95, source=SET)
    records.add("label.cr", "Stage 2022", source=SET)
    records.add("study.disease", "liver tumours", source=SET)
    records.add("models.included", ("cr", "radiomics"), source=SET)
    output = folder / "outputs"
    output.mkdir(parents=True, exist_ok=True)
    write_records(output / "results.json", records)
    (output / "update.json").write_text(json.dumps({"same": 5420}), encoding="utf-8")
    return study


def made_results(
    folder: Path, area: float = 0.8724, changes: dict[str, Any] | None = None
) -> Results:
    """The same, opened as a document opens them."""
    return open_results(write_results(folder, area, changes), links=True)


def article(results: Results) -> str:
    """Markdown of an article whose numerals are all bound, one kind after the other."""
    return f"""# Results

Of {results("cohort.n")} patients, {results("cohort.validation.n")} were for validation; the
{results("settings.confidence_level:level")} interval of {results("label.cr")} was
{results("auc.cr.validation:ci")}, {results("auc.cr.validation:p")}.

Sample sizes followed Riley [@riley2020]; @tbl-flow has the cohorts. A margin of
[0.05]{{.own reason="agreed with the clinicians beforehand"}} was used, and
{results.stated(5420, "update.json")} results are equal.

T2-weighted images and FIB-4 were read with software 3.1.4 until 2026-11-29; see
`tables/flow_2.csv` and ICC(2,1).

{TABLE}
# References
"""


def write_pages(
    folder: Path, markdown: str, formats: tuple[str, ...] = ("html", "docx", "pdf")
) -> dict[str, Path]:
    """Suffix → page of that Markdown, by the preview's own writers."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    metadata = {"title": "A model of 24 features", "bibliography": "references.bib"}
    document = Executed(markdown, metadata, "index", resources=folder, project=folder)
    common, _ = common_options(document, folder)
    for name in formats:
        write_format(document, folder, name, common)
    return {f".{name}": folder / f"index.{name}" for name in formats}


def edit_word(source: Path, target: Path, change: Callable[[str], str]) -> Path:
    """A copy of a Word file whose document.xml went through `change`, as an editor leaves it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = change(content.decode()).encode()
            new.writestr(name, content)
    return target


def paragraph(words: str) -> str:
    """A paragraph of Word's XML."""
    return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def tracked(xml: str, old: str, new: str) -> str:
    """A run's text `old` replaced by `new` with tracked changes."""
    run = re.search(rf"<w:r>(?:(?!</w:r>).)*?<w:t[^>]*>{re.escape(old)}</w:t></w:r>", xml)
    assert run is not None, f"no run has {old}"
    attributes = 'w:id="1" w:author="A" w:date="2026-11-29T10:00:00Z"'
    deleted = run[0].replace("<w:t", "<w:delText").replace("</w:t>", "</w:delText>")
    inserted = run[0].replace(old, new)
    return xml.replace(
        run[0],
        f"<w:del {attributes}>{deleted}</w:del><w:ins {attributes}>{inserted}</w:ins>",
        1,
    )
