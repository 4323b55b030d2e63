"""From volumes to what the networks see."""

from analysis.images.crop import tumour_crop, tumour_crops

__all__ = ["tumour_crop", "tumour_crops"]
