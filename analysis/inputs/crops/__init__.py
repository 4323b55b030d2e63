"""Crops: the networks' inputs, made from volumes."""

from analysis.inputs.crops.crop import (
    crop_settings,
    crop_sources,
    mask_crop,
    tumour_crop,
    tumour_crops,
)

__all__ = ["crop_settings", "crop_sources", "mask_crop", "tumour_crop", "tumour_crops"]
