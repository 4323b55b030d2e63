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
                "For validation 25% of the patients were drawn at random, stratified by outcome"
                " (seed 7)."
            ),
        ),
        (
            Split(column="cohort"),
            (
                "Which patients were for training and which for validation is recorded in the"
                " column “cohort” of the clinical table; the study file does not say how that was"
                " decided."
            ),
        ),
        (
            Split(column="cohort", description="Drawn by lot in 2020."),
            (
                "Which patients were for training and which for validation is recorded in the"
                " column “cohort” of the clinical table. Drawn by lot in 2020."
            ),
        ),
        (
            Split(date="surgery_date", since=datetime.date(2021, 3, 15)),
            (
                "The split is temporal: patients whose surgery date was on or after 15 March 2021"
                " form the validation cohort, earlier ones the training cohort."
            ),
        ),
        (
            Split(centres=["B", "C"]),
            (
                "The split is by centre: the patients of B and C form the validation cohort, those"
                " of the other centres the training cohort."
            ),
        ),
        (
            Split(everyone="validation"),
            "All patients form the validation cohort, as nothing was trained here.",
        ),
    ],
)
def test_words_of_each_way(split, words):
    assert split_words(split) == words
