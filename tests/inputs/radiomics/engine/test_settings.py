"""Which engine computes a study's settings, and what a feature's name and the check say of them."""

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.problems import Problems
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.checks.extraction import check_engine
from analysis.inputs.checks.images import look_at
from analysis.inputs.radiomics.definitions import definition_of, feature_parts
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.inputs.radiomics.extraction import extract_from_images, feature_classes
from analysis.study import Extraction
from analysis.study.fast_engine import DEPRECATED, left_to_pyradiomics
from analysis.study.image_names import image_type_of
from analysis.study.load import load_study
from tests.study.test_parameter_file import study_with
from tests.support.engine_agreement import assert_equal, by_the_fast_engine, volume

SMALL = {"resampled_spacing_mm": None, "wavelet": None, "log_sigma_mm": []}
PLACES = np.indices((9, 12, 12)) - np.array([4, 6, 6]).reshape(3, 1, 1, 1)
BALL = (PLACES**2).sum(axis=0) <= 12
PAIR = volume(np.random.default_rng(3).normal(100, 30, BALL.shape), BALL, (1.0, 1.0, 2.0))


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, []),
        ({"filters": ["logarithm"], "resegment": {"range": [0]}, "voxel_array_shift": 5}, []),
        ({"force_2d": "coronal"}, ["force_2d"]),
        ({"distances": [1, 2], "gldm_alpha": 1}, ["distances", "gldm_alpha"]),
        ({"weighting_norm": "infinity"}, ["weighting_norm"]),
        ({"symmetrical_glcm": False}, ["symmetrical_glcm"]),
        ({"by_image": {"original": {"gldm_alpha": 2}}}, ["gldm_alpha"]),
        (
            {"features": {"firstorder": ["StandardDeviation", "Maximum", "Minimum"]}},
            ["deprecated features"],
        ),
    ],
)
def test_what_the_fast_engine_lacks_goes_to_pyradiomics_with_the_same_values(given, left):
    chosen = Extraction(**SMALL | given)
    assert left_to_pyradiomics(chosen) == left
    assert by_the_fast_engine(*PAIR, chosen) == (not left)
    assert isinstance(assert_equal(*PAIR, chosen), dict)


def test_features_of_a_slice_in_two_dimensions():
    inside = BALL & (np.indices(BALL.shape)[0] == 4)
    image, mask = volume(np.random.default_rng(4).normal(100, 30, BALL.shape), inside)
    chosen = Extraction(**SMALL, force_2d="axial", features={"shape2D": None, "glcm": ["Contrast"]})
    found = image_features(image, mask, chosen)
    assert found["original_shape2D_PixelSurface"] == inside.sum()
    assert feature_classes(f"art_{name}" for name in found) == {
        "shape": 9,
        "first_order": 0,
        "texture": 1,
    }


def test_deprecated_features_are_those_of_pyradiomics_and_all_have_a_definition():
    classes = pytest.importorskip("radiomics").getFeatureClasses()
    for kind, theirs in classes.items():
        names = theirs.getFeatureNames()
        assert all(definition_of(kind, name) for name in names), kind
        if kind != "shape2D":
            assert DEPRECATED.get(kind, set()) == {name for name in names if names[name]}


@pytest.mark.parametrize(
    ("name", "image_type", "words"),
    [
        ("wavelet2-LLH", "wavelet", "wavelet, level 2, LLH"),
        ("log-sigma-2-5-mm-3D", "log", "Laplacian of Gaussian, sigma 2.5 mm"),
        ("logarithm", "logarithm", "logarithm"),
        ("squareroot", "square_root", "square root"),
        ("lbp-3D-m1", "lbp_3d", "local binary pattern, 3D-m1"),
    ],
)
def test_names_of_images(name, image_type, words):
    assert image_type_of(name) == image_type
    assert feature_parts(f"art_{name}_glcm_Contrast", ["art"]) == ("art", words, "glcm", "Contrast")


def test_the_check_says_who_computes(tmp_path):
    study = load_study(study_with(tmp_path, {"gldm_alpha": 2, "force_2d": "axial"}))
    problems = Problems()
    check_engine(study, problems)
    (note,) = problems.of("note")
    assert "arterial, portal_venous and delayed" in note.what
    assert "does not have force_2d and gldm_alpha" in note.what
    alone = load_study(study_with(tmp_path, {"gldm_alpha": 2, "engine": "pyradiomics"}))
    check_engine(alone, quiet := Problems())
    check_engine(load_study(study_with(tmp_path, "params.yaml")), quiet)
    assert len(quiet) == 0


def test_a_sigma_is_held_against_the_voxels_of_the_image():
    narrow = Extraction(**SMALL | {"log_sigma_mm": [0.4]})
    with pytest.raises(ValueError, match="0.4 mm lies within one voxel of 1 mm"):
        extract_from_images(*PAIR, narrow)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"log_sigma_mm": [0.4]}, "0.4 mm lies within one voxel"),
        ({"resegment": {"range": [1e6]}}, "Resegmentation excluded too many voxels"),
        ({"minimum_voxels": 5000}, "Size of the ROI is too small"),
        ({"resegment": {"range": [-3, 3], "mode": "sigma"}}, None),
    ],
)
def test_the_check_looks_at_each_image_and_mask(tmp_path, given, words):
    places = np.indices((20, 20, 20)) - 10
    inside = (places**2).sum(axis=0) <= 30
    image, mask = volume(np.random.default_rng(5).normal(100, 30, inside.shape), inside)
    sitk.WriteImage(image, tmp_path / "image.nii.gz")
    sitk.WriteImage(mask, tmp_path / "mask.nii.gz")
    source = ImageSource(tmp_path / "image.nii.gz")
    found = look_at(
        source, MaskSource(tmp_path / "mask.nii.gz", image=source), Extraction(**SMALL | given)
    )
    errors = [each.what for each in found.findings if each.level == "error"]
    assert len(errors) == (0 if words is None else 1)
    assert words is None or words in errors[0]
