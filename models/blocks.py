"""The models that a block of other people's features and a fusion of named scores make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.classifiers import CLASSIFIERS
from models.spec import ModelSpec

if TYPE_CHECKING:
    from models.radiomics import RadiomicsModel
    from models.settings import BlockSettings

FAMILY = "features"
# They stand behind the package's models in the main table, and fusions behind what they are of.
PLACE_OF_BLOCKS, PLACE_OF_FUSIONS = 10, 20


@dataclass(frozen=True)
class _BlockBuilder:
    classifier: str

    def __call__(self, settings: BlockSettings, seed: int) -> RadiomicsModel:
        # SciPy and scikit-learn load when a model is built, not when its name is asked for.
        from models.radiomics import RadiomicsModel

        return RadiomicsModel(self.classifier, **settings.arguments, seed=seed)


def block_model(name: str, block: Any) -> ModelSpec:
    """The model of a block (analysis.study.feature_blocks.FeatureBlock), whose id is its name."""
    classifier = CLASSIFIERS[block.classifier]
    return ModelSpec(
        name,
        block.name_in_words(name),
        FAMILY,
        reads=("blocks",),
        build=_BlockBuilder(classifier.id),
        keeps_fit="outer",
        headline=PLACE_OF_BLOCKS,
        software=classifier.software,
    )


def further_fusion(name: str, fusion: Any, labels: Mapping[str, str]) -> ModelSpec:
    """A fusion that the study file names (analysis.study.further_fusions.FurtherFusion).

    labels: id → label of the models that it may be made of.
    """
    parts = tuple(fusion.parts)
    made_of = [labels.get(part, part) for part in parts]
    return ModelSpec(
        name,
        fusion.label or " + ".join(["CR", *made_of]),
        "fusion",
        kind="fusion",
        parts=parts,
        reads=("clinical", *parts),
        headline=PLACE_OF_FUSIONS,
    )
