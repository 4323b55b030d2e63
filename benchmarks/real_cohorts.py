"""Features and outcomes of public cohorts that are not part of the project, from a folder of them.

sarcoma: radiomics of two images of 49 patients, lung metastasis (Vallières et al. 2015).
liver_mri_features: a feature table of 117 patients, hepatocellular carcinoma or another tumour.
hcc_survival: 49 clinical variables of 165 patients, death within a year (Santos et al. 2015).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
# Names the folder of the cohorts where no argument does.
VARIABLE = "EARLY_RECURRENCE_REAL_COHORTS"


@dataclass(frozen=True, eq=False)
class RealCohort:
    """values: patients × features, NaN where missing; label: 0 and 1; settings: of the product's
    selection that differ from the defaults."""

    name: str
    values: np.ndarray
    label: np.ndarray
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return (
            f"{self.name}: {len(self.label)} patients, {int(self.label.sum())} events,"
            f" {self.values.shape[1]} features"
        )


def sarcoma(folder: Path) -> RealCohort:
    """Radiomics by study.sarcoma.yml, extracted once and cached below `.cache`."""
    from analysis.inputs.radiomics.table import radiomics_table
    from analysis.study import load_study
    from analysis.workflow.check.load import load_cohort

    place = ROOT / ".cache" / "benchmarks" / "sarcoma"
    (place / "data").mkdir(parents=True, exist_ok=True)
    for name in ("clinical.csv", "images"):
        link = place / "data" / name
        if not link.is_symlink():
            link.symlink_to((folder / name).resolve())
    yaml = YAML(typ="safe")
    written = yaml.load((ROOT / "study.sarcoma.yml").read_text(encoding="utf-8"))
    written["cohort"]["folder"] = "data"
    del written["deep_learning"]
    with (place / "study.yml").open("w", encoding="utf-8") as file:
        yaml.dump(written, file)
    cohort = load_cohort(load_study(place / "study.yml"))
    table = radiomics_table(cohort).features
    part = written["radiomics"]
    label = cohort.label.loc[table.index].to_numpy(dtype=int)
    return RealCohort("sarcoma", table.to_numpy(dtype=float), label, part)


def liver_mri_features(folder: Path) -> RealCohort:
    table = pd.read_csv(folder / "wide_4phase.csv")
    label = (table["classe_name"] == "CHC").to_numpy(dtype=int)
    values = table.drop(columns=["classe_name", "patient_num"]).to_numpy(dtype=float)
    return RealCohort("liver MRI", values, label)


def hcc_survival(folder: Path) -> RealCohort:
    table = pd.read_csv(folder / "hcc-data.csv", na_values="?")
    label = 1 - table.iloc[:, -1].to_numpy(dtype=int)
    return RealCohort("HCC survival", table.iloc[:, :-1].to_numpy(dtype=float), label)


COHORTS: dict[str, Callable[[Path], RealCohort]] = {
    each.__name__: each for each in (sarcoma, liver_mri_features, hcc_survival)
}


def real_cohorts(folder: Path | None) -> tuple[list[RealCohort], list[str]]:
    """The cohorts that lie in the folder, and a sentence on each that does not."""
    given = folder or (Path(os.environ[VARIABLE]) if VARIABLE in os.environ else None)
    if given is None:
        return [], [f"no folder of cohorts: give it as an argument or as {VARIABLE}"]
    found = [read(given / name) for name, read in COHORTS.items() if (given / name).is_dir()]
    absent = [
        f"{name} was left out: {given / name} is not there"
        for name in COHORTS
        if not (given / name).is_dir()
    ]
    return found, absent
