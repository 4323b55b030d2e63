"""Every reference record against R, at the record's own tolerance: one row a record, none left out
without a reason."""

import numpy as np
import pytest

from tests.support import (
    gold_calibration,
    gold_decision,
    gold_discrimination,
    gold_optimism,
    gold_reclassification,
    gold_regression,
    gold_survival,
)
from tests.support.gold_data import PUBLISHED, RECORDS, compare

ROOMS = (
    gold_discrimination,
    gold_calibration,
    gold_decision,
    gold_reclassification,
    gold_optimism,
    gold_regression,
    gold_survival,
)
CASES = {name: case for room in ROOMS for name, case in room.CASES.items()}
# Fields of a record that aren't compared, each with its reason.
OMITTED = {name: fields for room in ROOMS for name, fields in room.OMITTED.items()}
# Records that aren't asserted, each with its reason.
NOT_REACHED: dict[str, str] = {}


# Monte-Carlo references of many resamples; `optimism.validate.seed7`, of R's own resamples, stands
# for it.
PROOFS = {"optimism.validate.mc"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=[pytest.mark.proof] * (each in PROOFS), id=each) for each in RECORDS],
)
def test_against_r(name):
    if name in NOT_REACHED:
        pytest.skip(NOT_REACHED[name])
    record = RECORDS[name]
    compare(
        record["value"], CASES[name](), record["rtol"], record["atol"], OMITTED.get(name, {}), ""
    )


def test_every_record_has_a_row():
    assert set(CASES) | set(NOT_REACHED) == set(RECORDS)
    assert not set(CASES) & set(NOT_REACHED)


@pytest.mark.parametrize(
    "published", PUBLISHED, ids=lambda entry: f"{entry['id']}-{entry['field']}"
)
def test_against_values_printed_by_others(published):
    if published["id"] == "delong.paired.ndka_s100b":
        found = gold_discrimination.paired("ndka", "s100b")
    else:
        found = CASES[published["id"]]()
    np.testing.assert_allclose(
        found[published["field"]], published["value"], rtol=max(published["rtol"], 1e-12)
    )
