"""The reference of the radiomics features, from their definitions."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

import analysis.inputs.radiomics.definitions as definitions
from analysis.study.fast_engine import DEPRECATED


def page() -> str:
    """A table for each class of features."""
    path = Path(definitions.__file__).with_name("feature_definitions.yml")
    classes = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    usual = sum(
        len(set(features) - DEPRECATED.get(name, set()))
        for name, features in classes.items()
        if name != "shape2D"
    )
    parts = [
        f"PyRadiomics's classes, with {usual} features of an image by default. Filtered images have"
        " all but the shape. Those of `shape2D`, and those that PyRadiomics calls deprecated, since"
        " they equal another feature or a function of it, are computed where"
        " `radiomics: extraction: features` names them."
    ]
    for name, features in classes.items():
        words = definitions.CLASS_NAMES.get(name, name)
        rows = "\n".join(
            f"| `{feature}` | {str(meaning).replace('|', ' ')} |"
            for feature, meaning in features.items()
        )
        parts.append(
            f"## {words[:1].upper() + words[1:]}: `{name}`\n\n| feature | what it measures |\n"
            f"|---|---|\n{rows}"
        )
    return "\n\n".join(parts) + "\n"
