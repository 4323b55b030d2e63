"""A whole study that is small enough for an emulated processor: all stages, in minutes.

`python -m tests.support.processor_study FOLDER` computes it and prints the digests of its files.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ruamel.yaml import YAML

from tests.conftest import ROOT, small_study

PHASE = {
    "image": "images/{patient_id}/portal_venous.nii.gz",
    "mask": "images/{patient_id}/mask.nii.gz",
    "repeat_masks": {"reader2": "images/{patient_id}/mask_reader2.nii.gz"},
}
# Changed beside the demonstration's own settings, section by section.
SMALLER = {
    "radiomics": {
        "tuning_folds": 2,
        "univariable_features": 6,
        "mrmr_features": 4,
        "selected_features": 2,
    },
    "deep_learning": {
        "epochs": 1,
        "crop_pixels": 16,
        "batch_size": 4,
        "slices": 1,
        "width": 0.05,
    },
    "cohort": {
        "folder": "data",
        "demo": {
            "patients": 16,
            "events": 8,
            "validation": 5,
            "censored": 1,
            "repeats": 3,
            "image_shape": [16, 16, 6],
            "seed": 3,
        },
    },
    "statistics": {
        "bootstrap_resamples": 100,
        "optimism_resamples": 2,
        "contrasts": {"model": "best", "primary": "cr", "family": ["albi", "okuda"]},
    },
}
# What says when, how long or by whom, and no number of the study.
NO_NUMBERS = ("training/", "figures/")


def processor_study(folder: Path, **changes: Any) -> Path:
    """study.yml of sixteen patients with one phase; five classifiers, three networks, their
    fusions, two staging systems. One job: a process that an emulated one starts is not emulated.
    changes: sections that replace those here."""
    whole = YAML(typ="safe").load((ROOT / "study.yml").read_text(encoding="utf-8"))
    sections = {name: whole[name] | smaller for name, smaller in SMALLER.items()}
    sections["radiomics"]["extraction"] = whole["radiomics"]["extraction"] | {"log_sigma_mm": [2.0]}
    sections |= {
        "jobs": 1,
        "phases": {"portal_venous": PHASE},
        "controls": {"permutations": 1, "shuffled_voxels": False},
        "robustness": {"instability_resamples": 1, "gallery": 1},
        "comparators": ["albi", "okuda"],
        "comparators_supplement": [],
        "additional_models": {},
        "subgroups": [{"variable": "sex", "fairness": True}],
    }
    return small_study(folder, "processor", **(sections | changes))


def one_network_study(folder: Path, **radiomics: Any) -> Path:
    """The same with one network, and with features of the unfiltered image alone; and with the
    controls and the model of one's own that it leaves out. radiomics: keys of that section."""
    controls = {"permutations": 1, "shuffled_voxels": True}
    models = {"volume": "models.volume:VolumeModel"}
    path = processor_study(folder, controls=controls, additional_models=models)
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text(encoding="utf-8"))
    study["radiomics"] |= radiomics
    study["radiomics"]["extraction"] |= {"log_sigma_mm": [], "wavelet": None}
    study["deep_learning"]["networks"] = ["resnet18"]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(study, file)
    return path


def compute_study(path: Path) -> dict[str, str]:
    """SHA-256 of every file of the study: the cohort that was generated, predictions, features,
    results, curves, tables, claims; figures, which are drawn from these, are left out."""
    from analysis.study import load_study
    from analysis.workflow.check.load import load_cohort
    from analysis.workflow.run import compute

    study = load_study(path)
    with patch("analysis.reporting.figures.draw_all"):
        compute(load_cohort(study))
    files = {}
    for name, folder in (("cohort", study.cohort_folder), ("outputs", study.output_folder)):
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            inside = file.relative_to(folder).as_posix()
            if not inside.startswith(NO_NUMBERS):
                files[f"{name}/{inside}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return files


def fitted_scores(folder: Path) -> str:
    """Predictions of CR, five classifiers and their fusion on a table of features, as text to the
    last bit: what is fitted without images."""
    from analysis.study import load_study
    from analysis.training import trained
    from analysis.workflow.check.load import load_cohort
    from tests.support.tiny_study import tiny_study

    study = tiny_study(
        folder,
        radiomics={
            "table": {"file": "clinical.csv", "columns": {"t1": "t1_{feature}"}},
            "classifiers": ["logistic", "svm", "knn", "xgboost", "mlp"],
            "tuning_folds": 2,
            "univariable_features": 4,
            "selected_features": 2,
        },
    )
    _, made = trained(load_cohort(load_study(study)))
    return made.predictions.table.to_csv(index=False)


if __name__ == "__main__":
    # Progress goes to the standard error.
    print(json.dumps(compute_study(processor_study(Path(sys.argv[1])))))
