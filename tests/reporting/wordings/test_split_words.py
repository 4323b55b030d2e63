"""How validation patients were set apart, in words."""

import datetime

import pytest

from analysis.reporting.wordings.split import split_words
from analysis.study import Split


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (
            Split(validation_fraction=0.25, seed=7),
            (
                "A random 25% of the patients, stratified by outcome, formed the validation cohort"
                " (seed 7)."
            ),
        ),
        (
            Split(column="cohort"),
            (
                "Patients were assigned to cohorts by the column “cohort” of the clinical table;"
                " how the assignment was made is not stated."
            ),
        ),
        (
            Split(column="cohort", description="Drawn by lot in 2020."),
            (
                "Patients were assigned to cohorts by the column “cohort” of the clinical table."
                " Drawn by lot in 2020."
            ),
        ),
        (
            Split(date="surgery_date", since=datetime.date(2021, 3, 15)),
            (
                "The split was temporal: patients whose surgery date was on or after 15 March 2021"
                " formed the validation cohort, and earlier patients the training cohort."
            ),
        ),
        (
            Split(centres=["B", "C"]),
            (
                "The split was by centre: the patients of B and C formed the validation cohort, and"
                " those of the other centres the training cohort."
            ),
        ),
        (
            Split(everyone="validation"),
            "All patients formed the validation cohort; no model was trained.",
        ),
    ],
)
def test_words_of_each_way(split, words):
    assert split_words(split) == words
