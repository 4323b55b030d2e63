"""What leaves the house: banded ages, no dates or texts; and the last look refuses what slipped
through."""

import pandas as pd
import pytest

from analysis.cohort.cohort import Cohort
from analysis.study import load_study
from analysis.study.dictionary import Dictionary
from analysis.workflow.review.deidentify import (
    PrivacyError,
    dates_in,
    look_for_identity,
    shared_clinical,
    shared_settings,
)
from analysis.workflow.review.rebuild import BundleError, read_bundle
from tests.conftest import small_study

VARIABLES = {
    "age": {"label": "Age", "role": "predictor", "type": "continuous", "unit": "years"},
    "ast": {"label": "AST", "role": "predictor", "type": "continuous", "unit": "U/L"},
    "remark": {"label": "Remark", "role": "predictor", "type": "text"},
    "day": {
        "label": "Day",
        "role": "design",
        "type": "categorical",
        "levels": ["2019-05-01", "3.4.2020"],
    },
    "months": {"label": "Months", "role": "outcome", "type": "continuous", "unit": "months"},
}


def test_only_values_that_may_be_shared_are(tmp_path):
    clinical = pd.DataFrame(
        {
            "age": [89.0, 90.0, 97.0],
            "ast": [30.0, 91.0, 92.0],
            "remark": ["called", "", "Mr"],
            "day": ["2019-05-01", "3.4.2020", None],
            "months": [1.0, 2.0, 3.0],
            "ward": ["a", "b", "c"],
        },
        index=["A", "B", "C"],
    )
    cohort = Cohort(
        load_study(small_study(tmp_path)),
        clinical,
        clinical,
        clinical["ward"],
        Dictionary(variables=VARIABLES),
    )
    found = shared_clinical(cohort)
    assert list(found.table) == ["age", "ast"]
    assert found.table["age"].tolist() == [89, 90, 90]
    assert found.table["ast"].tolist() == [30, 91, 92]
    assert found.banded == {"age": 2}
    assert found.left_out == {
        "remark": "free text",
        "day": "holds dates",
        "months": "role outcome",
        "ward": "not in the dictionary",
    }
    assert dates_in(clinical) == {"2019-05-01", "3.4.2020"}


def test_settings_hold_no_path_pattern_or_date(tmp_path):
    study = load_study(
        small_study(
            tmp_path,
            split={"date": "operated", "since": "2019-05-01"},
            cohort={"folder": "/home/someone/ward_7", "dictionary": "dictionary.yml"},
            allow_outside=["/home/someone/ward_7"],
            features={
                "embeddings": {
                    "file": "/home/someone/ward_7/embeddings.csv",
                    "repeats": {"reader2": "/home/someone/ward_7/embeddings2.csv"},
                }
            },
        )
    )
    shared = shared_settings(study)
    block = shared["features"]["embeddings"]
    assert (block["file"], block["repeats"]) == (
        "embeddings.csv",
        {"reader2": "embeddings_reader2.csv"},
    )
    text = str(shared)
    assert not [
        word for word in ("ward_7", "2019", "arterial.nii.gz", str(tmp_path)) if word in text
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"the patient MRN-7 came", "would name the patient 'MRN-7'"),
        (b"patient_id,x\n12,3\n", "would name the patient '12'"),
        (b"seen 2019-05-01", "would hold the date '2019-05-01'"),
    ],
)
def test_the_last_look_refuses_names_and_dates(content, message):
    with pytest.raises(PrivacyError, match=message):
        look_for_identity({"x.csv": content}, ["MRN-7", "12"], ["2019-05-01"])


def test_the_last_look_takes_a_number_for_a_number():
    look_for_identity(
        {"x.csv": b"model,auc\nMRN-71,12\n12,0.12\n", "y.json": b"12 patients"},
        ["MRN-7", "12"],
        ["2019-05-01"],
    )


def test_an_incomplete_bundle_is_one_message(tmp_path):
    with pytest.raises(
        BundleError,
        match="lacks bundle.json, patients.csv, predictions.csv, results.json, study.yml",
    ):
        read_bundle(tmp_path)
    for name in ("patients.csv", "predictions.csv", "results.json", "study.yml"):
        (tmp_path / name).write_text("")
    for content in ("{", "[]", '{"format": 7}'):
        (tmp_path / "bundle.json").write_text(content)
        with pytest.raises(BundleError):
            read_bundle(tmp_path)
