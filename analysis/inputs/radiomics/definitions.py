"""Definition of a radiomics feature, from its name.

It has the phase, image, class, and in plain words what the feature measures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

from analysis.inputs.radiomics.ibsi_features import ibsi_features
from analysis.study.phase_label import in_spaces, phase_label
from models.habitats.names import habitat_of_name, habitat_words, is_habitat_feature

CLASS_NAMES = {
    "shape": "shape",
    "shape2D": "shape, 2-D",
    "firstorder": "first order",
    "glcm": "grey level co-occurrence",
    "glrlm": "grey level run length",
    "glszm": "grey level size zone",
    "gldm": "grey level dependence",
    "ngtdm": "neighbouring grey tone difference",
    "intensitymorphology": "intensity-weighted morphology",
    "localintensity": "local intensity",
    "intensityhistogram": "intensity histogram",
    "intensityvolume": "intensity-volume histogram",
    "gldzm": "grey level distance zone",
    "ngldm": "neighbouring grey level dependence",
}
IMAGES = {
    "original": "original",
    "wavelet": "wavelet",
    "log": "Laplacian of Gaussian",
    "square": "square",
    "squareroot": "square root",
    "logarithm": "logarithm",
    "exponential": "exponential",
    "gradient": "gradient magnitude",
    "lbp": "local binary pattern",
}
# Of own features, which see the image as it was read.
AS_READ = "as read"
NO_LABELS: Mapping[str, str] = MappingProxyType({})
CLASSES = tuple(CLASS_NAMES)


def own_class(name: str, phases: Iterable[str], own: Mapping[str, str]) -> str | None:
    """Own name in `{phase}_{own name}_{feature}`; None for a feature of PyRadiomics.

    own: name of own features -> their label.
    """
    prefixes = {f"{phase}_{each}_": each for phase in phases for each in own}
    return next((each for prefix, each in prefixes.items() if name.startswith(prefix)), None)


def feature_parts(
    name: str, phases: Collection[str], own: Mapping[str, str] = NO_LABELS
) -> tuple[str, str, str, str]:
    """Phase, image, class and feature of a feature's name.

    The name is `{phase}_{image}_{class}_{feature}`; the phase may itself hold underscores.

    A feature of the study's own code has its label as class; own: name of own features -> label.
    Another feature of somebody's own name has no image and no class. phases: names, or name ->
    label; empty where a table's pattern finds them, and the study file names none; then the phase
    is what stands before the first underscore. A feature of a habitat has no image and no class,
    and its share of the volume no phase. Raises ValueError for a name without a phase.
    """
    label = partial(phase_label, labels=phases if isinstance(phases, Mapping) else {})
    if is_habitat_feature(name):
        measured = habitat_of_name(name)[2]
        return "–" if measured is None else label(measured), "–", "–", habitat_words(name)
    phase = (
        name.partition("_")[0]
        if not phases
        else next(
            (each for each in sorted(phases, key=len, reverse=True) if name.startswith(f"{each}_")),
            None,
        )
    )
    extractor = own_class(name, phases, own)
    if phase is not None and extractor is not None:
        feature = name.removeprefix(f"{phase}_{extractor}_")
        return label(phase), AS_READ, own[extractor], feature
    parts = name.removeprefix(f"{phase}_").split("_", 2)
    if phase is not None and (len(parts) != 3 or parts[1] not in CLASSES):
        return label(phase), "–", "–", in_spaces(name.removeprefix(f"{phase}_"))
    if phase is None:
        raise ValueError(
            f"feature '{name}' is not named {{phase}}_{{image}}_{{class}}_{{feature}} with a phase"
            f" of {', '.join(phases)}"
        )
    image, kind, feature = parts
    filter_name, _, detail = image.partition("-")
    level = re.fullmatch(r"wavelet(\d+)", filter_name)
    if level:
        filter_name, detail = "wavelet", f"level {level[1]}, {detail}"
    sigma = re.fullmatch(
        r"sigma-(\d+)-(\d+)-mm-3D", detail
    )  # PyRadiomics writes the decimal point as a hyphen
    detail = f"sigma {float(f'{sigma[1]}.{sigma[2]}'):g} mm" if sigma else detail
    return (
        label(phase),
        IMAGES.get(filter_name, filter_name) + (f", {detail}" if detail else ""),
        kind,
        feature,
    )


@cache
def feature_definitions() -> dict[str, dict[str, str]]:
    """Class of PyRadiomics → feature → what it measures."""
    return YAML(typ="safe").load(
        Path(__file__).with_name("feature_definitions.yml").read_text(encoding="utf-8")
    )


@cache
def all_definitions() -> dict[str, dict[str, str]]:
    """Class → feature → what it measures: PyRadiomics's, then those of the IBSI alone.

    Features of `engine: ibsi` have the IBSI's name and code at the end.
    """
    found = {kind: dict(features) for kind, features in feature_definitions().items()}
    for each in ibsi_features():
        if each.meaning is not None:
            words = f"{each.meaning} IBSI: {each.words} ({each.code})."
            found.setdefault(each.kind, {})[each.name] = words
    return found


def definition_of(kind: str, feature: str) -> str | None:
    """Definition of a feature of a class; None for one that is not in the dictionary."""
    return all_definitions().get(kind, {}).get(feature)
