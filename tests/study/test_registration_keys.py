"""Registration in the study file: what it needs, whose masks are used, digests without it."""

import pytest

from analysis.study import Phase, StudyError, load_study
from analysis.study.registration import Registration
from tests.support.small_cohort import image_study

MASK = "images/{patient_id}/mask.nii.gz"


def phases(**arterial):
    image = "images/{patient_id}/%s.nii.gz"
    return {
        "portal_venous": {"image": image % "portal_venous", "mask": MASK},
        "arterial": {"image": image % "arterial", "mask": MASK} | arterial,
    }


REGISTERED = {"resample_to": "portal_venous", "registration": {}}


def test_a_phase_is_registered_to_that_of_its_grid_as_it_is_by_default(tmp_path):
    study = load_study(image_study(tmp_path, phases=phases(**REGISTERED)))
    found = study.phases["arterial"].registration
    assert (found.transform, found.furthest_mm) == ("rigid", 30.0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"registration": {}, "resample_to": None}, "needs resample_to"),
        (REGISTERED | {"registration": {"furthest_mm": 0}}, "must be above 0"),
        (
            REGISTERED | {"registration": {"spacing_mm": 30}},
            "of transform: deformable; take it out",
        ),
        (
            REGISTERED | {"mask": "images/{patient_id}/other.nii.gz"},
            "a registered phase has the masks of the phase that it is registered to: write mask as"
            " that of portal_venous ('images/{patient_id}/mask.nii.gz')",
        ),
        (REGISTERED | {"segment": 2}, "write segment as that of portal_venous (None)"),
        (
            REGISTERED | {"repeat_masks": {"reader": "images/{patient_id}/again.nii.gz"}},
            "a registered phase has the masks of portal_venous: write None",
        ),
    ],
)
def test_what_can_not_be_registered_is_refused(tmp_path, given, message):
    path = image_study(tmp_path, phases=phases(**given))
    with pytest.raises(StudyError) as error:
        load_study(path)
    assert message in str(error.value)


def test_a_phase_without_it_is_digested_as_before():
    phase = Phase(image="a", mask="b")
    assert "registration" not in phase.model_dump(mode="json")


def test_a_rigid_registration_is_digested_as_before_there_were_deformations():
    assert Registration().model_dump(mode="json") == {"transform": "rigid", "furthest_mm": 30.0}
    given = {"transform": "deformable", "furthest_mm": 30.0, "spacing_mm": 40.0}
    found = Registration(transform="deformable")
    assert found.model_dump(mode="json") == given
    assert Registration(**given) == found
    assert (Registration().idle_keys(), found.idle_keys()) == ({"spacing_mm"}, set())
