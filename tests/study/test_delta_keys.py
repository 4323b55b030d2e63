"""Comparisons of phases in the study file: names, what is refused, and digests without them."""

import pytest
from pydantic import ValidationError

from analysis.study import Radiomics, StudyError, load_study
from analysis.study.delta import DeltaFeature, DeltaPair, delta_features, deltas_of, parsed
from analysis.study.phase_label import name_labels
from analysis.study.regions import blocks_of, split_region
from tests.support.small_cohort import FEW_FEATURES, edit_study, image_study, table_study

PHASES, REGIONS = ["art", "art_late", "portal"], ["ring"]
PAIR = {"phase": "portal", "reference": "art", "measures": ["difference"]}
COLUMNS = [
    *("art_original_firstorder_Mean", "art_original_shape_MeshVolume", "art_original_glcm_Idn"),
    *("art_ring_original_firstorder_Mean", "art_late_original_firstorder_Mean"),
    *("portal_original_firstorder_Mean", "portal_original_shape_MeshVolume"),
    *("portal_ring_original_firstorder_Mean", "portal_original_glcm_Idn"),
]


def deltas(**pair):
    return deltas_of([DeltaPair(**(PAIR | pair))])


def found(**pair):
    return delta_features(deltas(**pair), COLUMNS, blocks_of(PHASES, REGIONS))


@pytest.mark.parametrize(
    ("measure", "prefix"),
    [
        ("difference", "delta_portal_minus_art"),
        ("ratio", "delta_portal_over_art"),
        ("relative_change", "delta_portal_relative_to_art"),
        ("wash_in", "delta_wash_in_art_to_portal"),
        ("washout", "delta_washout_art_to_portal"),
    ],
)
def test_names_say_measure_and_phases_and_lead_back(measure, prefix):
    for region in (None, "ring"):
        between = "" if region is None else f"{region}_"
        name = f"{prefix}_{between}original_firstorder_Mean"
        expected = DeltaFeature(
            measure,
            f"portal_{between}original_firstorder_Mean",
            f"art_{between}original_firstorder_Mean",
        )
        assert found(measures=[measure])[name] == expected
        assert parsed(name, deltas(measures=[measure]), REGIONS) == expected
        assert split_region(name, [*PHASES, prefix], REGIONS)[0] == region
    assert parsed("art_original_firstorder_Mean", deltas(measures=[measure]), REGIONS) is None


def test_first_order_features_by_default_and_others_by_pattern_but_never_shape():
    assert len(found()) == 2
    every = found(features=["*"])
    assert len(every) == 3
    assert not any("shape" in name for name in every)
    # Wash-in is of the mean whatever the patterns say, and the relative change leaves that out.
    both = found(measures=["relative_change", "wash_in"], features=["original_*"])
    assert sorted(name for name in both if "ring" not in name) == [
        "delta_portal_relative_to_art_original_glcm_Idn",
        "delta_wash_in_art_to_portal_original_firstorder_Mean",
    ]


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ({"reference": "portal"}, "phase and reference are both portal"),
        ({"measures": []}, "at least 1 item"),
        ({"measures": ["ratio", "ratio"]}, "ratio is named more than once"),
        ({"measures": ["wash_in", "washout"]}, "washout is wash_in with the other sign"),
        ({"measures": ["washing"]}, "'difference', 'ratio', 'relative_change'"),
    ],
)
def test_what_is_no_comparison_is_refused(pair, message):
    with pytest.raises(ValidationError) as error:
        DeltaPair(**(PAIR | pair))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("pairs", "more", "message"),
    [
        (
            [{"phase": "late"}],
            {},
            "'late' is no phase; phases are arterial, delayed, portal_venous",
        ),
        ([{}, {"features": ["original_glcm_*"]}], {}, "an entry before has this measure"),
        (
            [{"measures": ["ratio"]}],
            {"fusion": {"method": "features"}},
            "a quotient of radiomics.delta may not be defined in a patient",
        ),
    ],
)
def test_disagreements_name_the_key(tmp_path, pairs, more, message):
    pairs = [PAIR | {"phase": "portal_venous", "reference": "arterial"} | each for each in pairs]
    path = image_study(tmp_path, radiomics=FEW_FEATURES | {"delta": pairs}, **more)
    with pytest.raises(StudyError) as error:
        load_study(path)
    assert message in str(error.value)


def test_a_phase_may_not_be_called_as_they_are(tmp_path):
    patterns = {"image": "i/{patient_id}/a.nii.gz", "mask": "i/{patient_id}/m.nii.gz"}
    pair = PAIR | {"phase": "delta_one", "reference": "arterial"}
    path = image_study(
        tmp_path,
        radiomics=FEW_FEATURES | {"delta": [pair]},
        phases={"arterial": patterns, "delta_one": patterns},
    )
    with pytest.raises(StudyError, match="the phase delta_one is called as delta features are"):
        load_study(path)


def test_a_table_whose_pattern_finds_the_phases_must_name_them(tmp_path):
    path = table_study(tmp_path)
    study = load_study(path)
    radiomics = study.radiomics.model_dump(mode="json", exclude_unset=True)
    radiomics["delta"] = [PAIR | {"phase": "delayed", "reference": "arterial"}]
    assert load_study(edit_study(path, radiomics=radiomics)).deltas
    radiomics["table"].pop("phases")
    with pytest.raises(StudyError, match="needs the names of the phases"):
        load_study(edit_study(path, radiomics=radiomics))


def test_labels_of_phases_are_in_those_of_comparisons(tmp_path):
    pair = PAIR | {"phase": "portal_venous", "reference": "arterial", "measures": ["washout"]}
    study = load_study(image_study(tmp_path, radiomics=FEW_FEATURES | {"delta": [pair]}))
    assert name_labels(study, study.phases)["delta_washout_arterial_to_portal_venous"] == (
        "washout from arterial to portal venous"
    )


def test_a_study_without_comparisons_is_digested_as_before():
    assert "delta" not in Radiomics().model_dump(mode="json")
    assert "delta" in Radiomics(delta=[DeltaPair(**PAIR)]).model_dump(mode="json")
