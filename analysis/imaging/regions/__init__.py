"""Regions in and around a tumour: rings, cores and rims in millimetres, and where rings end."""

from analysis.imaging.regions.border import stored_volume
from analysis.imaging.regions.carve import Carved, EmptyRegion, carved, regions_of

__all__ = ["Carved", "EmptyRegion", "carved", "regions_of", "stored_volume"]
