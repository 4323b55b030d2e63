"""The models that a declared classifier and a declared network make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.classifiers.declaration import Classifier
from models.networks.declaration import Network
from models.spec import ModelSpec

if TYPE_CHECKING:
    from models.deep import DeepModel
    from models.radiomics import RadiomicsModel
    from models.settings import NetworkSettings, RadiomicsSettings

# Classifiers are fitted together in a fold, on one selection of features.
GROUP = "radiomics"


@dataclass(frozen=True)
class _RadiomicsBuilder:
    classifier: str

    def __call__(self, settings: RadiomicsSettings, seed: int) -> RadiomicsModel:
        # SciPy and scikit-learn load when a model is built, not when its name is asked for.
        from models.radiomics import RadiomicsModel

        return RadiomicsModel(self.classifier, **settings.arguments, seed=seed)


@dataclass(frozen=True)
class _NetworkBuilder:
    network: str

    def __call__(self, settings: NetworkSettings, seed: int) -> DeepModel:
        # PyTorch loads when a network is built, not when its name is asked for.
        from models.deep import DeepModel

        return DeepModel(self.network, **settings.arguments, seed=seed)


def radiomics_model(classifier: Classifier) -> ModelSpec:
    """The radiomics model with a classifier."""
    return ModelSpec(
        f"radiomics_{classifier.id}",
        f"Radiomics, {classifier.name}",
        "radiomics",
        short=classifier.name,
        reads=("radiomics",),
        build=_RadiomicsBuilder(classifier.id),
        group=GROUP,
        chosen_as="radiomics",
        colour=classifier.colour,
        dashes=classifier.dashes,
        keeps_fit="outer",
        description=classifier.name,
        software=classifier.software,
    )


def network_model(network: Network) -> ModelSpec:
    """The DL model with a network."""
    return ModelSpec(
        network.id,
        network.label,
        "deep_learning",
        reads=("images",),
        build=_NetworkBuilder(network.id),
        chosen_as="dl",
        colour=network.colour,
        dashes=network.dashes,
        keeps_fit="final",
        cost=network.cost,
        description=network.label,
        software=("torch", "monai"),
    )
