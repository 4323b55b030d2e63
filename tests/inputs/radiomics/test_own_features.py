"""Features of a study's own code: values by hand, several lesions, the cache, and each fault in
words."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
import SimpleITK as sitk

from analysis.core.cache import digest, read_timings
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.inputs.radiomics import extract_features
from analysis.inputs.radiomics.definitions import feature_parts, own_class
from analysis.inputs.radiomics.extraction import extract_own_features
from analysis.inputs.radiomics.own_features import (
    OwnFeaturesError,
    check_same_names,
    load_extractor,
    naming,
)
from analysis.inputs.radiomics.table import _one
from analysis.results.reproducibility import class_of
from analysis.study import Extraction, StudyError, load_study
from analysis.study.images import Lesions
from models.registry import own_files
from tests.conftest import ROOT, small_study

SETTINGS = Extraction(
    log_sigma_mm=[], resampled_spacing_mm=None, own={"mine": "my_features.py:Mine"}
)
MINE = """
class Mine:
    label = "first axis"
    definitions = {"mean": "Mean intensity"}

    def compute(self, image, mask, spacing):
        assert image.dtype == float and mask.dtype == bool and image.shape == mask.shape
        return {"mean": image[mask].mean(), "height_mm": mask.any(axis=(1, 2)).sum() * spacing[0]}
"""


@pytest.fixture
def folder(tmp_path):
    """An image whose value is 10 a section along z; a mask of sections 1 to 3, and one of 5."""
    values = np.broadcast_to(10.0 * np.arange(8)[:, None, None], (8, 12, 10)).copy()
    values[0, 0, 0] = 500.0
    image = sitk.GetImageFromArray(values)
    image.SetSpacing((1.0, 1.5, 2.5))
    mask = np.zeros(values.shape, np.uint8)
    mask[1:4, 3:8, 2:7] = 1
    mask[5, 3:8, 2:7] = 1
    mask = sitk.GetImageFromArray(mask)
    mask.CopyInformation(image)
    sitk.WriteImage(image, str(tmp_path / "image.nii.gz"))
    sitk.WriteImage(mask, str(tmp_path / "mask.nii.gz"))
    (tmp_path / "my_features.py").write_text(MINE)
    return tmp_path


def sources(folder, rule="all"):
    lesions = Lesions(rule=rule, separated_by="pieces", least_voxels=1)
    return (
        ImageSource(folder / "image.nii.gz"),
        MaskSource(folder / "mask.nii.gz", lesions=lesions),
    )


def own(folder, code=MINE):
    """The own features of the image, by other code."""
    (folder / "my_features.py").write_text(code)
    return extract_own_features(*sources(folder), SETTINGS.with_code(folder))


def test_own_features_come_after_pyradiomicss_and_see_the_image_as_it_was_read(folder):
    found = extract_features(*sources(folder), SETTINGS.with_code(folder))
    plain = extract_features(*sources(folder), SETTINGS.without_own())
    assert list(found) == [*plain, "mine_mean", "mine_height_mm"]
    assert {name: found[name] for name in plain} == plain
    # Sections 1, 2, 3 and 5 of 25 voxels each; four of them, 2.5 mm thick.
    assert found["mine_mean"] == pytest.approx((10 + 20 + 30 + 50) / 4)
    assert found["mine_height_mm"] == pytest.approx(4 * 2.5)


@pytest.mark.parametrize(
    ("rule", "mean", "height"), [("mean", (20 + 50) / 2, (7.5 + 2.5) / 2), ("max", 50, 7.5)]
)
def test_several_lesions_follow_the_studys_rule(folder, rule, mean, height):
    found = extract_own_features(*sources(folder, rule), SETTINGS.with_code(folder))
    assert found == {
        "mine_mean": pytest.approx(mean),
        "mine_height_mm": pytest.approx(height),
    }


def test_the_code_travels_with_the_settings(folder):
    """As to a worker on another machine, which has no such file."""
    settings = pickle.loads(pickle.dumps(SETTINGS.with_code(folder)))
    (folder / "my_features.py").unlink()
    assert extract_own_features(*sources(folder), settings)["mine_mean"] == pytest.approx(27.5)
    code = (
        "import pickle, sys; from analysis.inputs.radiomics.own_features import own_extractors;"
        "print(own_extractors(pickle.load(sys.stdin.buffer))[0].label)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input=pickle.dumps(settings), capture_output=True
    )
    assert done.stdout.decode().strip() == "first axis", done.stderr


def test_what_one_extractor_does_to_its_arrays_no_other_sees(folder):
    (folder / "my_features.py").write_text(
        MINE.replace("        assert", "        image[:] = image / 2\n        assert")
    )
    both = {"mine": "my_features.py:Mine", "again": "my_features.py:Mine"}
    settings = SETTINGS.model_copy(update={"own": both}).with_code(folder)
    found = extract_own_features(*sources(folder), settings)
    assert found["mine_mean"] == found["again_mean"] == pytest.approx(27.5 / 2)


def test_without_own_features_settings_are_written_and_digested_as_before():
    plain = Extraction(log_sigma_mm=[], resampled_spacing_mm=None)
    assert not {"own", "code"} & plain.model_dump(mode="json").keys()
    assert digest(plain.model_dump(mode="json")) == digest(
        SETTINGS.without_own().model_dump(mode="json")
    )
    assert plain.with_code(ROOT) is plain


def test_a_changed_file_is_computed_anew_and_pyradiomicss_features_stay(folder, tmp_path):
    cache = tmp_path / "cache" / "radiomics"

    def computed():
        return [each["what"] for each in read_timings(cache.parent)]

    first = _one(*sources(folder), SETTINGS.with_code(folder), "code", cache)
    assert computed() == ["an image", "own features"]
    assert _one(*sources(folder), SETTINGS.with_code(folder), "code", cache) == first
    assert computed() == ["an image", "own features"]
    (folder / "my_features.py").write_text(MINE.replace(".mean()", ".max()"))
    again = _one(*sources(folder), SETTINGS.with_code(folder), "code", cache)
    assert computed() == ["an image", "own features", "own features"]
    assert (first["mine_mean"], again["mine_mean"]) == (pytest.approx(27.5), 50)
    # A study without own features finds PyRadiomics's there.
    _one(*sources(folder), SETTINGS.without_own(), "code", cache)
    assert len(computed()) == 3


RETURNS = "class Mine:\n    label = 'a'\n    def compute(self, image, mask, spacing):\n        "


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("class Mine:\n    label = 'a'", r"my_features.py:Mine lacks compute; give it label"),
        ("class Mine:\n    compute = 3\n    label = 'a'", r"lacks a function compute"),
        ("class Other: ...", r"own, mine: my_features.py has no class 'Mine'; add it"),
        ("class Mine(", r"can't be used: SyntaxError: .*; mend the file"),
        ("import nothing_like_it", r"ModuleNotFoundError: .*\(my_features.py, line 1\)"),
        (
            RETURNS + "return 1 / 0",
            r"mine\) failed on a mask of 100 voxels: ZeroDivisionError: .*\(my_features.py, line"
            r" 4\); mend the file",
        ),
        (RETURNS + "return {'a': float('nan')}", r"a is nan; return a finite number for every"),
        (RETURNS + "return {'a': image[mask]}", r"a is array\(.*which is no number"),
        (RETURNS + "return {'a': '3'}", r"a is '3', which is no number; return a number"),
        (RETURNS + "return {'a': True}", r"a is True, which is no number"),
        (RETURNS + "return {'a b': 1}", r"names a feature 'a b'; a name is a letter, then"),
        (RETURNS + "return 3.0", r"returned 3.0; compute must return {feature: value}"),
        (RETURNS + "return {}", r"returned {}; compute must return"),
        (
            "class Mine:\n    label = 'a'\n    definitions = 3\n    compute = print",
            "definitions of",
        ),
    ],
)
def test_each_fault_of_the_code_is_said_in_words(folder, code, message):
    with pytest.raises(OwnFeaturesError, match=message):
        own(folder, code)


def test_a_failure_names_patient_phase_files_and_class(folder):
    with (
        pytest.raises(OwnFeaturesError) as raised,
        naming("patient P01, arterial"),
    ):
        own(folder, RETURNS + "return {'a': float('inf')}")
    message = str(raised.value)
    assert message.startswith(f"patient P01, arterial: {folder / 'image.nii.gz'} with mask ")
    assert "my_features.py:Mine (radiomics.extraction.own, mine): a is inf" in message


def test_lesions_with_other_features_are_refused(folder):
    code = RETURNS + "return {'a' if mask.sum() > 30 else 'b': 1.0}"
    (folder / "my_features.py").write_text(code)
    with pytest.raises(OwnFeaturesError, match="own features differ between its 2 lesions"):
        extract_own_features(*sources(folder, "max"), SETTINGS.with_code(folder))


def test_other_features_of_another_patient_are_refused():
    rows = [
        ("patient P01, arterial", "arterial", ["original_shape_Volume", "mine_b", "mine_a"]),
        ("patient P01, delayed", "delayed", ["original_shape_Volume", "mine_c"]),
        ("patient P02, arterial", "arterial", ["mine_a", "mine_b", "original_shape_Volume"]),
    ]
    references = {"mine": "my_features.py:Mine"}
    check_same_names(rows, references)
    rows.append(("patient P03, arterial", "arterial", ["original_shape_Volume", "mine_a"]))
    with pytest.raises(
        OwnFeaturesError,
        match=r"patient P03, arterial: my_features.py:Mine .* gives a, and a, b of patient P01,"
        r" arterial; return the same features for everybody",
    ):
        check_same_names(rows, references)


def test_settings_without_the_code_say_where_to_get_it(folder):
    with pytest.raises(OwnFeaturesError, match=r"use settings.with_code\(folder of the file\)"):
        extract_features(*sources(folder), SETTINGS)


def test_a_file_that_is_not_there_or_lies_elsewhere_is_refused(tmp_path):
    with pytest.raises(ValueError, match="extraction.own: no file my_features.py beside the study"):
        SETTINGS.with_code(tmp_path)
    outside = SETTINGS.model_copy(update={"own": {"mine": "../my_features.py:Mine"}})
    with pytest.raises(ValueError, match="my_features.py lies outside the study's folder"):
        outside.with_code(tmp_path)


@pytest.mark.parametrize(
    ("name", "reference", "message"),
    [
        ("glcm", "a.py:A", "the name 'glcm' is taken: features with 'glcm' in their name are PyR"),
        ("my_shape", "a.py:A", "the name 'my_shape' is taken: features with 'shape'"),
        ("arterial", "a.py:A", "'arterial' clashes with the phase arterial"),
        ("venous", "a.py:A", "'venous' clashes with the phase portal_venous"),
        ("mine", "package:A", "name a file beside the study file and its class, such as my_feat"),
        ("mine", "a.py", "name a file beside the study file and its class"),
        ("Mine", "a.py:A", r"extraction\.own\.Mine: the name must begin with a lower-case letter"),
    ],
)
def test_names_that_are_taken_are_refused_by_the_study_file(tmp_path, name, reference, message):
    path = small_study(tmp_path)
    own_line = {"own": {name: reference}}
    changes = {"radiomics": load_study(path).radiomics.model_dump(mode="json")}
    changes["radiomics"]["extraction"] |= own_line
    if name == "venous":
        phases = load_study(path).model_dump(mode="json")["phases"]
        changes["phases"] = phases | {"portal": phases["arterial"]}
    with pytest.raises(StudyError, match=message):
        load_study(small_study(tmp_path, **changes))


def test_names_of_which_one_begins_with_another_are_refused():
    with pytest.raises(ValueError, match="features of 'a' and of 'a_b' could have one name"):
        Extraction(own={"a": "a.py:A", "a_b": "a.py:A"})


def test_one_name_is_one_class_and_a_table_takes_none(tmp_path):
    path = small_study(tmp_path)
    content = load_study(path).model_dump(mode="json")
    content["radiomics"]["extraction"]["own"] = {"mine": "a.py:A"}
    content["phases"]["delayed"]["extraction"] = {"own": {"mine": "b.py:B"}}
    changes = {name: content[name] for name in ("radiomics", "phases")}
    with pytest.raises(StudyError, match=r"'mine' is a.py:A elsewhere; give the two different nam"):
        load_study(small_study(tmp_path, **changes))
    content["radiomics"] |= {"table": {"file": "features.csv"}}
    content["phases"]["delayed"]["extraction"] = None
    changes = {name: content[name] for name in ("radiomics", "phases")}
    with pytest.raises(StudyError, match="features come as a table, and no image is read"):
        load_study(small_study(tmp_path, **changes))


def test_the_file_is_among_the_studys_own_and_a_phases_extraction_has_its_own(folder):
    content = load_study(small_study(folder)).model_dump(mode="json")
    content["radiomics"]["extraction"]["own"] = {"mine": "my_features.py:Mine"}
    content["phases"]["delayed"]["extraction"] = {}
    path = small_study(folder, **{name: content[name] for name in ("radiomics", "phases")})
    study = load_study(path)
    assert study.own_features == {"mine": "my_features.py:Mine"}
    assert own_files(study)["features mine"] == folder / "my_features.py"
    assert study.extraction_of("arterial").code == {"my_features.py": MINE}
    assert not study.extraction_of("delayed").own


def test_names_are_spelt_out_with_the_label_whatever_they_look_like():
    labels = {"mine": "first axis"}
    phases = ["portal", "portal_venous"]
    name = "portal_venous_mine_glcm_shape_mean"
    assert feature_parts(name, phases, labels) == (
        "portal venous",
        "as read",
        "first axis",
        "glcm_shape_mean",
    )
    assert own_class(name, phases, labels) == "mine"
    assert class_of(name, phases, labels) == "first axis"
    assert class_of("portal_original_glcm_Contrast", phases, labels) == "glcm"


def test_a_dataclass_of_the_file_can_be_used():
    code = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Mine:\n    label: str = 'a dataclass'\n"
        "    def compute(self, image, mask, spacing): return {'a': 1}\n"
    )
    assert load_extractor("mine", "my_features.py:Mine", code).label == "a dataclass"
