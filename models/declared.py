"""Models of this package beside staging systems.

They are CR, the classifiers, the networks, the best of either, and their fusions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.classifiers import CLASSIFIERS
from models.networks import NETWORKS
from models.radiomics_and_networks import network_model, radiomics_model
from models.spec import ModelSpec

if TYPE_CHECKING:
    from models.clinical import ClinicalModel
    from models.settings import ClinicalSettings


def _clinical(settings: ClinicalSettings, seed: int) -> ClinicalModel:
    # statsmodels loads when the model is built, not when its name is asked for.
    from models.clinical import ClinicalModel

    return ClinicalModel(**settings.arguments, seed=seed)


CR = ModelSpec(
    "cr",
    "CR",
    "clinical",
    reads=("clinical",),
    build=_clinical,
    colour="#7A7A7A",
    dashes=(0, (1.2, 1.2)),
    keeps_fit="outer",
    inner_folds=True,
    headline=1,
    description="multivariable logistic regression on clinical-radiological variables",
)
RADIOMICS = ModelSpec(
    "radiomics",
    "Radiomics",
    "radiomics",
    kind="chosen",
    reads=("radiomics",),
    colour="#0072B2",
    headline=2,
    description="classifier",
)
DL = ModelSpec(
    "dl",
    "DL",
    "deep_learning",
    kind="chosen",
    reads=("images",),
    colour="#E69F00",
    headline=3,
    description="network",
)
RCR = ModelSpec(
    "rcr",
    "RCR",
    "fusion",
    kind="fusion",
    parts=(RADIOMICS.id,),
    reads=("clinical", "radiomics"),
    colour="#009E73",
    dashes=(0, (5, 1.6)),
    headline=4,
    description="logistic regression on the radiomics score and the raw CR predictors",
)
DLRCR = ModelSpec(
    "dlrcr",
    "DLRCR",
    "fusion",
    kind="fusion",
    parts=(DL.id, RADIOMICS.id),
    reads=("clinical", "radiomics", "images"),
    colour="#D55E00",
    headline=5,
    description="logistic regression on the radiomics and DL scores and the raw CR predictors",
)

# In the order of predictions and tables.
DECLARED: dict[str, ModelSpec] = {
    each.id: each
    for each in (
        CR,
        *map(radiomics_model, CLASSIFIERS.values()),
        *map(network_model, NETWORKS.values()),
        RADIOMICS,
        DL,
        RCR,
        DLRCR,
    )
}


@dataclass(frozen=True)
class Part:
    """Chosen model as a part of a fusion.

    noun: what it is chosen among. score: its score in words. key: of its records in results.json.
    """

    noun: str
    score: str
    key: str

    @property
    def term(self) -> str:
        """Name among the terms of a fusion, in a sentence."""
        return f"{self.score} (log odds)"


def part_of(term: str, labels: Mapping[str, str]) -> Part | None:
    """Part that a term of a fusion is the score of; None for a clinical predictor.

    labels: id → label of the study's models, a block of other people's features among them.
    """
    found = PARTS.get(term)
    if found is not None or term not in labels:
        return found
    return Part("model", f"score of {labels[term]}", term)


# In the order of results.
PARTS: dict[str, Part] = {
    RADIOMICS.id: Part("classifier", "radiomics score", "radiomics"),
    DL.id: Part("network", "DL score", "deep"),
}


def siblings(names: Iterable[str], chosen: str) -> list[str]:
    """Names among which `chosen` (radiomics or dl) is chosen, in their order."""
    return [name for name in names if name in DECLARED and DECLARED[name].chosen_as == chosen]


# What radiomics adds to the clinical model, and networks against radiomics: models that the best
# one is made of, which are compared whichever is the best.
PAIRS_OF_PARTS = ((RCR.id, CR.id), (DL.id, RADIOMICS.id))
