"""A cohort of one's own that grows: patients of the demonstration are held back, to be added
later."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from tests.conftest import small_study

# One phase, one classifier, no networks: seconds, and every kind of piece but crops and networks.
PHASES = {
    "arterial": {
        "image": "images/{patient_id}/arterial.nii.gz",
        "mask": "images/{patient_id}/mask.nii.gz",
    }
}
COMPARATORS = ["albi", "fib4", "bclc_2022"]


def write_table(study_file: Path, table: pd.DataFrame) -> None:
    table.to_csv(study_file.parent / "data" / "clinical.csv", index=False)


def read_table(study_file: Path) -> pd.DataFrame:
    """Cells as they are written, so that nothing but what a test changes is changed."""
    return pd.read_csv(
        study_file.parent / "data" / "clinical.csv", dtype=str, keep_default_na=False
    )


@cache
def _fifty_patients() -> Path:
    """The cohort of the demonstration, made once and copied."""
    from analysis.demo import make_demo_cohort

    folder = Path(tempfile.mkdtemp(prefix="fifty_patients"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make_demo_cohort(
        folder / "data",
        patients=48,
        events=24,
        validation=12,
        censored=2,
        repeats=0,
        image_shape=(16, 16, 6),
        seed=5,
        jobs=1,
        progress=False,
    )
    return folder / "data"


def growing_study(folder: Path, **changes) -> tuple[Path, pd.DataFrame]:
    """Study file of a cohort of 38 patients, and the table of 12 more whose images lie there
    already. The table has what a hospital's has and no dictionary knows: days and remarks."""
    shutil.copytree(_fifty_patients(), folder / "data")
    settings = {
        "phases": PHASES,
        "deep_learning": None,
        "comparators": COMPARATORS,
        "comparators_supplement": [],
        "jobs": 1,
        "published": None,
        "subgroups": [],
        "additional_models": {},
    }
    path = small_study(folder, "growing", **(settings | changes))
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text())
    study["cohort"].pop("demo")
    study["study"] |= {"title": "A growing cohort"}
    study["radiomics"] = {
        "extraction": {"log_sigma_mm": [], "normalise": True, "bin_count": 16},
        "classifiers": ["logistic"],
        "tuning_folds": 2,
        "univariable_features": 20,
        "selected_features": 3,
    }
    study["controls"] = {"permutations": 2, "shuffled_voxels": False}
    study["robustness"] = {"instability_resamples": 2}
    study["statistics"]["contrasts"] = {"primary": "cr", "family": ["albi"]}
    study["statistics"]["optimism_resamples"] = 4
    study["sharing"] = {"clinical": True, "features": True}
    study["subgroups"] = [{"variable": "sex"}]
    study.pop("published")
    with path.open("w") as file:
        yaml.dump(study, file)
    # Names as a hospital gives them.
    (folder / "data" / "demo.digest").unlink()
    table = pd.read_csv(folder / "data" / "clinical.csv", dtype=str, keep_default_na=False)
    names = {name: f"MRN-{7000 + 13 * number}" for number, name in enumerate(table["patient_id"])}
    for old, new in names.items():
        (folder / "data" / "images" / old).rename(folder / "data" / "images" / new)
    table["patient_id"] = table["patient_id"].map(names)
    table["surgery_date"] = [
        f"20{12 + number % 9}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        for number in range(len(table))
    ]
    table["remark"] = [
        f"{name} was called on {1 + number % 28}.{1 + number % 12}.2021"
        for number, name in enumerate(table["patient_id"])
    ]
    table.loc[2, "age_years"] = "93"
    later = table.index % 4 == 3
    write_table(path, table[~later])
    return path, table[later]


def few_of(path: Path, training: int = 16, validation: int = 6) -> list[str]:
    """Names of the patients that stay in the table of a growing study, for what needs no more: so
    many of each cohort, half of them with the event, and one whose outcome nobody knows. The
    others' images still lie there."""
    table = read_table(path)
    months = table["recurrence_free_months"].astype(float)
    early = (table["event_type"] == "recurrence") & (months <= 24)
    learning = table["cohort"] == "training"
    kept = [*table.index[learning & ~early & (months <= 24)][:1]]
    for cohort, count in ((learning, training), (~learning, validation)):
        for outcome in (early, months > 24):
            kept += [*table.index[cohort & outcome][: count // 2]]
    assert len(kept) == training + validation + 1
    write_table(path, table.loc[sorted(kept)])
    return list(table.loc[sorted(kept), "patient_id"])
