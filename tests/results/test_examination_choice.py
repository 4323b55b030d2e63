"""How one of a patient's examinations was chosen is in the results and in the methods, and only
where a study chose."""

from types import SimpleNamespace

import pytest

from analysis.reporting.sentences import examination_choice
from analysis.results.quality import _examinations
from analysis.results.record import Records
from analysis.study import Phase
from tests.support.filled_results import FilledResults


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (None, ""),
        ("only", ""),
        ("any", ""),
        ("first", "Of several examinations of a patient, all phases are of the first one. "),
        (
            {"choose": "before", "date": "resection"},
            (
                "Of several examinations of a patient, all phases are of the last one up to the"
                " date in resection. "
            ),
        ),
        (
            {"choose": "nearest", "date": "biopsy"},
            (
                "Of several examinations of a patient, all phases are of the one nearest to the"
                " date in biopsy. "
            ),
        ),
    ],
)
def test_the_methods_say_which_examination(rule, words):
    series = None if rule is None else {"examination": rule}
    phases = {
        name: Phase(image="{patient_id}", mask="{patient_id}", series=series)
        for name in ("arterial", "delayed")
    }
    records = Records()
    _examinations(records, SimpleNamespace(phases=phases))
    found = {record.key: record.value for record in records.sorted()}
    assert examination_choice(FilledResults(records=found)) == words
    assert bool(found) == bool(words)
