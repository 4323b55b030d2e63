"""Sentences on habitats say how phases came on one grid."""

import pytest

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences import habitat_methods
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Phase, Radiomics, load_study
from analysis.study.registration import Registration
from tests.support.tiny_study import tiny_study

MOVED = {"resample_to": "late", "registration": Registration()}


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        (
            {"early": {}, "third": {}},
            "Other phases were put on the voxel grid of the late phase by",
        ),
        (
            {"early": MOVED, "third": MOVED},
            "Other phases were registered to the late phase and put on its voxel grid by cubic",
        ),
        (
            {"early": MOVED, "third": {}},
            "by cubic B-splines, early after registration to it and the others as acquired.",
        ),
    ],
)
def test_registration_is_said_where_there_is_one(tmp_path, phases, words):
    every = {
        name: Phase(image="", mask="", **each) for name, each in ({"late": {}} | phases).items()
    }
    study = load_study(tiny_study(tmp_path)).model_copy(
        update={
            "phases": every,
            "radiomics": Radiomics(habitats={"reference_phase": "late"}),
        }
    )
    records = Records()
    records.add(keys.habitats_n(), 3, source=load_study)
    text = habitat_methods(Results({each.key: each for each in records.sorted()}, study, tmp_path))
    assert words in text
    assert ("regist" in text) == (phases["early"] == MOVED)
