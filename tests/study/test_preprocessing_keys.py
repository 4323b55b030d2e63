"""Keys of preprocessing: of all phases and of one, digests without them, contradictions."""

import pytest
from ruamel.yaml import YAML

from analysis.core.cache import digest
from analysis.results.appendix import settings_table
from analysis.study import Perturbation, Preprocessing, StudyError, load_study
from analysis.study.preprocessing_faults import preprocessing_faults
from analysis.workflow.locked_model.patient_files import patient_files
from tests.conftest import small_study

N4 = {"bias_correction": {"iterations": [30]}}
ORGAN = {"intensity": {"method": "organ", "mask": "images/{patient_id}/{phase}_spleen.nii.gz"}}


def _study(folder, **changes):
    return load_study(small_study(folder, **changes))


def test_a_study_without_them_is_digested_and_listed_as_before(tmp_path):
    study = _study(tmp_path, radiomics={"perturbation": {"erosion_mm": 1}})
    content = study.model_dump(mode="json")
    assert "preprocessing" not in content
    assert all("preprocessing" not in phase for phase in content["phases"].values())
    names = settings_table(study)["setting"]
    assert not names[names.str.contains("preprocessing")].tolist()
    assert [name for name in names if name.startswith("radiomics.perturbation.")] == [
        f"radiomics.perturbation.{name}"
        for name in Perturbation(erosion_mm=1).model_dump(mode="json")
    ]
    assert study.preprocessing_of == {}


def test_a_phase_has_its_own_or_none(tmp_path):
    path = small_study(tmp_path, preprocessing=N4)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text())
    content["phases"]["delayed"]["preprocessing"] = {}
    content["phases"]["arterial"]["preprocessing"] = {"bias_correction": {"shrink": 2}}
    with path.open("w") as file:
        yaml.dump(content, file)
    found = load_study(path).preprocessing_of
    assert set(found) == {"arterial", "portal_venous"}
    assert found["arterial"].bias_correction.shrink == 2
    assert found["portal_venous"].bias_correction.iterations == [30]
    # An empty one is kept: it takes the place of that of all phases.
    assert load_study(path).model_dump(mode="json")["phases"]["delayed"]["preprocessing"] == {}


def test_a_scale_that_would_be_undone_is_refused():
    phases = {"a": {}, "b": {"extraction": {"normalise": False}}}
    plain = {"phases": phases, "radiomics": {}, "preprocessing": ORGAN}
    ((place, message),) = preprocessing_faults(plain)
    assert place == ("preprocessing", "intensity")
    assert "phase a is normalised by its own mean" in message
    plain["radiomics"] = {"extraction": {"normalise": False}}
    assert not list(preprocessing_faults(plain))
    # An empty section of a phase has the defaults, whatever is written for all phases.
    assert list(preprocessing_faults(plain | {"phases": {"a": {"extraction": {}}}}))
    own = {"phases": {"a": {"preprocessing": ORGAN}}, "radiomics": {}}
    assert next(preprocessing_faults(own))[0] == ("phases", "a", "preprocessing", "intensity")
    assert next(preprocessing_faults({"preprocessing": N4}))[0] == ("preprocessing",)


@pytest.mark.parametrize(("normalises", "refused"), [(True, True), (False, False)])
def test_a_parameter_file_that_undoes_a_scale_is_refused(tmp_path, normalises, refused):
    content = f"setting: {{normalize: {str(normalises).lower()}, binWidth: 5}}\n"
    (tmp_path / "params.yaml").write_text(content)
    path = small_study(tmp_path, preprocessing=ORGAN, radiomics={"extraction": "params.yaml"})
    if not refused:
        assert load_study(path).written_extraction_of("arterial").normalise is False
        return
    with pytest.raises(StudyError, match=r"by params.yaml, which undoes .* normalize: false"):
        load_study(path)


def test_habitats_keep_a_scale_or_need_none():
    plain = {
        "phases": {"a": {}, "b": {"preprocessing": {}}},
        "radiomics": {"extraction": {"normalise": False}, "habitats": {}},
        "preprocessing": ORGAN,
    }
    ((place, message),) = preprocessing_faults(plain)
    assert place == ("radiomics", "habitats", "normalisation")
    assert "undoes preprocessing.intensity (a); write none" in message
    for normalisation in ("none", "region"):
        plain["radiomics"]["habitats"] = {"normalisation": normalisation}
        assert not list(preprocessing_faults(plain))
    assert not list(preprocessing_faults(plain | {"preprocessing": N4}))


def test_names_of_files_and_organs_are_no_part_of_what_is_done():
    first, other = (
        Preprocessing(
            intensity={"method": "organ", "mask": f"{{patient_id}}/{name}", "label": name}
        )
        for name in ("spleen", "muscle")
    )
    assert first.without_paths() == other.without_paths()
    assert first.without_paths() != Preprocessing(**N4).without_paths()


@pytest.mark.parametrize("steps", [N4, N4 | ORGAN])
def test_a_new_patients_image_is_prepared_as_the_studys(tmp_path, steps):
    study = _study(tmp_path, preprocessing=steps, radiomics={"extraction": {"normalise": False}})
    folder = tmp_path / "P001"
    folder.mkdir()
    for name in ("arterial.nii.gz", "arterial_spleen.nii.gz"):
        (folder / name).write_bytes(b"content of " + name.encode())
    description = {
        "phases": {"arterial": study.phases["arterial"].model_dump(mode="json")},
        "lesions": study.lesions.model_dump(mode="json"),
        "preprocessing": {
            phase: each.model_dump(mode="json") for phase, each in study.preprocessing_of.items()
        },
    }
    files = patient_files(description, folder)
    found = files.prepared_source("P001", "arterial")
    assert found.preparation is not None
    assert found.preparation.settings == study.preprocessing_of["arterial"]
    reference = files.reference("P001", "arterial")
    expected = folder / "arterial_spleen.nii.gz" if steps is not N4 else None
    assert reference == expected
    assert digest(found) != digest(files.image_source("P001", "arterial"))


NYUL = {"intensity": {"method": "nyul"}}


def test_matched_histograms_have_keys_of_their_own():
    found = Preprocessing(**NYUL)
    assert found.is_matched
    assert found.intensity.scale == 500
    dumped = found.model_dump(mode="json")["intensity"]
    assert set(dumped) == {"method", "mask", "segment", "scale", "label"}
    assert Preprocessing(intensity=dumped) == found
    assert Preprocessing(intensity={"method": "nyul", "scale": 100}).intensity.scale == 100
    both = Preprocessing(**N4, **NYUL)
    assert both.of_one_image == Preprocessing(**N4)
    assert not found.of_one_image.does_something
    for key in ({"by": "percentile"}, {"percentile": 40}, {"peak": "largest"}, {"width": 0.1}):
        with pytest.raises(ValueError, match="which method: nyul does not have"):
            Preprocessing(intensity={"method": "nyul", **key})
    # Other methods are digested as before.
    assert Preprocessing(**ORGAN).model_dump(mode="json") == {
        "intensity": {
            "method": "organ",
            "mask": "images/{patient_id}/{phase}_spleen.nii.gz",
            "segment": None,
            "by": "mean_sd",
            "percentile": 50.0,
            "peak": "largest",
            "width": 0.05,
            "scale": 100.0,
            "label": None,
        }
    }


def test_matching_is_refused_where_nobody_sees_it_or_networks_would_need_it(tmp_path):
    unnormalised = {"extraction": {"normalise": False}}
    study = _study(tmp_path, preprocessing=NYUL, radiomics=unnormalised)
    assert set(study.matched_phases) == set(study.phases)
    with pytest.raises(StudyError, match="undoes any other scale"):
        _study(tmp_path, preprocessing=NYUL, radiomics={})
    with pytest.raises(StudyError, match="this study extracts none"):
        _study(tmp_path, preprocessing=NYUL, radiomics=None)
    networks = dict(small_networks(tmp_path), normalisation="reference")
    with pytest.raises(StudyError, match="normalisation: reference they would read phase arterial"):
        _study(tmp_path, preprocessing=NYUL, radiomics=unnormalised, deep_learning=networks)


def small_networks(folder):
    """Networks of a small study, as its file has them."""
    return YAML(typ="safe").load(small_study(folder).read_text())["deep_learning"]


def test_networks_read_images_before_they_are_matched(tmp_path):
    extraction = {"extraction": {"normalise": False}}
    study = _study(tmp_path, preprocessing=N4 | NYUL, radiomics=extraction)
    description = {
        "phases": {"arterial": study.phases["arterial"].model_dump(mode="json")},
        "lesions": study.lesions.model_dump(mode="json"),
        "preprocessing": {"arterial": study.preprocessing_of["arterial"].model_dump(mode="json")},
        "standard_scale": {"arterial": {"percentiles": [1, 99], "intensities": [0, 500]}},
    }
    files = patient_files(description, tmp_path / "P001")
    matched, networks = (
        each.prepared_source("P001", "arterial").preparation for each in (files, files.unmatched)
    )
    assert matched.standard == (0, 500)
    assert networks.standard is None
    assert networks.settings == Preprocessing(**N4)
