"""One zip for the reviewer, with nothing that names a patient.

It holds locked predictions, outcomes, results, settings and versions.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from analysis.cohort.cohort import Cohort
from analysis.results import keys
from analysis.results.record import Record, Records, read_records, records_text
from analysis.study import Study
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update.keyed_digests import open_keyring
from analysis.workflow.cohort_update.redaction import scrubbed
from analysis.workflow.cohort_update.stored_predictions import read_predictions
from analysis.workflow.review.archive import write_archive
from analysis.workflow.review.bundle_readme import bundle_readme, retraining_gaps, withheld
from analysis.workflow.review.deidentify import (
    dates_in,
    look_for_identity,
    shared_clinical,
    shared_dictionary,
    shared_settings,
)
from analysis.workflow.review.shared_article import shared_article, visible
from analysis.workflow.run import is_current
from models.registry import packing_of, registry_of

FORMAT = 2
# Days of a study's history; counts of it stay.
DAYS = (keys.plan_date(), keys.plan_first_evaluation())
ROOT = Path(__file__).resolve().parents[3]
SOURCES = (
    "report/index.qmd",
    "report/supplement.qmd",
    "report/update.qmd",
    "report/checklists.qmd",
    "report/references.bib",
    "_quarto.yml",
    "constraints.txt",
    "environment.yml",
    "pyproject.toml",
)


def _csv(table: pd.DataFrame, index: bool = False) -> bytes:
    """To the last bit: numbers are written as they are."""
    return table.to_csv(index=index, lineterminator="\n").encode()


def _yaml(content: Mapping[str, Any]) -> bytes:
    text = io.StringIO()
    yaml = YAML()  # keeps the order
    yaml.width = 120
    yaml.dump(dict(content), text)
    return text.getvalue().encode()


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _records(records: Mapping[str, Record]) -> bytes:
    return records_text(Records(records)).encode()


def _aggregates(folder: Path) -> dict[str, bytes]:
    """Curves and tables that hold no row of a patient, and no pixel of an image.

    Those of column names alone are left out: the study has nothing of their kind.
    """
    found = {}
    for path in sorted([*(folder / "curves").glob("*.csv"), *(folder / "tables").glob("*.csv")]):
        content = path.read_bytes()
        header, _, rows = content.partition(b"\n")
        if rows and not {b"patient_id", b"picture"} & set(header.split(b",")):
            found[path.relative_to(folder).as_posix()] = content
    return found


def _provenance(folder: Path) -> dict[str, Any]:
    """What made the results, which is not what packs them."""
    return json.loads((folder / "provenance.json").read_text(encoding="utf-8"))


def _origin(folder: Path) -> dict[str, Any]:
    origin = _provenance(folder)
    return {
        "commit": origin["commit"],
        "python": origin["python"],
        "platform": origin["platform"],
        "package": version("hcc-early-recurrence"),
    } | {name: origin[name] for name in ("arithmetic", "libc") if name in origin}


def bundle_files(study: Study, cohort: Cohort) -> dict[str, bytes]:
    """Name → content.

    Rows keep the order of the analysis, on which bootstrap samples depend; names of patients are
    HMACs of a secret that stays home. Raises PrivacyError where anything would identify a patient.
    """
    folder, keyring = study.output_folder, open_keyring(study)
    shared = {str(patient): keyring.shared(patient) for patient in cohort.patients}
    study_here = cohort.study

    def rekeyed(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(patient_id=table["patient_id"].map(shared))

    patients = (
        pd.concat([cohort.cohort.rename("cohort"), cohort.outcome], axis=1)
        .rename_axis("patient_id")
        .reset_index()
    )
    files = {
        "patients.csv": _csv(rekeyed(patients)),
        "predictions.csv": _csv(rekeyed(read_predictions(folder / "predictions.csv"))),
        "results.json": _records(
            {
                key: scrubbed(record, shared)
                for key, record in read_records(folder / "results.json").items()
                if key not in DAYS
            }
        ),
        "study.yml": _yaml(scrubbed(shared_settings(study_here), shared)),
        "environment/packages.txt": (
            "".join(
                f"{name}=={number}\n"
                for name, number in sorted(_provenance(folder)["packages"].items())
            ).encode()
        ),
    }
    for name in ("delineation_scores",):
        table = pd.read_csv(
            folder / f"{name}.csv", dtype={"patient_id": "string"}, float_precision="round_trip"
        )
        if len(table):
            files[f"{name}.csv"] = _csv(rekeyed(table))
    files |= {
        name: scrubbed(content.decode(), shared).encode()
        for name, content in _aggregates(folder).items()
    }
    clinical = shared_clinical(cohort)
    if (dictionary := shared_dictionary(cohort, clinical.table)) is not None:
        files["dictionary.yml"] = _yaml(dictionary)
    held = {
        "clinical": study.sharing.clinical and cohort.dictionary is not None,
        "features": study.sharing.features and study.radiomics is not None,
    }
    if held["clinical"]:
        files["clinical.csv"] = _csv(
            rekeyed(clinical.table.rename_axis("patient_id").reset_index())
        )
    if held["features"]:
        used = (folder / "features_used.txt").read_text(encoding="utf-8").split()
        features = pd.read_csv(
            folder / "features.csv", dtype={"patient_id": "string"}, float_precision="round_trip"
        )
        files["features.csv"] = _csv(rekeyed(features[["patient_id", *used]]))
    files |= {
        f"source/{name}": (ROOT / name).read_bytes() for name in SOURCES if (ROOT / name).is_file()
    }
    about = {
        "format": FORMAT,
        "study": study.study.name,
        "patients": len(cohort.patients),
        "origin": _origin(folder),
        "holds": held,
        "banded": clinical.banded if held["clinical"] else {},
        "left_out": clinical.left_out if held["clinical"] else {},
        "additional": packing_of(registry_of(study_here), study_here.comparator_files),
        "order": "rows of patients.csv are the analysis's order of patients",
    }
    files["bundle.json"] = _json(about)
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    files["claims.json"] = _json(scrubbed(claims, shared))
    article, missing = shared_article(study)
    files |= article
    files["README.md"] = bundle_readme(
        study_here,
        about,
        names=list(files),
        missing=withheld(study_here, about, missing, len(cohort.patients)),
        gaps=retraining_gaps(study_here, held),
    ).encode()
    seen = {name: visible(each) if name in article else each for name, each in files.items()}
    look_for_identity(seen, cohort.patients, dates_in(cohort.clinical))
    return files


def write_bundle(study: Study, path: Path) -> Path:
    """Write the bundle of the last run, which must be current."""
    if not is_current(study):
        raise ValueError(
            f"bundle: the results of {study.path.name} are not current; run `early-recurrence run`"
            " first"
        )
    return write_archive(path, bundle_files(study, load_cohort(study)))


def retraining_warning(study: Study) -> str | None:
    """Warning on models that nobody can train again from the study's bundle; None where all can."""
    held = {"clinical": study.sharing.clinical, "features": study.sharing.features}
    gaps = retraining_gaps(study, held)
    if not gaps:
        return None
    return "from this bundle alone can't be trained again:\n" + "\n".join(
        f"  {gap}" for gap in gaps
    )
