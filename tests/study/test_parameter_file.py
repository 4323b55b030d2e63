"""A PyRadiomics parameter file in study.yml: read as it is, by its content alone, refused in
words."""

import re
import shutil
import sys

import pytest
from ruamel.yaml import YAML

from analysis.core.cache import digest
from analysis.study import Extraction, StudyError, load_study
from tests.conftest import ROOT

# PyRadiomics's own example of CT, its comments left out, but for one image type with bins of its
# own.
EXAMPLE = """\
# Example of a CT study
imageType:
  Original: {}
  LoG:
    sigma: [1.0, 2.0, 3]
  Wavelet: {binWidth: 10}
featureClass:
  shape:
  firstorder:
  glcm:
    - 'Autocorrelation'
    - 'Contrast'
setting:
  normalize: true
  normalizeScale: 500
  removeOutliers: 3
  interpolator: 'sitkBSpline'
  resampledPixelSpacing: [2, 2, 0]
  padDistance: 10
  resegmentRange: [-3, 3]
  resegmentMode: sigma
  binWidth: 25
  voxelArrayShift: 1000
  label: 2
"""


def study_with(tmp_path, extraction, text=EXAMPLE, phase=None, name="params.yaml"):
    """The demonstration's study file with these settings, beside a parameter file."""
    yaml = YAML()
    content = yaml.load((ROOT / "study.yml").read_text(encoding="utf-8"))
    del content["deep_learning"]
    for place in content["phases"].values():
        place.pop("extraction", None)
    if phase is None:
        content["radiomics"]["extraction"] = extraction
    else:
        content["phases"][phase]["extraction"] = extraction
    with (tmp_path / "study.yml").open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "study.yml"


def fault_of(path):
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return "\n".join(message for _, _, message in caught.value.faults)


def test_the_file_becomes_the_keys(tmp_path):
    found = load_study(study_with(tmp_path, "params.yaml")).extraction_of("arterial")
    assert found == load_study(study_with(tmp_path, {"parameters": "params.yaml"})).extraction_of(
        "arterial"
    )
    assert found.resampled_spacing_mm == (2.0, 2.0, None)
    assert (found.normalise_scale, found.remove_outliers, found.voxel_array_shift) == (500, 3, 1000)
    assert (found.log_sigma_mm, found.wavelet, found.pre_crop) == ([1.0, 2.0, 3.0], "coif1", False)
    assert found.resegment is not None
    assert (found.resegment.range, found.resegment.mode) == ([-3, 3], "sigma")
    assert (found.bin_width, found.of_image("wavelet").bin_width) == (25, 10)
    assert found.features == {
        "shape": None,
        "firstorder": None,
        "glcm": ["Autocorrelation", "Contrast"],
    }


def test_what_the_file_leaves_out_is_as_pyradiomics_has_it():
    # Where no class is named PyRadiomics computes all.
    from analysis.study.parameter_keys import keys_of

    found = Extraction(**keys_of({}))
    assert (found.normalise, found.bin_width, found.resampled_spacing_mm) == (False, 25, None)
    assert (found.image_types, found.pad_distance, found.features) == (["original"], 5, None)


def test_a_phase_may_have_a_file_and_features_of_ones_own(tmp_path):
    path = study_with(
        tmp_path, {"parameters": "params.yaml", "engine": "pyradiomics"}, phase="delayed"
    )
    study = load_study(path)
    assert study.extraction_of("delayed").bin_width == 25
    assert study.extraction_of("delayed").engine == "pyradiomics"
    assert study.extraction_of("delayed").parameters == "params.yaml"
    assert study.extraction_of("arterial").parameters is None


def test_content_and_not_the_name_is_in_the_digest(tmp_path):
    def content(text=EXAMPLE, name="params.yaml"):
        study = load_study(study_with(tmp_path, name, text, name=name))
        return digest(study.model_dump(mode="json"))

    first = content()
    assert content(EXAMPLE.replace("# Example of a CT study\n", "")) == first
    assert content(name="other.yml") == first
    assert content(EXAMPLE.replace("binWidth: 25", "binWidth: 20")) != first


def test_the_settings_need_no_file_once_they_are_read(tmp_path):
    study = load_study(study_with(tmp_path, "params.yaml"))
    shutil.move(tmp_path / "params.yaml", tmp_path / "gone.yaml")
    settings = study.extraction_of("arterial")
    assert Extraction(**settings.model_dump(mode="json")) == settings.model_copy(
        update={"parameters": None}
    )
    assert settings.without_own().with_code(tmp_path) is settings


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("binWidth: 25", "binWidht: 25", "unknown setting.binWidht; did you mean binWidth?"),
        ("Wavelet:", "Wavelt:", "unknown imageType.Wavelt; did you mean Wavelet?"),
        ("{binWidth: 10}", "{binWith: 10}", "unknown imageType.Wavelet.binWith; did you mean binW"),
        ("'Contrast'", "'Contrasts'", "unknown feature Contrasts of glcm; did you mean Contrast?"),
        ("  glcm:", "  glmc:", "unknown featureClass.glmc; did you mean"),
        ("setting:", "settings:", "unknown section settings; did you mean setting"),
        ("resegmentMode: sigma", "resegmentMode: sd", "setting.resegmentMode: Enum 'sd'"),
        ("binWidth: 25", "binWidth: -1", "setting.binWidth: "),
        ("[2, 2, 0]", "[2, 2]", "resampledPixelSpacing needs three numbers"),
        ("sigma: [1.0,", "sigma: [0.1,", "a Gaussian of 0.1 mm lies within one voxel"),
        ("padDistance: 10", "padDistance: 1000", "1000 voxels around the mask reach beyond"),
        ("setting:", "setting: [", "not valid YAML"),
    ],
)
def test_faults_of_the_file(tmp_path, old, new, words):
    assert old in EXAMPLE
    text = EXAMPLE.replace(old, new).replace(
        "[2, 2, 0]", "[2, 2, 2]" if "0.1" in new else "[2, 2, 0]"
    )
    message = fault_of(study_with(tmp_path, "params.yaml", text))
    assert words in message
    assert str(tmp_path) not in message


@pytest.mark.parametrize(
    ("key", "module", "words"),
    [
        ("lbp_2d", "skimage.feature", "lbp_2d needs the package scikit-image"),
        ("lbp_3d", "trimesh.creation", "lbp_3d needs the package trimesh"),
    ],
)
def test_packages_of_binary_patterns_are_asked_for_in_words(monkeypatch, key, module, words):
    monkeypatch.setitem(sys.modules, module, None)  # as where it is not installed
    with pytest.raises(ValueError, match=words):
        Extraction(**{key: {}})


def test_keys_beside_the_file_a_missing_file_and_one_elsewhere_are_refused(tmp_path):
    both = {"parameters": "params.yaml", "bin_width": 5, "wavelet": "haar"}
    assert "write bin_width, wavelet there and not here" in fault_of(study_with(tmp_path, both))
    assert "no file paramz.yaml beside" in fault_of(study_with(tmp_path, "paramz.yaml"))
    path = study_with(tmp_path, "../params.yaml")
    assert re.search(r"extraction: leads out of the study's folder", str(_error(path)))


def _error(path):
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return caught.value


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"log_sigma_mm": [0.1]}, "log_sigma_mm: a Gaussian of 0.1 mm lies within one voxel of 1"),
        ({"pad_distance": 1000}, "1000 voxels around the mask reach beyond the image"),
        ({"features": {"glcm": ["Contrasst"]}}, "glcm has no feature Contrasst; did you mean"),
        ({"features": {}}, "names no class of features"),
        ({"features": {"shape2D": None}}, "shape2D needs force_2d"),
        ({"normalise": False, "remove_outliers": 3}, "set normalise: true"),
        ({"by_image": {"square": {"bin_width": 3}}}, "square is no image of these settings"),
        ({"by_image": {"wavelet": {"bin_width": 3, "bin_count": 4}}}, "one of bin_width and bin_c"),
        ({"original": False, "wavelet": None, "log_sigma_mm": []}, "no image is left"),
        ({"filters": ["square", "square"]}, "names a filter twice"),
        ({"filters": ["square_root"], "own": {"squareroot": "a.py:A"}}, "filters have square_root"),
        ({"resegment": {"range": []}}, "at least 1"),
    ],
)
def test_wrong_keys(wrong, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Extraction(**wrong)


def test_defaults_are_written_and_digested_as_before():
    plain = Extraction(log_sigma_mm=[])
    assert Extraction(log_sigma_mm=[], gldm_alpha=0, filters=[], distances=[1]) == plain
    assert list(plain.model_dump(mode="json")) == [
        *("engine", "resampled_spacing_mm", "interpolator", "normalise", "bin_width", "bin_count"),
        *("log_sigma_mm", "wavelet", "pad_distance"),
    ]
    assert "gldm_alpha" in Extraction(gldm_alpha=1).model_dump()


def test_the_settings_that_the_guide_shows(tmp_path):
    guide = (ROOT / "docs" / "how-to" / "radiomics-settings.md").read_text(encoding="utf-8")
    text = re.search(r"```\{file\} params.yaml\n(.*?)```", guide, re.S)[1]
    pieces = [YAML(typ="safe").load(each) for each in re.findall(r"```yaml\n(.*?)```", guide, re.S)]
    keys, file = (each["radiomics"]["extraction"] for each in pieces)
    first = load_study(study_with(tmp_path, keys)).extraction_of("arterial")
    assert first.by_image["log"].bin_width == 2
    assert first.image_types == ["original", "log", "square", "gradient"]
    second = load_study(study_with(tmp_path, file, text)).extraction_of("arterial")
    assert second.of_image("wavelet").bin_width == 10
