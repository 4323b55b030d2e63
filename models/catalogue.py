"""Names of classifiers and networks as study.yml writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from models.classifiers import BY_DEFAULT as DEFAULT_CLASSIFIERS
from models.classifiers import CLASSIFIERS as DECLARED_CLASSIFIERS
from models.networks import NETWORKS as DECLARED_NETWORKS

CLASSIFIERS: tuple[str, ...] = tuple(DECLARED_CLASSIFIERS)
NETWORKS: tuple[str, ...] = tuple(DECLARED_NETWORKS)

__all__ = ["CLASSIFIERS", "DEFAULT_CLASSIFIERS", "NETWORKS", "Classifier", "Network"]

if TYPE_CHECKING:
    Classifier = str
    Network = str
else:
    # What a study file may say follows from what is declared.
    Classifier = Literal[CLASSIFIERS]
    Network = Literal[NETWORKS]
