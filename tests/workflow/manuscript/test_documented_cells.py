"""The cell that docs/write-your-manuscript.md shows runs, and each numeral of its text is bound."""

from __future__ import annotations

import html
import json
import re

import pandas as pd
import pytest

from analysis.cli import main
from analysis.reporting.manuscript_folder import project_of
from analysis.statistics import auc_interval
from analysis.study import load_study
from tests.conftest import ROOT
from tests.support.blank_figures import run_with_blank_figures
from tests.support.tiny_study import tiny_study

pytestmark = pytest.mark.usefixtures("no_kernels")

SET_UP = """```{python}
#| include: false
from early_recurrence import open_manuscript

r, claims, says = open_manuscript()
```

"""


def documented() -> str:
    """The text of the page's section on a statistic of one's own."""
    page = (ROOT / "docs" / "write-your-manuscript.md").read_text(encoding="utf-8")
    section = page.split("## A statistic of your own")[1].split("\n## ")[0]
    (block,) = re.findall(r"^````\n(.*?)^````$", section, flags=re.S | re.M)
    return block


def test_the_documented_cell_runs_and_its_numbers_are_bound(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "none")
    study = load_study(tiny_study(tmp_path))
    run_with_blank_figures(study)
    project = project_of(study)
    # The article alone.
    settings = project / "_quarto.yml"
    others = re.compile(r"    - report/(supplement|update|checklists)\.qmd\n")
    text, left_out = others.subn("", settings.read_text(encoding="utf-8"))
    assert left_out == 3
    settings.write_text(text, encoding="utf-8")
    (project / "report" / "index.qmd").write_text(
        "---\njupyter: python3\n---\n\n"
        + SET_UP
        + "# Results\n\n"
        + documented()
        # A noun that follows its number.
        + '\nOf `{python} r.plural("cohort.n", "patient")` the text tells.\n',
        encoding="utf-8",
    )
    capsys.readouterr()
    assert main(["render", "--study", str(study.path), "--format", "html"]) == 0
    pages = project / "_report" / "report"
    text = html.unescape(re.sub(r"<[^>]+>", "", (pages / "index.html").read_text(encoding="utf-8")))
    text = " ".join(text.split())

    table = pd.read_csv(tmp_path / "data" / "clinical.csv").set_index("patient_id")
    scores = pd.read_csv(study.output_folder / "predictions.csv").set_index("patient_id")
    scores = scores[(scores["model"] == "cr") & (scores["how"] == "validation")]
    small = scores[table.loc[scores.index, "tumour_diameter"] <= 4]
    area = auc_interval(small["label"], small["score"])
    assert 0 < len(small) < len(scores)
    assert (
        f"In tumours of 4 cm or less the AUC of CR was {area.auc:.3f} ({area.ci_low:.3f}–"
        f"{area.ci_high:.3f})."
    ) in text
    assert f"Of {len(table)} patients the text tells." in text
    counted = json.loads((pages / "numerals.json").read_text(encoding="utf-8"))["index.html"]
    assert counted["unbound"] == []
    assert sum(count for kind, count in counted["kinds"].items() if "own" in kind) == 4
