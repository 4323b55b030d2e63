"""What a classifier of radiomics features declares of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.spec import Dashes, ModelSpec

GROUP = "radiomics"


@dataclass(frozen=True)
class Classifier:
    """A classifier and the grid that it is tuned over.

    id: its name in study.yml. name: in words. make: (seed, patients of the smallest set that it is
    fitted on) -> the scikit-learn estimator and its grid, parameter -> values; where nothing is
    tuned, the middle value is taken. It imports what it needs itself: whoever reads a study file
    needs the names alone, and scikit-learn and XGBoost take seconds to load.
    """

    id: str
    name: str
    make: Callable[[int, int], tuple[Any, dict[str, list]]]
    colour: str | None = None
    dashes: Dashes | None = None
    citation: str | None = None

    @property
    def spec(self) -> ModelSpec:
        """The radiomics model with this classifier."""
        return ModelSpec(
            f"radiomics_{self.id}",
            f"Radiomics, {self.name}",
            "radiomics",
            short=self.name,
            reads=("radiomics",),
            build=_Builder(self.id),
            group=GROUP,
            chosen_as="radiomics",
            colour=self.colour,
            dashes=self.dashes,
            keeps_fit="outer",
            description=self.name,
        )


@dataclass(frozen=True)
class _Builder:
    classifier: str

    def __call__(self, settings: Any, seed: int) -> Any:
        # SciPy and scikit-learn load when a model is built, not when its name is asked for.
        from models.radiomics import RadiomicsModel

        return RadiomicsModel(self.classifier, **settings.arguments, seed=seed)
