"""Preparation of an image's intensities: bias correction, and a scale by a reference within it.

Each function sees one image, but for the standard scale of histogram matching, which is a mean over
patients.
"""

from analysis.imaging.preparation.bias_field import BiasField, bias_field, shrunken
from analysis.imaging.preparation.fault import PreparationError
from analysis.imaging.preparation.histogram_matching import landmarks, matched, standard_scale
from analysis.imaging.preparation.intensity_scale import on_scale

__all__ = [
    "BiasField",
    "PreparationError",
    "bias_field",
    "landmarks",
    "matched",
    "on_scale",
    "shrunken",
    "standard_scale",
]
