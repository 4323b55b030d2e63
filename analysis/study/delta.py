"""study.yml as checked types: features that compare two phases, and their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.study.protocol import Name
from analysis.study.regions import Block, block_of, blocks_of
from analysis.study.section import Section

Measure = Literal["difference", "ratio", "relative_change", "wash_in", "washout"]
# Of the mean alone, whatever `features` says.
OF_MEAN: tuple[Measure, ...] = ("wash_in", "washout")
# With the reference's value as denominator.
QUOTIENTS: tuple[Measure, ...] = ("ratio", "relative_change", *OF_MEAN)
MEAN = "original_firstorder_Mean"
# What the names of all these features begin with; no phase may be called so.
BEGINNING = "delta"
PREFIXES: dict[Measure, str] = {
    "difference": "{phase}_minus_{reference}",
    "ratio": "{phase}_over_{reference}",
    "relative_change": "{phase}_relative_to_{reference}",
    "wash_in": "wash_in_{reference}_to_{phase}",
    "washout": "washout_{reference}_to_{phase}",
}
WORDS: dict[Measure, str] = {
    "difference": "{phase} minus {reference}",
    "ratio": "{phase} over {reference}",
    "relative_change": "relative change from {reference} to {phase}",
    "wash_in": "wash-in from {reference} to {phase}",
    "washout": "washout from {reference} to {phase}",
}
Glob = Annotated[str, Field(min_length=1)]


class DeltaPair(Section):
    """Two phases whose features are compared, in the tumour and in each region.

    Of a feature with the value p in `phase` and r in `reference`: difference, p − r (in the
    feature's unit); ratio, p / r; relative_change, (p − r) / r. Of the mean of the unfiltered image
    alone: wash_in, (p − r) / r, where the reference is the precontrast phase; washout, (r − p) / r,
    where it is the arterial phase. features: of which the first three are computed, by their names
    without phase and region, with * for anything; never of shape, which describes the mask.
    """

    phase: Name
    reference: Name
    measures: Annotated[list[Measure], Field(min_length=1)]
    features: Annotated[list[Glob], Field(min_length=1)] = ["original_firstorder_*"]

    @model_validator(mode="after")
    def _of_two_phases(self) -> DeltaPair:
        if self.phase == self.reference:
            raise ValueError(f"phase and reference are both {self.phase}; name two phases")
        twice = sorted({each for each in self.measures if self.measures.count(each) > 1})
        if twice:
            raise ValueError(f"measures: {', '.join(twice)} is named more than once")
        if len(set(OF_MEAN) & set(self.measures)) > 1:
            raise ValueError(
                "measures: washout is wash_in with the other sign for the same two phases; name"
                " wash_in from the precontrast phase, and washout from the arterial phase"
            )
        return self


@dataclass(frozen=True)
class DeltaFeature:
    """Feature that compares two. phase, reference: names of the two in the feature table."""

    measure: Measure
    phase: str
    reference: str

    @property
    def is_quotient(self) -> bool:
        """True if the reference's value is its denominator."""
        return self.measure in QUOTIENTS


@dataclass(frozen=True)
class Delta:
    """One measure of two phases. features: patterns of names; but: a name that is left out."""

    measure: Measure
    phase: str
    reference: str
    features: tuple[str, ...]
    but: str | None = None

    @property
    def name(self) -> str:
        """Its name in results: `portal_minus_arterial`."""
        return PREFIXES[self.measure].format(phase=self.phase, reference=self.reference)

    @property
    def prefix(self) -> str:
        """What names of its features begin with, where those of a phase have the phase's name."""
        return f"{BEGINNING}_{self.name}"

    @property
    def is_quotient(self) -> bool:
        """True if the reference's value is its denominator."""
        return self.measure in QUOTIENTS

    def words(self, labels: Mapping[str, str]) -> str:
        """What tables and texts call it. labels: phase → label."""
        named = {"phase": labels[self.phase], "reference": labels[self.reference]}
        return WORDS[self.measure].format(**named)

    def takes(self, feature: str) -> bool:
        """True if it is computed of a feature. feature: its name without phase and region."""
        if feature == self.but or "_shape_" in feature or "_shape2D_" in feature:
            return False
        return any(fnmatchcase(feature, pattern) for pattern in self.features)

    def of(self, region: str | None, feature: str) -> DeltaFeature:
        """What it compares of a feature in a region (None: the tumour)."""
        phase, reference = (Block(each, region).prefix for each in (self.phase, self.reference))
        return DeltaFeature(self.measure, f"{phase}_{feature}", f"{reference}_{feature}")


def deltas_of(pairs: Iterable[DeltaPair]) -> list[Delta]:
    """Measures of all pairs, in the study file's order.

    A relative change leaves out the mean where the study has the wash-in or washout of the two
    phases, which is the same number but for the sign.
    """
    pairs = list(pairs)
    of_mean = {(each.phase, each.reference) for each in pairs if set(OF_MEAN) & set(each.measures)}
    return [
        Delta(
            measure,
            pair.phase,
            pair.reference,
            features=(MEAN,) if measure in OF_MEAN else tuple(pair.features),
            but=MEAN
            if measure == "relative_change" and (pair.phase, pair.reference) in of_mean
            else None,
        )
        for pair in pairs
        for measure in pair.measures
    ]


def delta_features(
    deltas: Iterable[Delta], columns: Collection[str], blocks: Collection[Block]
) -> dict[str, DeltaFeature]:
    """Name → what it compares, of each feature that both phases have.

    columns: of the feature table; blocks: of all phases and regions there.
    """
    parts = {name: block_of(name, blocks) for name in columns}
    found: dict[str, DeltaFeature] = {}
    for delta in deltas:
        for name, block in parts.items():
            if block is None or block.phase != delta.reference:
                continue
            feature = name.removeprefix(f"{block.prefix}_")
            compared = delta.of(block.region, feature)
            if delta.takes(feature) and compared.phase in parts:
                found[f"{Block(delta.prefix, block.region).prefix}_{feature}"] = compared
    return found


def parsed(name: str, deltas: Iterable[Delta], regions: Iterable[str]) -> DeltaFeature | None:
    """What a feature compares, by its name; None for one of a single phase."""
    of = {delta.prefix: delta for delta in deltas}
    block = block_of(name, blocks_of(of, regions))
    if block is None:
        return None
    return of[block.phase].of(block.region, name.removeprefix(f"{block.prefix}_"))
