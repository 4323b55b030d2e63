"""RCR against CR and networks against radiomics, without P, whichever model is the best."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.results import keys
from analysis.results.pairs_of_parts import add_pairs_of_parts
from analysis.results.record import Records
from analysis.statistics import auc

RNG = np.random.default_rng(2)
LABEL = np.repeat([0.0, 1.0], 20)


def predictions(*models: str) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame(
            {
                "patient_id": [f"P{each}" for each in range(40)],
                "cohort": "validation",
                "how": "validation",
                "model": model,
                "label": LABEL,
                "score": LABEL + RNG.normal(0, 1 + number, 40),
                "repeat": 1,
            }
        )
        for number, model in enumerate(models)
    )


def test_differences_are_those_of_the_areas_and_carry_no_p():
    table, records = predictions("rcr", "cr", "dl", "radiomics"), Records()
    add_pairs_of_parts(records, table, 0.95)
    assert {each.key for each in records.sorted()} == {
        keys.delong("rcr", "cr", "validation"),
        keys.delong("dl", "radiomics", "validation"),
    }
    scores = table.set_index("model")["score"]
    found = records.get(keys.delong("rcr", "cr", "validation"))
    area = [auc(LABEL, scores[name].to_numpy()) for name in ("rcr", "cr")]
    assert found.number == pytest.approx(area[0] - area[1])
    assert found.ci_low < found.number < found.ci_high
    assert found.p is None


def test_a_pair_that_is_there_or_that_the_study_lacks_is_left_alone():
    records = Records()
    records.add(keys.delong("rcr", "cr", "validation"), 0.1, unit="AUC difference")
    add_pairs_of_parts(records, predictions("rcr", "cr", "dl"), 0.95)
    assert {each.key for each in records.sorted()} == {keys.delong("rcr", "cr", "validation")}
    assert records.get(keys.delong("rcr", "cr", "validation")).value == 0.1
