"""The digital phantom of the Image Biomarker Standardisation Initiative: published values of the
features that PyRadiomics shares.

Phantom and values: Zwanenburg et al., Radiology 2020, doi 10.1148/radiol.2020191145, and the IBSI
reference manual (ibsi.readthedocs.io, CC BY 4.0). Texture matrices of three dimensions, averaged
over directions. PyRadiomics is known to deviate in: Kurtosis (not the excess: 3 more); the three
axis lengths (covariance of the voxels' coordinates over n, the published values over n - 1); and,
not to be seen here, bins of a fixed width, which start at a multiple of it, not at the least
intensity.
"""

import numpy as np
import pytest

from analysis.inputs.radiomics.engine_choice import image_features
from analysis.study import Extraction
from tests.support.engine_agreement import assert_equal, by_the_fast_engine, volume

# x to the right, y downwards, z in blocks; 0 lies outside the region of interest.
PHANTOM = np.array(
    [
        [[1, 4, 4, 1, 1], [1, 4, 6, 1, 1], [4, 1, 6, 4, 1], [4, 4, 6, 4, 1]],
        [[1, 4, 4, 1, 1], [1, 1, 6, 1, 1], [0, 1, 3, 1, 1], [4, 4, 6, 1, 1]],
        [[1, 4, 4, 0, 0], [1, 1, 1, 1, 1], [1, 1, 0, 1, 1], [1, 1, 6, 1, 1]],
        [[1, 4, 4, 0, 0], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 6, 1, 1]],
    ]
)
PUBLISHED = {
    "shape": {
        "MeshVolume": 556,
        "VoxelVolume": 592,
        "SurfaceArea": 388,
        "SurfaceVolumeRatio": 0.698,
        "Sphericity": 0.843,
        "Maximum3DDiameter": 13.1,
        "MajorAxisLength": 11.4,
        "MinorAxisLength": 9.31,
        "LeastAxisLength": 8.54,
        "Elongation": 0.816,
        "Flatness": 0.749,
    },
    "firstorder": {
        "Mean": 2.15,
        "Variance": 3.05,
        "Skewness": 1.08,
        "Kurtosis": 3 - 0.355,
        "Median": 1,
        "Minimum": 1,
        "10Percentile": 1,
        "90Percentile": 4,
        "Maximum": 6,
        "InterquartileRange": 3,
        "Range": 5,
        "MeanAbsoluteDeviation": 1.55,
        "RobustMeanAbsoluteDeviation": 1.11,
        "Energy": 567,
        "RootMeanSquared": 2.77,
        "Entropy": 1.27,
        "Uniformity": 0.512,
    },
    "glcm": {
        "MaximumProbability": 0.503,
        "JointAverage": 2.14,
        "SumSquares": 3.1,
        "JointEntropy": 2.4,
        "DifferenceAverage": 1.43,
        "DifferenceVariance": 3.06,
        "DifferenceEntropy": 1.56,
        "SumAverage": 4.29,
        "SumEntropy": 1.92,
        "JointEnergy": 0.303,
        "Contrast": 5.32,
        "Id": 0.677,
        "Idn": 0.851,
        "Idm": 0.618,
        "Idmn": 0.898,
        "InverseVariance": 0.0604,
        "Correlation": 0.157,
        "Autocorrelation": 5.06,
        "ClusterTendency": 7.07,
        "ClusterShade": 16.6,
        "ClusterProminence": 145,
        "Imc1": -0.157,
        "Imc2": 0.52,
    },
    "glrlm": {
        "ShortRunEmphasis": 0.705,
        "LongRunEmphasis": 3.06,
        "LowGrayLevelRunEmphasis": 0.603,
        "HighGrayLevelRunEmphasis": 9.7,
        "ShortRunLowGrayLevelEmphasis": 0.352,
        "ShortRunHighGrayLevelEmphasis": 8.54,
        "LongRunLowGrayLevelEmphasis": 2.39,
        "LongRunHighGrayLevelEmphasis": 17.6,
        "GrayLevelNonUniformity": 21.8,
        "GrayLevelNonUniformityNormalized": 0.43,
        "RunLengthNonUniformity": 26.9,
        "RunLengthNonUniformityNormalized": 0.513,
        "RunPercentage": 0.68,
        "GrayLevelVariance": 3.46,
        "RunVariance": 0.574,
        "RunEntropy": 2.43,
    },
    "glszm": {
        "SmallAreaEmphasis": 0.255,
        "LargeAreaEmphasis": 550,
        "LowGrayLevelZoneEmphasis": 0.253,
        "HighGrayLevelZoneEmphasis": 15.6,
        "SmallAreaLowGrayLevelEmphasis": 0.0256,
        "SmallAreaHighGrayLevelEmphasis": 2.76,
        "LargeAreaLowGrayLevelEmphasis": 503,
        "LargeAreaHighGrayLevelEmphasis": 1490,
        "GrayLevelNonUniformity": 1.4,
        "GrayLevelNonUniformityNormalized": 0.28,
        "SizeZoneNonUniformity": 1,
        "SizeZoneNonUniformityNormalized": 0.2,
        "ZonePercentage": 0.0676,
        "GrayLevelVariance": 2.64,
        "ZoneVariance": 331,
        "ZoneEntropy": 2.32,
    },
    "gldm": {
        "SmallDependenceEmphasis": 0.045,
        "LargeDependenceEmphasis": 109,
        "LowGrayLevelEmphasis": 0.693,
        "HighGrayLevelEmphasis": 7.66,
        "SmallDependenceLowGrayLevelEmphasis": 0.00963,
        "SmallDependenceHighGrayLevelEmphasis": 0.736,
        "LargeDependenceLowGrayLevelEmphasis": 102,
        "LargeDependenceHighGrayLevelEmphasis": 235,
        "GrayLevelNonUniformity": 37.9,
        "DependenceNonUniformity": 4.86,
        "DependenceNonUniformityNormalized": 0.0657,
        "GrayLevelVariance": 3.05,
        "DependenceVariance": 22.1,
        "DependenceEntropy": 4.4,
    },
    "ngtdm": {
        "Coarseness": 0.0296,
        "Contrast": 0.584,
        "Busyness": 6.54,
        "Complexity": 13.5,
        "Strength": 0.763,
    },
}
SETTINGS = Extraction(normalise=False, resampled_spacing_mm=None, bin_width=1.0, log_sigma_mm=[])


@pytest.fixture(scope="module")
def phantom():
    return volume(PHANTOM, PHANTOM > 0, (2.0, 2.0, 2.0))


def test_published_values_to_their_last_digit(phantom):
    assert (PHANTOM > 0).sum() == 74
    features = image_features(*phantom, SETTINGS)
    for axis in ("Major", "Minor", "Least"):
        features[f"original_shape_{axis}AxisLength"] *= np.sqrt(74 / 73)
    for kind, values in PUBLISHED.items():
        for feature, value in values.items():
            digits = 2 - int(np.floor(np.log10(abs(value))))  # three significant ones
            assert features[f"original_{kind}_{feature}"] == pytest.approx(
                value, abs=0.5001 * 10**-digits
            ), (kind, feature)
    assert sum(map(len, PUBLISHED.values())) == 102


def test_engines_agree_on_it(phantom):
    assert_equal(*phantom, SETTINGS)
    assert by_the_fast_engine(*phantom, SETTINGS)
