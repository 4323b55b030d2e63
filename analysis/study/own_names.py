"""Names of features of the study's own, and how their code is named."""

from __future__ import annotations

import re

# Parts of PyRadiomics's names, which an own name would be taken for.
PYRADIOMICS_WORDS = {
    *("original", "wavelet", "log", "shape", "firstorder"),
    *("glcm", "glrlm", "glszm", "gldm", "ngtdm", "diagnostics"),
}
# Of images that came later, which own names may have had before.
LATER_WORDS = {
    *("square", "squareroot", "logarithm", "exponential", "gradient", "lbp-2D", "lbp-3D"),
    *("lbp", "shape2D", "localintensity", "intensityhistogram", "intensityvolume"),
    *("intensitymorphology", "gldzm", "ngldm"),
}


def check_own(own: dict[str, str]) -> None:
    """own: name -> `file.py:Class`. Raises ValueError for a name that could be taken for another's.

    It does so too for a reference that is no file and class.
    """
    for name, reference in own.items():
        if not re.fullmatch(r"[^:]+\.py:[A-Za-z_]\w*", reference):
            raise ValueError(
                f"{name}: name a file beside the study file and its class, such as"
                f" my_features.py:Mine (found: {reference!r})"
            )
        words = PYRADIOMICS_WORDS & set(name.split("_"))
        if words:
            raise ValueError(
                f"the name '{name}' is taken: features with '{min(words)}' in their name are"
                " PyRadiomics's; choose another, mine say"
            )
        longer = next((each for each in own if each.startswith(f"{name}_")), None)
        if longer is not None:
            raise ValueError(
                f"features of '{name}' and of '{longer}' could have one name; choose names of"
                " which none begins with another"
            )
