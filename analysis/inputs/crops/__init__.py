"""Crops: the networks' inputs, made from volumes."""

from analysis.inputs.crops.cohort_crops import crop_padding, crop_settings, tumour_crops
from analysis.inputs.crops.crop import (
    Crop,
    crop_sources,
    mask_crop,
    padded_crop,
    phase_inputs,
    tumour_crop,
)
from analysis.inputs.crops.padding import HALF, PhasePadding, is_worth_telling, padding_by_phase

__all__ = [
    "HALF",
    "Crop",
    "PhasePadding",
    "crop_padding",
    "crop_settings",
    "crop_sources",
    "is_worth_telling",
    "mask_crop",
    "padded_crop",
    "padding_by_phase",
    "phase_inputs",
    "tumour_crop",
    "tumour_crops",
]
