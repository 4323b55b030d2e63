"""A result is named as a reader would call it."""

import pytest

from analysis.results import keys
from analysis.results.record import Record
from analysis.workflow.cohort_update.result_names import ResultNames
from analysis.workflow.cohort_update.snapshot import Snapshot


@pytest.mark.parametrize("name", ["net_benefit", "net_benefit_competing"])
def test_a_threshold_stands_with_what_was_computed_at_it(name):
    key = keys.named(name)("albi", "out_of_fold", percent="80")
    words = {
        keys.label("albi"): Record(keys.label("albi"), "ALBI"),
        keys.label("out_of_fold"): Record(keys.label("out_of_fold"), "Training, out of fold"),
    }
    state = Snapshot("A study", {key: Record(key, 0.0), **words}, None)
    said = ResultNames(state, state)(key)
    assert said.endswith(" at a threshold probability of 80%, ALBI, Training, out of fold")
    assert "in percent" not in said
    if name == "net_benefit":
        assert said.startswith("Net benefit at a threshold")
