"""Studies rendered by a real Quarto, each in a folder of its own, and the preview's pages of the
same studies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.reporting.manuscript_folder import make_manuscript
from analysis.reporting.rendering import render
from analysis.study import Study, load_study
from analysis.study.dictionary import load_dictionary
from analysis.workflow.new_study import new_study
from tests.conftest import ROOT
from tests.support.blank_figures import run_with_blank_figures


@dataclass(frozen=True)
class Rendered:
    """folder: of the rendered documents; said: what Quarto printed."""

    folder: Path
    said: str


def run_quarto(project: Path, *options: str, **environment: str) -> str:
    """`quarto render` in `project` with this Python; returns what it printed."""
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    variables = {
        name: value for name, value in os.environ.items() if name != "EARLY_RECURRENCE_STUDY"
    }
    variables |= {
        "QUARTO_PYTHON": sys.executable,
        "PATH": paths,
        "PYTHONPATH": str(ROOT),
        "NO_COLOR": "1",
        **environment,
    }
    done = subprocess.run(
        ["quarto", "render", *options], cwd=project, env=variables, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-4000:]
    return said


def whole_project(study, project: Path) -> Rendered:
    """All documents of finished results in all formats."""
    make_manuscript(project, "images")
    said = run_quarto(project, EARLY_RECURRENCE_NO_RUN="1", EARLY_RECURRENCE_STUDY=str(study.path))
    return Rendered(project / "_report" / "report", said)


def _shrunk(path: Path) -> None:
    """A study file whose run takes seconds."""
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text(encoding="utf-8"))
    study["statistics"] |= {"bootstrap_resamples": 100, "optimism_resamples": 2}
    study["jobs"] = 1
    if "predictions" not in study:
        study |= {
            "validation": {"outer_folds": 2, "inner_folds": 2},
            "controls": {"permutations": 2},
            "robustness": {"instability_resamples": 2},
        }
        study["clinical"] |= {
            "candidates": ["age_years", "ast", "tumour_diameter"],
            "log_transform": ["ast"],
        }
    if "radiomics" in study:
        study["radiomics"] |= {
            "classifiers": ["logistic"],
            "tuning_folds": 2,
            "univariable_features": 5,
            "selected_features": 2,
        }
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(study, file)


def _filled(folder: Path, kind: str, patients: int = 60) -> None:
    """Data of the columns that the new study's dictionary names; the outcome follows two of
    them."""
    random = np.random.default_rng(7)
    event = np.arange(patients) % 2
    names = [f"P{number:03d}" for number in range(patients)]
    if kind == "predictions":
        frames = [
            pd.DataFrame(
                {
                    "patient_id": names,
                    "model": model,
                    "probability": (
                        np.clip(
                            0.5 + shift * (event - 0.5) + random.normal(0, 0.2, patients),
                            0.02,
                            0.98,
                        ).round(4)
                    ),
                    "event": event,
                }
            )
            for model, shift in (("New model", 0.4), ("Old model", 0.1))
        ]
        pd.concat(frames).to_csv(folder / "data" / "predictions.csv", index=False)
        return
    table = pd.DataFrame({"patient_id": names})
    for name, variable in load_dictionary(folder / "data" / "dictionary.yml").variables.items():
        if variable.role in ("predictor", "score_input"):
            low, high = {
                "age_years": (40, 80),
                "albumin": (30, 48),
                "bilirubin": (6, 25),
                "platelets": (90, 300),
                "tumour_number": (1, 3),
                "tumour_diameter": (1, 9),
            }.get(name, (15, 90))
            table[name] = {
                "binary": random.integers(0, 2, patients),
                "categorical": random.choice(variable.levels or [""], patients),
            }.get(variable.type, (random.integers(low, high + 1, patients)))
    table["ast"] += 25 * event
    table["ast_uln"] = 40
    table["recurrence_free_months"] = np.where(
        event == 1, random.integers(2, 22, patients), random.integers(30, 70, patients)
    )
    table["event_type"] = np.where(event == 1, "recurrence", "censored")
    table.to_csv(folder / "data" / "clinical.csv", index=False)
    if kind == "features":
        features = {
            f"{phase}_original_{name}": (
                random.normal(size=patients) + 0.8 * event * (name == "glcm_Contrast")
            )
            for phase in ("arterial", "portal_venous", "delayed")
            for name in ("glcm_Contrast", "firstorder_Mean", "shape_VoxelVolume")
        }
        pd.DataFrame({"patient_id": names, **features}).to_csv(
            folder / "data" / "features.csv", index=False
        )


def computed_study(kind: str, folder: Path) -> Study:
    """A new study of a kind with made patients, computed; no figure drawn, nothing rendered."""
    new_study(folder, kind)
    _filled(folder, kind)
    _shrunk(folder / "study.yml")
    study = load_study(folder / "study.yml")
    run_with_blank_figures(study)
    return study


def new_project(kind: str, folder: Path) -> tuple[Rendered, Path]:
    """A new study of a kind, computed and rendered by `quarto render` alone; and the folder of the
    preview's pages."""
    new_study(folder, kind)
    _filled(folder, kind)
    _shrunk(folder / "study.yml")
    said = run_quarto(folder, "--to", "html")
    quarto = shutil.move(folder / "_report", folder / "_of_quarto")
    study = load_study(folder / "study.yml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
        patch.setenv("EARLY_RECURRENCE_STUDY", str(study.path))
        patch.setenv("PYTHONPATH", str(ROOT))
        render(folder, ["html"], data=study.output_folder, progress=False)
    return Rendered(Path(quarto) / "report", said), folder / "_report" / "report"
