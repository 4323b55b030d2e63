"""Names of PyRadiomics's features in words: inverse difference normalised for Idn."""

from __future__ import annotations

import re

from analysis.reporting.wordings.feature_classes import CLASS_WORDS

# Names that are abbreviations; the words are those of PyRadiomics's documentation.
ABBREVIATED = {
    "10Percentile": "10th percentile",
    "90Percentile": "90th percentile",
    "Id": "inverse difference",
    "Idn": "inverse difference normalised",
    "Idm": "inverse difference moment",
    "Idmn": "inverse difference moment normalised",
    "Imc1": "informational measure of correlation 1",
    "Imc2": "informational measure of correlation 2",
    "MCC": "maximal correlation coefficient",
    "MoransI": "Moran's I",
    "GearysC": "Geary's C",
    "VolumeAt10Intensity": "volume at 10% of the intensity range",
    "VolumeAt90Intensity": "volume at 90% of the intensity range",
    "IntensityAt10Volume": "intensity at 10% of the volume",
    "IntensityAt90Volume": "intensity at 90% of the volume",
}
CLASS_NOTE = {
    "GLCM": "grey level co-occurrence matrix",
    "GLRLM": "grey level run length matrix",
    "GLSZM": "grey level size zone matrix",
    "GLDM": "grey level dependence matrix",
    "NGTDM": "neighbouring grey tone difference matrix",
    "GLDZM": "grey level distance zone matrix",
    "NGLDM": "neighbouring grey level dependence matrix",
}
# As the texts have it.
SPELLING = (
    ("gray", "grey"),
    ("normalized", "normalised"),
    ("non uniformity", "non-uniformity"),
    ("neighborhood", "neighbourhood"),
)
# Between the words of a name: GrayLevel, 2DDiameter, Maximum3D.
WORD = re.compile(r"\d?D(?![a-z])|[A-Z][a-z]+|[A-Z]+(?![a-z])|\d+|[a-z]+")


def feature_words(kind: str, feature: str) -> str:
    """A feature's name in words, where its class is one of PyRadiomics; else as it is."""
    if kind not in CLASS_WORDS:
        return feature
    if feature in ABBREVIATED:
        return ABBREVIATED[feature]
    words = [word if word.isupper() else word.lower() for word in WORD.findall(feature)]
    text = re.sub(r"(\d) D\b", r"\1D", " ".join(words))
    for theirs, ours in SPELLING:
        text = text.replace(theirs, ours)
    return text


def classes_note(kinds: set[str]) -> str:
    """What the abbreviations of the classes mean; empty where there are none."""
    return "; ".join(f"{name}: {words}" for name, words in CLASS_NOTE.items() if name in kinds)
