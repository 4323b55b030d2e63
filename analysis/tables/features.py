"""The radiomics features that the chosen classifier uses."""

from __future__ import annotations

import re

from IPython.display import Markdown

from analysis.manuscript import Results
from analysis.tables.markdown import pipe_table
from analysis.tabular.features import feature_phases

IMAGES = {"original": "original", "wavelet": "wavelet", "log": "Laplacian of Gaussian"}
CLASSES = ("shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm")


def feature_parts(name: str, phases: list[str]) -> tuple[str, str, str, str]:
    """Phase, image, class and feature of a name `{phase}_{image}_{class}_{feature}`; the phase may itself hold underscores.

    A feature of somebody's own name has no image and no class. Raises ValueError for a name without a phase.
    """
    phase = next((each for each in sorted(phases, key=len, reverse=True) if name.startswith(f"{each}_")), None)
    parts = name.removeprefix(f"{phase}_").split("_", 2)
    if phase is not None and (len(parts) != 3 or parts[1] not in CLASSES):
        return phase.replace("_", " "), "–", "–", name.removeprefix(f"{phase}_").replace("_", " ")
    if phase is None:
        raise ValueError(f"feature '{name}' is not named {{phase}}_{{image}}_{{class}}_{{feature}} with a phase of {', '.join(phases)}")
    image, kind, feature = parts
    filter_name, _, detail = image.partition("-")
    sigma = re.fullmatch(r"sigma-(\d+)-(\d+)-mm-3D", detail)  # PyRadiomics writes the decimal point as a hyphen
    detail = f"sigma {float(f'{sigma[1]}.{sigma[2]}'):g} mm" if sigma else detail
    return phase.replace("_", " "), IMAGES.get(filter_name, filter_name) + (f", {detail}" if detail else ""), kind, feature


def features_markdown(results: Results) -> Markdown:
    """One row a selected feature, in the order of selection."""
    names = [str(record.value) for key, record in sorted(results.records.items()) if key.startswith("features.selected.") and key != "features.selected.n"]
    return pipe_table(["Phase", "Image", "Class", "Feature"], [feature_parts(name, feature_phases(results.study)) for name in names], left=4)
