"""The two studies of the made-up results, one without clinical variables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tests.conftest import ROOT

HOWS = ("apparent", "out_of_fold", "validation")


LABELS = {
    "cr": "CR",
    "radiomics": "Radiomics",
    "dl": "DL",
    "rcr": "RCR",
    "dlrcr": "DLRCR",
    "radiomics_logistic": "Radiomics, logistic regression",
    "radiomics_mlp": "Radiomics, multilayer perceptron",
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "bclc_2022": "BCLC",
    "albi": "ALBI",
}


CLASSIFICATION = ("accuracy", "sensitivity", "specificity", "ppv", "npv")


@dataclass(frozen=True)
class Kind:
    """What a study has: followed over time, clinical variables, a synthetic cohort, and its
    models."""

    name: str
    headline: tuple[str, ...]
    parts: tuple[str, ...]
    comparators: tuple[str, ...]
    followed: bool
    synthetic: bool
    phases: tuple[str, ...]

    @property
    def models(self) -> tuple[str, ...]:
        return (*self.headline, *self.parts, *self.comparators)


LIVER = Kind(
    "liver",
    ("cr", "radiomics", "dl", "rcr", "dlrcr"),
    ("radiomics_logistic", "radiomics_mlp", "resnet18", "resnet34"),
    ("bclc_2022", "albi"),
    True,
    True,
    ("arterial", "portal_venous", "delayed"),
)


SARCOMA = Kind(
    "sarcoma",
    ("radiomics", "dl"),
    ("radiomics_logistic", "resnet18"),
    (),
    False,
    False,
    ("mr_t1", "pet"),
)


def study_file(kind: Kind, folder: Path) -> Path:
    """study.yml of the kind; its output lies beside it."""
    yaml = YAML(typ="safe")
    study = yaml.load((ROOT / "study.yml").read_text(encoding="utf-8"))
    study["study"]["name"], study["output"] = kind.name, "outputs"
    if kind is SARCOMA:
        study["study"] = {
            "name": "sarcoma",
            "title": "Lung metastasis of soft-tissue sarcoma",
            "disease": "soft-tissue sarcoma",
            "event": "lung metastasis",
            "modality": "MR and PET",
            "protocol": "full",
        }
        study["cohort"] = {"folder": "data", "table": "clinical.csv", "patient_id": "patient_id"}
        study["endpoint"], study["split"] = (
            {"label": "lung_metastasis"},
            {"validation_fraction": 0.3, "seed": 1},
        )
        study["phases"] = {
            phase: {
                "image": f"{{patient_id}}/{phase}.nii.gz",
                "mask": "{patient_id}/mask.nii.gz",
                "extraction": {"bin_count": 32},
            }
            for phase in kind.phases
        }
        study["deep_learning"]["reference_phase"] = "mr_t1"
        for section in (
            "clinical",
            "comparators",
            "comparators_supplement",
            "published",
            "declarations",
        ):
            study.pop(section)
        study["statistics"].pop("contrasts")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "study.yml").open("w", encoding="utf-8") as file:
        yaml.dump(study, file)
    return folder / "study.yml"
