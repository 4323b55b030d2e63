"""Habitats in the study file: what is taken and refused, and digests without them."""

import pytest
from pydantic import ValidationError

from analysis.study import Radiomics, StudyError, load_study
from analysis.study.habitat_faults import habitat_faults
from analysis.study.habitats import Habitats
from analysis.training.settings import habitat_arguments
from models.habitats.settings import HabitatSettings
from tests.support.small_cohort import FEW_FEATURES, image_study

PATTERNS = {"image": "images/{patient_id}/a.nii.gz", "mask": "images/{patient_id}/mask.nii.gz"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"criterion": "bic"}, "bic is of a mixture (method: mixture); k-means has no likelihood"),
        (
            {"number": 3, "criterion": "silhouette"},
            "fixes the number of habitats, so that criterion",
        ),
        ({"number": 3, "number_to": 4}, "so that number_to says nothing"),
        ({"number_from": 4, "number_to": 4}, "number_to (4) must be larger than number_from (4)"),
        ({"features": ["fractions", "fractions"]}, "fractions is named more than once"),
        ({"number": 1}, "greater than or equal to 2"),
        ({"method": "dbscan"}, "'kmeans' or 'mixture'"),
        ({"features": ["texture"]}, "'fractions' or 'first_order'"),
    ],
)
def test_what_says_nothing_sound_is_refused(given, message):
    with pytest.raises(ValidationError) as error:
        Habitats(**given)
    assert message in str(error.value)


def test_the_criterion_follows_the_method():
    assert Habitats().judged_by == "silhouette"
    assert Habitats(method="mixture").judged_by == "bic"
    assert Habitats(method="mixture", criterion="silhouette").judged_by == "silhouette"


def study(folder, habitats, phases=("late", "early"), **sections):
    radiomics = FEW_FEATURES | {"habitats": habitats} | sections.pop("radiomics", {})
    every = {name: PATTERNS | sections.pop(name, {}) for name in phases}
    return load_study(image_study(folder, radiomics=radiomics, phases=every, **sections))


@pytest.mark.parametrize(
    ("habitats", "more", "message"),
    [
        ({"region": "rim"}, {}, "there is no region 'rim' (radiomics: regions has none)"),
        ({"reference_phase": "port"}, {}, "there is no phase 'port' (phases: early, late)"),
        ({}, {"phases": ("late", "habitats_x")}, "features of habitats are named habitats_"),
        (
            {},
            {"clinical": {"candidates": ["ast"]}, "fusion": {"method": "features"}},
            "can't enter a fusion one by one",
        ),
    ],
)
def test_faults_between_sections_are_named(tmp_path, habitats, more, message):
    with pytest.raises(StudyError) as error:
        study(tmp_path, habitats, **more)
    assert message in str(error.value)


REGISTERED = {"resample_to": "late", "registration": {}}


@pytest.mark.parametrize(
    ("habitats", "phases", "message"),
    [
        # The first phase that the file names is the reference where none is named.
        ({}, {"late": {}, "early": REGISTERED}, None),
        ({"reference_phase": "late"}, {"early": REGISTERED, "late": {}}, None),
        ({}, {"early": REGISTERED, "late": {}}, "on the grid of early"),
        (
            {"reference_phase": "third"},
            {"late": {}, "early": REGISTERED, "third": {}},
            "on the grid of third, and phases are registered to another (early to late); write"
            " reference_phase: late",
        ),
        (
            {"reference_phase": "late"},
            {
                **{"late": {}, "early": REGISTERED, "third": {}},
                "fourth": {"resample_to": "third", "registration": {}},
            },
            "(fourth to third); register all phases to one",
        ),
        # Resampled by the headers alone, nothing is found anew.
        ({"reference_phase": "early"}, {"early": {"resample_to": "late"}, "late": {}}, None),
    ],
)
def test_they_lie_on_the_grid_that_phases_are_registered_to(habitats, phases, message):
    radiomics = {"habitats": habitats}
    faults = list(habitat_faults({"radiomics": radiomics, "phases": phases}))
    assert len(faults) == (message is not None)
    for place, found in faults:
        assert place == ("radiomics", "habitats", "reference_phase")
        assert message in found
    named = {"radiomics": radiomics, "phases": phases, "deep_learning": {"reference_phase": "late"}}
    if not habitats:
        assert not list(habitat_faults(named))


def test_the_study_gives_what_the_clusters_need(tmp_path):
    found = study(
        tmp_path,
        {"region": "rim", "reference_phase": "early"},
        radiomics={"regions": {"rim": {"rim": {"width_mm": 2}}}},
    )
    settings = HabitatSettings(**habitat_arguments(found))
    assert (settings.reference, settings.criterion, settings.numbers) == (
        *("early", "silhouette"),
        [2, 3, 4, 5],
    )
    assert settings.seed == found.seed


def test_without_them_a_study_is_digested_as_before(tmp_path):
    assert "habitats" not in Radiomics().model_dump()
    assert Radiomics(habitats={"number": 3}).model_dump()["habitats"]["number"] == 3
    found = load_study(image_study(tmp_path, radiomics=FEW_FEATURES))
    assert found.habitats is None
    assert habitat_arguments(found) is None
