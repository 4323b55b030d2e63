"""Preparation of an image's intensities: bias correction, and a scale by a reference within it.

Each function sees one image; nothing is learnt from patients.
"""

from analysis.imaging.preparation.bias_field import BiasField, bias_field, shrunken
from analysis.imaging.preparation.fault import PreparationError
from analysis.imaging.preparation.intensity_scale import on_scale

__all__ = ["BiasField", "PreparationError", "bias_field", "on_scale", "shrunken"]
