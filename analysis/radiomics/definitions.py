"""What a radiomics feature measures, in plain words, from its name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

CLASS_NAMES = {"shape": "shape", "firstorder": "first order", "glcm": "grey level co-occurrence", "glrlm": "grey level run length",
               "glszm": "grey level size zone", "gldm": "grey level dependence", "ngtdm": "neighbouring grey tone difference"}


@cache
def feature_definitions() -> dict[str, dict[str, str]]:
    """Class of PyRadiomics → feature → what it measures."""
    return YAML(typ="safe").load(Path(__file__).with_name("feature_definitions.yml").read_text(encoding="utf-8"))


def definition_of(kind: str, feature: str) -> str | None:
    """What a feature of a class measures; None for one that is not in the dictionary."""
    return feature_definitions().get(kind, {}).get(feature)
