"""Quotients of two phases' features: which have a denominator that is far enough from zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.near_zero import LEAST_SHARE


@dataclass(frozen=True)
class Denominator:
    """What the learning patients say of a quotient's denominator.

    feature: that divides. sign: 1 or -1, of all its values; least: magnitude below which a value is
    near zero, in the feature's unit. mean: of the quotient in the learning patients.
    """

    feature: str
    sign: float
    least: float
    mean: float

    def is_near_zero(self, values: np.ndarray) -> np.ndarray:
        """True where a denominator has the other sign, or is less than `least` away from zero."""
        return ~(self.sign * values >= self.least)


@dataclass(frozen=True)
class Denominators:
    """Denominators of quotients, as learnt from the learning patients of a fit.

    of: quotient → its denominator. left_out: quotients that no fit may use: their denominator has
    both signs in the learning patients, is zero in half of them, or in some less than LEAST_SHARE
    of its median magnitude.
    """

    of: Mapping[str, Denominator]
    left_out: tuple[str, ...] = ()

    @classmethod
    def fit(cls, table: pd.DataFrame, references: Mapping[str, str]) -> Denominators:
        """table: learning patients × features; references: quotient → feature that divides it."""
        found: dict[str, Denominator] = {}
        left_out = []
        for name, reference in references.items():
            values = table[reference].to_numpy(dtype=float)
            magnitude = float(np.median(np.abs(values)))
            denominator = Denominator(
                reference,
                1.0 if np.median(values) >= 0 else -1.0,
                LEAST_SHARE * magnitude,
                float(table[name].mean()),
            )
            if magnitude == 0 or denominator.is_near_zero(values).any():
                left_out.append(name)
            else:
                found[name] = denominator
        return cls(found, tuple(left_out))

    def near_zero(self, table: pd.DataFrame, names: Iterable[str]) -> dict[str, np.ndarray]:
        """Quotient → True for each patient whose denominator is near zero; of these names alone."""
        return {
            name: self.of[name].is_near_zero(table[self.of[name].feature].to_numpy(dtype=float))
            for name in names
            if name in self.of
        }

    def filled(self, table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
        """Columns of these names, with the learning patients' mean for a quotient near zero."""
        values = table[names]
        for name, near in self.near_zero(table, names).items():
            if near.any():
                values = values.assign(**{name: values[name].mask(near, self.of[name].mean)})
        return values

    def only(self, names: Iterable[str]) -> Denominators:
        """Those of these quotients alone."""
        return Denominators({name: self.of[name] for name in names if name in self.of})

    def description(self) -> dict[str, Any]:
        """Plain values."""
        return {name: vars(each) for name, each in self.of.items()}

    @classmethod
    def from_description(cls, description: Mapping[str, Mapping[str, Any]]) -> Denominators:
        """Denominators again from their description."""
        return cls({name: Denominator(**each) for name, each in description.items()})
