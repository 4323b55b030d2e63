"""The reference of the radiomics features, from their definitions."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

import analysis.inputs.radiomics.definitions as definitions
from analysis.inputs.radiomics.ibsi_features import ibsi_features
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
    return "\n\n".join([*parts, *_of_ibsi()]) + "\n"


def _of_ibsi() -> list[str]:
    """Features of `engine: ibsi`, with the IBSI's names and codes."""
    features = ibsi_features()
    parts = [
        f"## With `engine: ibsi`\n\n{len(features)} features of the unfiltered image. The code is"
        " that of the [IBSI's manual](https://ibsi.readthedocs.io)."
    ]
    for kind in dict.fromkeys(each.kind for each in features):
        words = definitions.CLASS_NAMES[kind]
        rows = "\n".join(
            f"| `{each.name}` | {each.words} | {each.code} |"
            + f" {each.meaning or definitions.feature_definitions()[kind][each.name]} |"
            for each in features
            if each.kind == kind
        )
        parts.append(
            f"### IBSI, {words}: `{kind}`\n\n| feature | IBSI's name | code |"
            f" what it measures |\n|---|---|---|---|\n{rows}"
        )
    return parts
