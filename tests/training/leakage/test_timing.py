"""A predictor that was recorded after time zero is found by the dictionary's word and by its day of
measurement."""

from dataclasses import replace

import numpy as np

from analysis.training.leakage.timing import recorded_later


def _described(cohort, name, **changes):
    variables = dict(cohort.dictionary.variables)
    variables[name] = variables[name].model_copy(update=changes)
    return replace(cohort, dictionary=cohort.dictionary.model_copy(update={"variables": variables}))


def test_a_sound_cohort_passes(sound_cohort):
    assert recorded_later(sound_cohort).verdict == "pass"


def test_a_variable_that_the_dictionary_calls_later_is_found(sound_cohort):
    found = recorded_later(_described(sound_cohort, "ast", recorded="later"))
    assert found.verdict == "fail"
    assert sound_cohort.dictionary.variables["ast"].label in found.finding


def test_a_variable_that_nothing_uses_may_be_later(sound_cohort):
    spared = next(
        name
        for name, variable in sound_cohort.dictionary.variables.items()
        if variable.role == "outcome"
    )
    assert recorded_later(_described(sound_cohort, spared, recorded="later")).verdict == "pass"


def test_a_day_of_measurement_after_time_zero_is_found(sound_cohort):
    clinical = sound_cohort.clinical.assign(ast_day=-3.0)
    described = _described(sound_cohort, "ast", recorded_day="ast_day")
    assert recorded_later(replace(described, clinical=clinical)).verdict == "pass"
    late = clinical.index[4]
    clinical.loc[late, "ast_day"] = 12.0
    clinical.loc[clinical.index[5], "ast_day"] = np.nan
    found = recorded_later(replace(described, clinical=clinical))
    assert found.verdict == "fail"
    assert "1 patient" in found.finding
    assert late in found.finding


def test_a_missing_column_of_days_is_found(sound_cohort):
    found = recorded_later(_described(sound_cohort, "ast", recorded_day="nowhere"))
    assert found.verdict == "fail"
    assert "column 'nowhere', is not in the table" in found.finding
