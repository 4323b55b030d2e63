"""What the fast engine leaves to PyRadiomics, which then computes all features of a phase."""

from __future__ import annotations

from analysis.study.extraction import Extraction

# Equal to another feature or a function of it, by PyRadiomics's documentation; most of them it
# leaves out even where they are named.
DEPRECATED = {
    "shape": {"Compactness1", "Compactness2", "SphericalDisproportion"},
    "firstorder": {"StandardDeviation"},
    "glcm": {"Dissimilarity", "Homogeneity1", "Homogeneity2", "SumVariance"},
    "gldm": {"DependencePercentage", "GrayLevelNonUniformityNormalized"},
}


def left_to_pyradiomics(settings: Extraction) -> list[str]:
    """Keys of an extraction that the fast engine does not compute.

    Empty where the fast engine computes everything.
    """
    of_images = [settings.of_image(name) for name in settings.image_types]
    classes = settings.classes()
    deprecated = any(
        DEPRECATED.get(kind, set()) & set(names or ()) for kind, names in classes.items()
    )
    beyond = {
        "force_2d": any(each.force_2d is not None for each in [settings, *of_images]),
        "distances": any(each.distances != [1] for each in of_images),
        "weighting_norm": any(each.weighting_norm is not None for each in of_images),
        "symmetrical_glcm": any(not each.symmetrical_glcm for each in of_images),
        "gldm_alpha": any(each.gldm_alpha > 0 for each in of_images),
        "lbp_2d": settings.lbp_2d is not None,
        "lbp_3d": settings.lbp_3d is not None,
        "shape2D": "shape2D" in classes,
        "deprecated features": deprecated,
    }
    return [key for key, asked in beyond.items() if asked]
