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
# In the article: wavelet images; and as they are filtered.
IMAGE_WORDS: dict[ImageType, str] = {
    "original": "original",
    "wavelet": "wavelet",
    "log": "Laplacian-of-Gaussian",
    "square": "square",
    "square_root": "square root",
    "logarithm": "logarithm",
    "exponential": "exponential",
    "gradient": "gradient magnitude",
    "lbp_2d": "2-D local binary pattern",
    "lbp_3d": "3-D local binary pattern",
}
IMAGES_AS_FILTERED: dict[ImageType, str] = IMAGE_WORDS | {
    "wavelet": "wavelet-filtered",
    "log": "Laplacian-of-Gaussian-filtered",
}


def image_type_of(name: str) -> ImageType:
    """Type of a filtered image, from its name, `wavelet2-LLH` say. Raises KeyError for no type."""
    for beginning, image_type in BEGINNINGS.items():
        if name.startswith(beginning):
            return image_type
    raise KeyError(name)
