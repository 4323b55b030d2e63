"""Crops: the networks' inputs, made from volumes."""

from analysis.inputs.crops.cohort_crops import crop_padding, crop_settings, tumour_crops
from analysis.inputs.crops.crop import crop_sources, mask_crop, phase_inputs, tumour_crop

__all__ = [
    "crop_padding",
    "crop_settings",
    "crop_sources",
    "mask_crop",
    "phase_inputs",
    "tumour_crop",
    "tumour_crops",
]
