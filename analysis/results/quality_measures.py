"""Measures of the quality of images and masks, for results and documents alike."""

# Of a mask and its image; then the factors of resampling.
RANGES = (
    "voxels",
    "volume_ml",
    "intensity_low",
    "intensity_high",
    "grey_levels",
    "analysed_voxels",
)
MEASURES = (*RANGES, "factor_x", "factor_y", "factor_z")
# Of the crops that networks see, where much of them lies beyond the images.
CROP_BEYOND, CROP_OVER_TENTH, CROP_OVER_HALF = "crop_beyond", "crop_over_tenth", "crop_over_half"
