"""Classes of PyRadiomics's features in words, the same in text, tables and figures."""

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
}


def class_words(kind: str) -> str:
    """A class in words: GLCM, first order; what is none of PyRadiomics's stays as it is."""
    return CLASS_WORDS.get(kind, kind)
