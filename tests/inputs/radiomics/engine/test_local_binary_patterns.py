"""Images of local binary patterns have the values of PyRadiomics when it is called by itself."""

import logging
import warnings

import numpy as np
import pytest

from analysis.inputs.radiomics.engine_choice import image_features
from analysis.study import Extraction
from analysis.study.fast_engine import left_to_pyradiomics
from tests.support.engine_agreement import volume

PLACES = np.indices((10, 14, 14)) - np.array([5, 7, 7]).reshape(3, 1, 1, 1)
BALL = (PLACES**2).sum(axis=0) <= 16
PAIR = volume(np.random.default_rng(3).normal(100, 30, BALL.shape), BALL, (1.0, 1.0, 2.0))
PLAIN = {"resampled_spacing_mm": None, "wavelet": None, "log_sigma_mm": [], "original": False}
CLASSES = {"firstorder": ["Mean", "Entropy"], "glcm": ["Contrast"], "glszm": ["ZoneEntropy"]}


def by_itself(image_type, **settings):
    """PyRadiomics's values, called as its documentation has it."""
    radiomics = pytest.importorskip("radiomics")
    radiomics.logger.setLevel(logging.CRITICAL)
    extractor = radiomics.featureextractor.RadiomicsFeatureExtractor(
        normalize=True, normalizeScale=100, binWidth=0.5, additionalInfo=False
    )
    extractor.disableAllImageTypes()
    extractor.enableImageTypeByName(image_type, customArgs=settings)
    extractor.disableAllFeatures()
    extractor.enableFeaturesByName(**CLASSES)
    found = extractor.execute(*PAIR)
    return {name: float(value) for name, value in found.items() if "diagnostics" not in name}


def ours(key, **settings):
    chosen = Extraction(
        **PLAIN,
        normalise=True,
        normalise_scale=100,
        bin_width=0.5,
        features=CLASSES,
        **{key: settings},
    )
    assert left_to_pyradiomics(chosen) == [key]
    return image_features(*PAIR, chosen)


@pytest.mark.parametrize(
    ("radius", "samples", "method"),
    [
        (1, 8, "uniform"),
        (2, 9, "default"),
        # Matrices of 4,096 grey levels.
        pytest.param(2, 12, "default", marks=pytest.mark.proof),
        (1.5, 6, "ror"),
    ],
)
def test_patterns_in_slices(radius, samples, method):
    pytest.importorskip("skimage", reason="lbp_2d needs scikit-image")
    theirs = by_itself("LBP2D", lbp2DRadius=radius, lbp2DSamples=samples, lbp2DMethod=method)
    found = ours("lbp_2d", radius=radius, samples=samples, method=method)
    # Sums of the same numbers may end in another last digit.
    assert found == pytest.approx(theirs, rel=1e-10)
    assert len(found) == 4
    assert all(name.startswith("lbp-2D_") for name in found)
    # The settings say something.
    assert found != ours("lbp_2d", radius=1, samples=4)


@pytest.mark.parametrize(("levels", "radius", "subdivision"), [(2, 1, 1), (3, 2, 0)])
def test_patterns_on_a_sphere(levels, radius, subdivision):
    pytest.importorskip("trimesh", reason="lbp_3d needs trimesh")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        special = pytest.importorskip("scipy.special")
        if not hasattr(special, "sph_harm"):
            pytest.skip("lbp_3d needs a SciPy older than 1.17")
        theirs = by_itself(
            "LBP3D",
            lbp3DLevels=levels,
            lbp3DIcosphereRadius=radius,
            lbp3DIcosphereSubdivision=subdivision,
        )
        found = ours("lbp_3d", levels=levels, radius=radius, subdivision=subdivision)
    assert found == pytest.approx(theirs, rel=1e-10)
    assert len(found) == 4 * (levels + 1)
    assert all(np.isfinite(list(found.values())))
