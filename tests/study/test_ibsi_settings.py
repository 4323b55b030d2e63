"""Settings of `engine: ibsi`: its defaults, and what is refused with words on what to do."""

import pytest

from analysis.core.problems import Problems
from analysis.inputs.checks import extraction as checks
from analysis.study import Extraction, StudyError, load_study
from analysis.study.ibsi import REFUSED
from tests.study.test_parameter_file import study_with
from tests.support.small_cohort import edit_study

PLAIN = {"engine": "ibsi", "bin_count": 16}


def test_defaults():
    settings = Extraction(engine="ibsi")
    assert settings.image_types == ["original"]
    assert (settings.bin_count, settings.bin_width, settings.ibsi) == (32, None, None)
    assert Extraction(**settings.model_dump(mode="json")) == settings


def test_other_engines_are_written_as_before_there_was_it():
    for engine in ("fast", "pyradiomics"):
        assert "ibsi" not in Extraction(engine=engine).model_dump()
    assert "ibsi" in Extraction(engine="ibsi", ibsi={"aggregation": "3D_merged"}).model_dump()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"minimum_voxels": 64}, "minimum_voxels has no counterpart"),
        ({"minimum_dimensions": 3}, "minimum_dimensions has no counterpart"),
        ({"pre_crop": False}, "pre_crop has no counterpart"),
        ({"pad_distance": 5}, "the whole image is used"),
        ({"voxel_array_shift": 9}, "voxel_array_shift has no counterpart"),
        ({"distances": [1, 2]}, "neighbours are at distance 1"),
        ({"weighting_norm": "no_weighting"}, "3D_merged"),
        ({"symmetrical_glcm": False}, "counts both ways"),
        ({"force_2d": "axial"}, "2.5D_merged"),
        ({"log_sigma_mm": [2]}, "unfiltered image alone"),
        ({"wavelet": "haar"}, "unfiltered image alone"),
        ({"filters": ["square"]}, "filters has no counterpart"),
        ({"features": {"glcm": None}}, "features has no counterpart"),
        ({"by_image": {"original": {"bin_count": 8}}}, "by_image has no counterpart"),
        ({"interpolator": "sitkGaussian"}, "take sitkNearestNeighbor, sitkLinear, sitkBSpline"),
        ({"resegment": {"range": [-3, 3], "mode": "sigma"}}, "outlier_sigma: 3"),
        ({"resegment": {"range": [0.1, 1], "mode": "relative"}}, "in the image's unit"),
        ({"resegment": {"range": [0, 9], "shape": True}}, "the drawn mask's"),
        ({"bin_count": None, "bin_width": 25}, "lower limit of re-segmentation"),
        ({"ibsi": {"aggregation": "2D_averaged"}}, "null"),
        ({"ibsi": {"round_intensities": True}}, "set normalise: false"),
        ({"engine": "fast", "ibsi": {"outlier_sigma": 3}}, "without engine: ibsi"),
        (
            {"ibsi": {"volume_histogram_bin_count": 9, "volume_histogram_bin_width": 1}},
            "give one of",
        ),
    ],
)
def test_what_has_no_counterpart_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        Extraction(**PLAIN | given)


def test_each_key_is_refused_or_has_a_counterpart():
    """A key that comes later must be one or the other."""
    counterpart = {
        *("engine", "ibsi", "resampled_spacing_mm", "interpolator", "normalise"),
        *("normalise_scale", "remove_outliers", "resegment", "bin_width", "bin_count"),
        *("gldm_alpha", "log_sigma_mm", "wavelet", "own"),
    }
    assert set(Extraction.model_fields) == counterpart | set(REFUSED)


def test_all_faults_are_told_at_once():
    with pytest.raises(ValueError, match=r"pad_distance.*; force_2d.*; .*interpolator"):
        Extraction(**PLAIN, pad_distance=3, force_2d="axial", interpolator="sitkGaussian")


def test_check_says_what_is_not_installed(tmp_path, monkeypatch):
    study = load_study(study_with(tmp_path, {"engine": "ibsi"}, phase="delayed"))
    assert study.ibsi_phases == ["delayed"]
    monkeypatch.setattr(checks, "is_installed", lambda: False)
    checks.check_engine(study, problems := Problems())
    (error,) = problems.of("error")
    assert "features of delayed can't be computed: the package MIRP" in error.what
    assert 'pip install "hcc-early-recurrence[ibsi]"' in error.mend
    assert not checks.can_be_tried(study.written_extraction_of("delayed"))
    monkeypatch.setattr(checks, "is_installed", lambda: True)
    checks.check_engine(study, quiet := Problems())
    assert len(quiet) == 0


@pytest.mark.parametrize("kind", ["translation", "rotation_degrees"])
def test_its_grid_is_not_moved(tmp_path, kind):
    path = study_with(tmp_path, {"engine": "ibsi"}, phase="delayed")
    allowed = {"noise": 1, "volume": [0.1], "erosion_mm": 1}
    radiomics = {"perturbation": allowed}
    assert load_study(edit_study(path, radiomics=radiomics)).ibsi_phases == ["delayed"]
    radiomics = {"perturbation": allowed | {kind: 0.5}}
    words = rf"radiomics.perturbation.{kind}: .* grid and a mask of its own \(delayed\)"
    with pytest.raises(StudyError, match=words):
        load_study(edit_study(path, radiomics=radiomics))
    # Of the other engines it is.
    other = study_with(tmp_path, {"engine": "fast"}, phase="delayed")
    assert load_study(edit_study(other, radiomics=radiomics)).ibsi_phases == []
