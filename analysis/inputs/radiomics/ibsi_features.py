"""Features of `engine: ibsi`: their names, codes of the IBSI, and names in MIRP."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

# Of intensities alone, as PyRadiomics's first order is.
INTENSITY_CLASSES = ("localintensity", "intensityhistogram", "intensityvolume")
# Of the IBSI's morphology, weighted by intensities: they describe more than the mask.
WEIGHTED_CLASS = "intensitymorphology"
AUTOCORRELATION = ("morph_moran_i", "morph_geary_c")


@dataclass(frozen=True)
class IbsiFeature:
    """A feature of the IBSI's reference.

    kind, name: in a feature's name, PyRadiomics's where it has the feature. code: the IBSI's.
    words: the IBSI's name. mirp: MIRP's name. meaning: None where PyRadiomics's dictionary has it.
    """

    kind: str
    name: str
    code: str
    words: str
    mirp: str
    meaning: str | None = None


@cache
def ibsi_features() -> tuple[IbsiFeature, ...]:
    """All features of the IBSI's reference with a consensus value, in the order of its chapters."""
    path = Path(__file__).with_name("ibsi_features.yml")
    return tuple(
        IbsiFeature(
            kind, str(name), code=code, words=words, mirp=mirp, meaning=next(iter(more), None)
        )
        for kind, features in YAML(typ="safe").load(path.read_text(encoding="utf-8")).items()
        for name, (mirp, code, words, *more) in features.items()
    )


def ibsi_codes() -> dict[tuple[str, str], IbsiFeature]:
    """Class and name of a feature → what the IBSI calls it."""
    return {(each.kind, each.name): each for each in ibsi_features()}
