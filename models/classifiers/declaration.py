"""Declaration of a classifier of radiomics features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.spec import Dashes


@dataclass(frozen=True)
class Classifier:
    """A classifier and the grid that it is tuned over.

    id: its name in study.yml. name: in words. make: (seed, patients of the smallest set that it is
    fitted on) -> the scikit-learn estimator and its grid, parameter -> values; where nothing is
    tuned, the middle value is taken. It imports what it needs itself: whoever reads a study file
    needs the names alone, and scikit-learn and XGBoost take seconds to load. software:
    distributions that it needs beside scikit-learn. holds_patients: its fit keeps the feature
    values of training patients, so that an exported model is as private as they are. by_default:
    whether a study that names no classifier trains it.
    """

    id: str
    name: str
    make: Callable[[int, int], tuple[Any, dict[str, list]]]
    colour: str | None = None
    dashes: Dashes | None = None
    citation: str | None = None
    software: tuple[str, ...] = ()
    holds_patients: bool = False
    by_default: bool = True
