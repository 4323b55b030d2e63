"""Whether validation patients came from other centres is known where centres are."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.results.other_centres import add_other_centres
from analysis.results.record import Records
from analysis.study import Split


@pytest.mark.parametrize(("centres", "found"), [("AABB", True), ("ABBB", False), ("AAB ", None)])
def test_other_centres(centres, found):
    patients = pd.Index(list("wxyz"))
    cohort = SimpleNamespace(
        study=SimpleNamespace(
            split=Split(column="cohort"), cohort=SimpleNamespace(centre="centre")
        ),
        patients=patients,
        clinical=pd.DataFrame(
            {"centre": [each.strip() or None for each in centres]}, index=patients
        ),
        cohort=pd.Series(["training"] * 2 + ["validation"] * 2, index=patients),
    )
    records = Records()
    add_other_centres(records, cohort)
    assert (
        records.value("split.other_centres.validation")
        if "split.other_centres.validation" in records
        else None
    ) == found
