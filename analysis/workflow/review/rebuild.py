"""From an unpacked bundle back to a cohort and its predictions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.tables.canonical_units import to_canonical
from analysis.core.word_lists import counted, listed
from analysis.results import keys
from analysis.results.record import Record, read_records
from analysis.study import Study, load_study
from analysis.study.dictionary import Dictionary, load_dictionary
from analysis.workflow.cohort_update.stored_predictions import read_predictions
from models.registry import TRAINED, ModelSpec, Registry, packed_spec, registry_of

# In bundles of format 1 lists and truths of the results are texts.
READABLE = (1, 2)
OUTCOME = ("cohort", "label", "time_months", "event_type")


class BundleError(ValueError):
    """The bundle can't be read; the message says what is missing or wrong in it."""


@dataclass(frozen=True)
class Bundle:
    """Bundle as it was packed.

    about: bundle.json. cohort: patients under names that sort as the analysis had them; its study
    says whether clinical values are there. study: the settings as packed. names: the name here →
    the name in the bundle.
    """

    folder: Path
    about: dict[str, Any]
    study: Study
    cohort: Cohort
    predictions: pd.DataFrame
    delineations: pd.DataFrame
    features: pd.DataFrame | None
    results: Mapping[str, Record]
    own: Mapping[str, ModelSpec]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, str]:
        """Labels of models that were made elsewhere, which only the results know."""
        if self.study.predictions is None:
            return {}
        families = self.predictions.groupby("model", sort=False)["family"].first()
        return {
            model: str(self.results[keys.label(model)].value)
            for model, family in families.items()
            if keys.label(model) in self.results and family in TRAINED
        }

    @property
    def registry(self) -> Registry:
        """What the models are; those of one's own as the bundle describes them."""
        return registry_of(self.study, self.given, self.own)

    @property
    def clinical(self) -> bool:
        """Whether the bundle holds the clinical table."""
        return bool(self.about["holds"]["clinical"])


def _table(path: Path, inside: Mapping[str, str], **options: Any) -> pd.DataFrame:
    """Table whose patient_id becomes the name here.

    Raises BundleError for patients that patients.csv does not have.
    """
    table = pd.read_csv(
        path,
        dtype={"patient_id": "string"},
        float_precision="round_trip",
        keep_default_na=False,
        na_values=[""],
        **options,
    )
    return _renamed(table, inside, path.name)


def _renamed(table: pd.DataFrame, inside: Mapping[str, str], name: str) -> pd.DataFrame:
    unknown = sorted(set(table["patient_id"].astype(str)) - set(inside))
    if unknown:
        raise BundleError(
            f"{name} has {counted(len(unknown), 'patient')} whom patients.csv does not have,"
            f" {unknown[0]} among them"
        )
    return table.assign(patient_id=[inside[str(patient)] for patient in table["patient_id"]])


def read_bundle(folder: Path) -> Bundle:
    """Read an unpacked bundle; raises BundleError with what is missing or wrong."""
    needed = [
        name
        for name in ("bundle.json", "patients.csv", "predictions.csv", "results.json", "study.yml")
        if not (folder / name).is_file()
    ]
    if needed:
        raise BundleError(
            f"the bundle lacks {', '.join(needed)}; `early-recurrence bundle` writes one"
        )
    try:
        about = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        if about["format"] not in READABLE:
            raise BundleError(
                f"the bundle has format {about['format']}, this version reads"
                f" {listed([str(each) for each in READABLE])}"
            )
        return _read(folder, about)
    except (
        json.JSONDecodeError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        pd.errors.ParserError,
    ) as error:
        raise BundleError(f"the bundle is damaged: {type(error).__name__}: {error}") from None


def _read(folder: Path, about: dict[str, Any]) -> Bundle:
    patients = pd.read_csv(
        folder / "patients.csv",
        dtype={"patient_id": "string", "cohort": "string", "event_type": "string"},
        float_precision="round_trip",
        keep_default_na=False,
        na_values=[""],
    )
    if patients["patient_id"].duplicated().any():
        raise BundleError("patients.csv names a patient twice")
    # Names that sort as the rows do: the analysis goes through patients in this order, and so do
    # its bootstrap samples.
    inside = {str(name): f"{place:06d}" for place, name in enumerate(patients["patient_id"])}
    index = pd.Index(list(inside.values()), name="patient_id")
    outcome = (
        pd.DataFrame(
            {name: patients[name].to_numpy() for name in ("label", "time_months")}, index=index
        )
        .astype(float)
        .assign(event_type=pd.array(patients["event_type"], dtype="string"))
    )
    study = load_study(folder / "study.yml")
    if study.allow_outside:
        raise BundleError(
            "study.yml of the bundle asks for folders outside of it (allow_outside), which no"
            " bundle does; nothing of it was used"
        )
    dictionary = (
        load_dictionary(folder / "dictionary.yml")
        if (folder / "dictionary.yml").is_file()
        else None
    )
    clinical = pd.DataFrame(index=index)
    if about["holds"]["clinical"]:
        clinical = _clinical(folder, inside, dictionary).reindex(index)
    cohort = Cohort(
        study,
        clinical,
        outcome=outcome,
        cohort=pd.Series(patients["cohort"].to_numpy(), index=index, dtype="string", name="cohort"),
        dictionary=dictionary,
    )
    features = (
        _table(folder / "features.csv", inside).set_index("patient_id").reindex(index)
        if about["holds"]["features"]
        else None
    )
    scores = {
        name: (
            _table(folder / f"{name}.csv", inside)
            if (folder / f"{name}.csv").is_file()
            else pd.DataFrame(columns=columns)
        )
        for name, columns in {
            "delineation_scores": ["patient_id", "delineation", "model", "probability"]
        }.items()
    }
    own = {name: packed_spec(name, each) for name, each in about["additional"].items()}
    return Bundle(
        folder,
        about,
        study=study,
        cohort=cohort,
        predictions=_renamed(
            read_predictions(folder / "predictions.csv"), inside, "predictions.csv"
        ),
        delineations=scores["delineation_scores"],
        features=features,
        results=read_records(folder / "results.json"),
        own=own,
        names={here: name for name, here in inside.items()},
    )


def _clinical(
    folder: Path, inside: Mapping[str, str], dictionary: Dictionary | None
) -> pd.DataFrame:
    if dictionary is None or not (folder / "clinical.csv").is_file():
        raise BundleError(
            "bundle.json says that clinical values are there, and clinical.csv or dictionary.yml"
            " is not"
        )
    return to_canonical(_table(folder / "clinical.csv", inside).set_index("patient_id"), dictionary)


def contradictions(bundle: Bundle) -> list[str]:
    """Outcomes that predictions.csv and patients.csv tell differently, by patient."""
    merged = bundle.predictions.join(
        pd.concat([bundle.cohort.cohort, bundle.cohort.outcome], axis=1),
        on="patient_id",
        rsuffix="_patients",
    )
    found: list[str] = []
    for name in OUTCOME:
        one, two = merged[name].astype(object), merged[f"{name}_patients"].astype(object)
        differs = ~((one == two) | (one.isna() & two.isna())).fillna(False).astype(bool)
        found.extend(
            f"{name} of {bundle.names[patient]} differs between predictions.csv and patients.csv"
            for patient in dict.fromkeys(merged.loc[differs, "patient_id"])
        )
    return found
