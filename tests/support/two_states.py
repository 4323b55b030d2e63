"""Two states of a study that no analysis made: before, and after patients came, a score was added
and results moved."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image
from ruamel.yaml import YAML

from analysis.reporting.claims.claim import write_claims
from analysis.reporting.claims.make import make_claims
from analysis.reporting.manuscript import open_results
from analysis.results.record import read_records
from analysis.study import Study, load_study
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study
from tests.support.manuscript_pages import placeholder_figures

# What the old state lacks: a score that was added since.
ADDED = "albi"
MOVED: dict[str, dict[str, Any]] = {
    "cohort.n": {"value": 179},
    "auc.dlrcr.validation": {"value": 0.55, "ci_low": 0.45, "ci_high": 0.63, "n": 35},
    "delong.dlrcr_vs_cr.validation": {"ci_low": -0.02, "p": 0.2},
    "settings.seed": {"value": 7},
    "radiomics.best": {"value": "random forest"},
}


@dataclass(frozen=True)
class TwoStates:
    """new: the study's own folder of results."""

    study: Study
    old: Path
    new: Path


def _picture(grey: int) -> bytes:
    made = io.BytesIO()
    Image.new("L", (300, 200), grey).save(made, "png")
    return made.getvalue()


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return rows


def _write(folder: Path, name: str, content: Any) -> None:
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def _without_added(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = [row for row in rows if ADDED not in row["key"].replace("_vs_", ".").split(".")]
    return [
        row | {"value": [each for each in row["value"] if each != ADDED]}
        if isinstance(row["value"], list)
        else row
        for row in kept
    ]


def _made_from(folder: Path, patients: list[str], ast: str, commit: str) -> None:
    """Patients with this digest of their AST, and this commit and study file."""
    states = {name: {"cohort": "training", "fields": {"ast": ast}} for name in patients}
    _write(folder, "patients.json", states)
    origin = {"commit": commit, "python": "3.11.7", "platform": "Linux x86_64", "packages": {}}
    _write(folder, "provenance.json", origin)
    _write(folder, "state.json", {"sections": {"statistics": commit, "manuscript": commit}})


def two_states(folder: Path) -> TwoStates:
    """The study file with both folders of results beside it."""
    path = write_fake_study(LIVER, folder)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["cohort"].pop("demo")
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    new, old = folder / "outputs", folder / "before"
    placeholder_figures(new)
    for figure in (new / "figures").glob("*.png"):
        figure.write_bytes(_picture(255))
    shutil.copytree(new, old)
    (new / "figures" / "roc.png").write_bytes(_picture(128))
    _write(old, "results.json", _without_added(_rows(old)))
    _write(new, "results.json", [row | MOVED.get(row["key"], {}) for row in _rows(new)])
    _made_from(old, ["a"], "1", "aaaaaaa")
    _made_from(new, ["a", "b", "c"], "2", "bbbbbbb")
    study = load_study(path)
    opened = open_results(path)
    for state in (old, new):
        results = replace(opened, records=read_records(state / "results.json"), folder=state)
        write_claims(state / "claims.json", make_claims(results).values())
    return TwoStates(study, old, new)
