"""Names of the features that an extraction can give, known before any image is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from analysis.inputs.radiomics.definitions import feature_definitions
from analysis.inputs.radiomics.ibsi_features import ibsi_features
from analysis.study import Extraction


def extracted_names(settings: Extraction) -> set[str]:
    """Names of features without phase and region, as `original_glcm_Contrast`.

    None is lacking but those of the study's own code. A few may be here that a tumour does not
    give: bands of further wavelet levels, and Laplacians for which an image is too small.
    """
    if settings.engine == "ibsi":
        return {f"original_{each.kind}_{each.name}" for each in ibsi_features()}
    found: set[str] = set()
    images = list(_images(settings))
    for kind, chosen in settings.classes().items():
        of_mask = kind in ("shape", "shape2D")
        for image in ["original"] if of_mask else images:
            found |= {f"{image}_{kind}_{name}" for name in chosen or feature_definitions()[kind]}
    return found


def _images(settings: Extraction) -> Iterator[str]:
    """Names that PyRadiomics gives to the images that features are taken from."""
    for image_type in settings.image_types:
        if image_type == "wavelet":
            yield from _bands(settings)
        elif image_type == "log":
            for sigma in settings.log_sigma_mm:
                yield f"log-sigma-{str(sigma).replace('.', '-')}-mm-3D"
        elif image_type == "lbp_2d":
            yield "lbp-2D"
        elif image_type == "lbp_3d":
            levels = settings.lbp_3d.levels if settings.lbp_3d else 0
            yield from (f"lbp-3D-m{level}" for level in range(1, levels + 1))
            yield "lbp-3D-k"
        else:
            yield image_type.replace("_", "")


def _bands(settings: Extraction) -> Iterator[str]:
    """Bands of all wavelet levels, the first of which has no number."""
    axes = 3 if settings.force_2d is None else 2
    for level in range(1, settings.wavelet_level + 1):
        for letters in product("LH", repeat=axes):
            yield f"wavelet{level if level > 1 else ''}-{''.join(letters)}"
