"""Model declaration: one place that answers all that tells models apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

# Families of models that were trained; a staging system or index has one of its own.
TRAINED = ("clinical", "radiomics", "features", "deep_learning", "fusion", "additional")

Kind = Literal["fitted", "chosen", "fusion", "score", "given"]
ScoreKind = Literal["probability", "ordinal", "continuous"]
KeepsFit = Literal["never", "final", "outer"]
# Matplotlib's: offset, then lengths of ink and gap in points.
Dashes = tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class ModelSpec:
    """A model of a study: everything that is asked of it by anything but its own code.

    id: its name in predictions and keys. label: in tables and figures. short: beside its siblings,
    where the label of their family is said already; the label where empty. family: clinical,
    radiomics, deep_learning, fusion, additional, or a comparator's own.
    kind: fitted (a base model), chosen (the best of its siblings, chosen anew in each fold), fusion
    (of other models' scores), score (with nothing to learn) or given (made elsewhere).
    reads: its inputs, of clinical, radiomics, images. build: (settings, seed) -> the unfitted
    model; None for all but fitted ones. group: models of one group are fitted together in a fold;
    its own id where empty. chosen_as: the model that is chosen among it and its siblings. parts: of
    a fusion, the models whose scores it takes, beside the raw CR predictors.
    score, higher_is_worse: what its score is, and its direction before it is turned. levels: of an
    ordinal score, from best to worst, of rank first_rank, first_rank + 1, … colour, dashes: of its
    curves; None takes a spare colour by its id, and a solid line. keeps_fit: whether fitted
    models are stored never, of the final fit, or of the outer folds as well. inner_folds: whether
    it is fitted in them, which a part of a choice or a fusion needs. cost: fits of higher cost are
    started first. headline: place in the main table, None outside of it. yardstick: stands beside
    the models and can't be the study's best. description: of the Methods.
    software: distributions that compute it, beside those of every study, as `software.*` names
    them.
    """

    id: str
    label: str
    family: str
    kind: Kind = "fitted"
    short: str = ""
    reads: tuple[str, ...] = ()
    build: Callable[[Any, int], Any] | None = None
    group: str = ""
    chosen_as: str | None = None
    parts: tuple[str, ...] = ()
    score: ScoreKind = "probability"
    higher_is_worse: bool = True
    levels: tuple[str, ...] = ()
    first_rank: int = 0
    colour: str | None = None
    dashes: Dashes | None = None
    keeps_fit: KeepsFit = "never"
    inner_folds: bool = True
    cost: int = 0
    headline: int | None = None
    yardstick: bool = False
    description: str = ""
    software: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Fills what follows from the rest.

        Raises ValueError where a fitted model has no way to be built, or another one has.
        """
        if (self.build is not None) != (self.kind == "fitted"):
            raise ValueError(f"{self.id}: `build` belongs to a fitted model, and to no other")
        object.__setattr__(self, "short", self.short or self.label)
        object.__setattr__(self, "group", self.group or self.id)

    @property
    def trained(self) -> bool:
        """True if its family is one of trained models, here or elsewhere."""
        return self.family in TRAINED
