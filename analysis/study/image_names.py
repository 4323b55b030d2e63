"""Names that PyRadiomics gives to filtered images, the first part of a feature's name."""

from __future__ import annotations

from analysis.study.extraction_parts import ImageType

# Beginning of the name -> type; longer ones first.
BEGINNINGS: dict[str, ImageType] = {
    "original": "original",
    "wavelet": "wavelet",
    "logarithm": "logarithm",
    "log": "log",
    "squareroot": "square_root",
    "square": "square",
    "exponential": "exponential",
    "gradient": "gradient",
    "lbp-2D": "lbp_2d",
    "lbp-3D": "lbp_3d",
}


def image_type_of(name: str) -> ImageType:
    """Type of a filtered image, from its name, `wavelet2-LLH` say. Raises KeyError for no type."""
    for beginning, image_type in BEGINNINGS.items():
        if name.startswith(beginning):
            return image_type
    raise KeyError(name)
