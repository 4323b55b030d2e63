"""Parameter files of PyRadiomics, drawn at random, and PyRadiomics itself on them."""

from __future__ import annotations

import re
import warnings

from hypothesis import strategies as st

FEATURES = {
    "shape": ["MeshVolume", "Sphericity", "Elongation"],
    "firstorder": ["Mean", "Energy", "RootMeanSquared", "Entropy"],
    "glcm": ["Contrast", "Imc2", "MCC", "JointEnergy"],
    "glrlm": ["RunEntropy", "ShortRunEmphasis"],
    "glszm": ["ZoneVariance", "SmallAreaEmphasis"],
    "gldm": ["DependenceEntropy", "SmallDependenceEmphasis"],
    "ngtdm": ["Coarseness", "Contrast"],
}
# What the fast engine computes: drawn more often than what is given to PyRadiomics.
COMMON = {
    "normalize": st.booleans(),
    "normalizeScale": st.sampled_from([1, 100, 250.5]),
    "removeOutliers": st.sampled_from([0.8, 2, 3]),
    "resampledPixelSpacing": st.sampled_from([[1, 1, 1], [2, 2, 2], [1.5, 1.5, 0], [0, 0, 0]]),
    "interpolator": st.sampled_from(
        ["sitkBSpline", "sitkLinear", "sitkNearestNeighbor", "sitkGaussian", 9, None]
    ),
    "padDistance": st.integers(0, 8),
    "preCrop": st.booleans(),
    "resegment": st.sampled_from(
        [
            {"resegmentRange": [-3, 1.5], "resegmentMode": "sigma"},
            {"resegmentRange": [0.2], "resegmentMode": "relative", "resegmentShape": True},
            {"resegmentRange": [-20, 400]},
        ]
    ),
    "minimumROISize": st.sampled_from([5, 60, 900]),
    "minimumROIDimensions": st.sampled_from([1, 2, 3]),
    "voxelArrayShift": st.sampled_from([0, 300]),
    "label": st.just(255),
    "additionalInfo": st.booleans(),
}
RARE = {
    "distances": st.sampled_from([[1], [1, 2]]),
    "weightingNorm": st.sampled_from(["euclidean", "manhattan", "infinity", "no_weighting"]),
    "symmetricalGLCM": st.booleans(),
    "gldm_a": st.integers(0, 2),
    "force2D": st.just(True),
    "force2Ddimension": st.integers(0, 2),
}
BINS = st.sampled_from([{"binWidth": 20}, {"binWidth": 7.5}, {"binCount": 12}])
IMAGES = {
    "Original": st.just({}),
    "Wavelet": st.fixed_dictionaries(
        {}, optional={"wavelet": st.sampled_from(["haar", "coif1"]), "level": st.integers(1, 2)}
    ),
    "LoG": st.fixed_dictionaries({"sigma": st.sampled_from([[2], [1.5, 3.0]])}),
    "Square": st.just({}),
    "SquareRoot": st.just({}),
    "Logarithm": st.just({}),
    "Exponential": st.just({}),
    "Gradient": st.fixed_dictionaries({}, optional={"gradientUseSpacing": st.booleans()}),
}


def _settings(draw, choices, most):
    names = draw(st.lists(st.sampled_from(sorted(choices)), max_size=most, unique=True))
    return {name: draw(choices[name]) for name in names}


@st.composite
def parameter_files(draw):
    """Content of a parameter file that PyRadiomics's schema allows."""
    setting = _settings(draw, COMMON, 6) | draw(BINS)
    if draw(st.integers(0, 3)) == 0:
        setting |= _settings(draw, RARE, 3)
    setting |= setting.pop("resegment", {})
    content = {"setting": setting}
    images = draw(st.lists(st.sampled_from(sorted(IMAGES)), max_size=3, unique=True))
    if images:
        content["imageType"] = {
            name: draw(IMAGES[name]) | (draw(BINS) if draw(st.booleans()) else {})
            for name in images
        }
    if draw(st.booleans()) or setting.get("force2D"):
        classes = draw(st.lists(st.sampled_from(sorted(FEATURES)), min_size=1, unique=True))
        content["featureClass"] = {
            name: draw(st.sampled_from([None, [], FEATURES[name], FEATURES[name][:1]]))
            for name in classes
        }
    return content


def by_pyradiomics(content, image, mask):
    """Name -> value by PyRadiomics's extractor on the file's content, or the words of its error.

    A whole sigma is named with its decimal (3-0), as a study's is.
    """
    # Imported here: most tests need no PyRadiomics.
    from radiomics import featureextractor

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = featureextractor.RadiomicsFeatureExtractor(content).execute(
                image, mask, label=1
            )
        except Exception as error:
            return str(error)
    return {
        re.sub(r"^log-sigma-(\d+)-mm", r"log-sigma-\1-0-mm", name): float(value)
        for name, value in found.items()
        if not name.startswith("diagnostics")
    }
