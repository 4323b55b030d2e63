"""Classes of features in words, the same in text, tables and figures."""

from __future__ import annotations

CLASS_WORDS = {
    "shape": "shape",
    "shape2D": "2-D shape",
    "firstorder": "first order",
    "glcm": "GLCM",
    "glrlm": "GLRLM",
    "glszm": "GLSZM",
    "gldm": "GLDM",
    "ngtdm": "NGTDM",
    "intensitymorphology": "intensity-weighted morphology",
    "localintensity": "local intensity",
    "intensityhistogram": "intensity histogram",
    "intensityvolume": "intensity-volume histogram",
    "gldzm": "GLDZM",
    "ngldm": "NGLDM",
}


def class_words(kind: str) -> str:
    """A class in words: GLCM, first order; what is no class of an engine stays as it is."""
    return CLASS_WORDS.get(kind, kind)
