"""The extraction in the article: what was set is said, and nothing that was not done."""

from dataclasses import replace

import pytest

from analysis.reporting.sections import Says
from analysis.reporting.wordings.extraction import extraction_words
from analysis.reporting.wordings.filters import images_words
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Extraction
from tests.reporting.sections.test_sentences_of_kinds import says_of

PLAIN = {"wavelet": None, "log_sigma_mm": []}


def test_the_default():
    assert extraction_words(Extraction()) == (
        "intensities normalised to the image's mean and standard deviation, interpolated to"
        " 1 × 1 × 1 mm voxels by cubic B-splines, discretised with a fixed bin width of 0.05"
        " of the image's standard deviation, wavelet coif1, Laplacian of Gaussian with"
        " sigma 2 and 4 mm, filters with 10 voxels around the mask"
    )
    assert images_words([Extraction()]) == (
        "original, wavelet-filtered and Laplacian-of-Gaussian-filtered images"
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"resegment": {"range": [3, -3], "mode": "sigma"}}, "intensities from −3 to 3 standard d"),
        ({"resegment": {"range": [0.4], "mode": "relative"}}, "at least 0.4 times the mask's larg"),
        ({"resegment": {"range": [0, 9], "shape": True}}, "from 0 to 9 (shape features included)"),
        ({"resampled_spacing_mm": (1, 1, None)}, "1 × 1 mm along x and y by cubic B-splines, with"),
        (
            {"normalise_scale": 1, "bin_width": 0.02},
            "a fixed bin width of 0.02 of the image's standard deviation",
        ),
        ({"remove_outliers": 3}, "intensities beyond 3 standard deviations set to that limit"),
        ({"force_2d": "sagittal"}, "neighbours within slices alone (sagittal; 2.5-D"),
        ({"distances": [1, 3]}, "of neighbours at voxel distances of 1 and 3"),
        ({"weighting_norm": "no_weighting"}, "merged over the directions"),
        ({"weighting_norm": "euclidean"}, "weighted by the euclidean norm"),
        ({"symmetrical_glcm": False}, "asymmetric co-occurrence matrices"),
        ({"gldm_alpha": 1}, "a coarseness of 1 grey level"),
        ({"voxel_array_shift": 300}, "energies of intensities plus 300"),
        ({"filters": ["gradient"], "gradient_spacing": False}, "gradient magnitude per voxel"),
        ({"wavelet": "haar", "wavelet_level": 2}, "wavelet haar of levels 1 to 2"),
        ({"wavelet": "haar", "wavelet_start_level": 1}, "wavelet haar of level 2"),
        (
            {"by_image": {"original": {"bin_count": 8}}},
            "in images of type original a fixed number of 8",
        ),
        ({"features": {"glcm": ["Contrast"], "shape": None}}, "of shape and GLCM (1 named)"),
        ({"minimum_voxels": 64}, "masks of at most 64 voxels refused"),
        (
            {"filters": ["square"], "resampled_spacing_mm": None, "pre_crop": False},
            "filters on the whole image",
        ),
    ],
)
def test_what_is_set_is_said(given, words):
    assert words in extraction_words(Extraction(**PLAIN | given))
    assert words not in extraction_words(Extraction(**PLAIN))


def test_without_filters_nothing_is_said_of_them():
    assert "filters" not in extraction_words(Extraction(**PLAIN))
    assert images_words([Extraction(**PLAIN)]) == "original image"
    phases = [Extraction(**PLAIN), Extraction(wavelet=None, original=False, filters=["square"])]
    assert images_words(phases) == "original, Laplacian-of-Gaussian-filtered and square images"


def test_counts_of_the_methods_follow_the_features(liver):
    usual = str(Says(liver)("methods-radiomics"))
    assert "per phase" in usual
    assert "shape, " in usual
    fewer = str(says_of(liver, **{"features.shape": 0, "features.texture": 0})("methods-radiomics"))
    assert "shape" not in fewer.partition("were extracted")[0]
    phases = list(liver.study.phases)
    counted = Records(dict(liver.records))
    for number, phase in enumerate(phases):
        counted.add(keys.features_of_phase(phase), 107 - number, unit="features", source=says_of)
    text = str(
        Says(replace(liver, records={each.key: each for each in counted.sorted()}))(
            "methods-radiomics"
        )
    )
    counts = text.partition("were extracted")[0]
    assert f"features of {phases[0]}" in counts
    assert all(f"{107 - number}" in counts for number in range(len(phases)))
    assert "per phase" not in counts
