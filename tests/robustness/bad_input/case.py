"""A case of bad input: what is spoilt, and what the message must hold."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """spoil: changes the study at a path. level: of the problem that is told; words: all are in one
    problem; patient: whom it names."""

    name: str
    kind: str
    make: Any
    spoil: Any
    level: str
    words: tuple[str, ...]
    patient: str | None = None


CLINICAL, FEATURES = "clinical.csv", "features.csv"

TABLE, IMAGE, MASK, STUDY = "Table", "Image", "Mask", "Study"
