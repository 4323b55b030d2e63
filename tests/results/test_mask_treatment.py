"""What a study lets be done to masks is in its results, its methods and its checklists, and nowhere
else."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.reporting.checklists.conditions import facts_about
from analysis.reporting.sentences import mask_treatment
from analysis.results.quality import _treated
from analysis.results.record import Records
from analysis.study import Masks, load_study
from tests.conftest import small_study
from tests.support.filled_results import FilledResults

FRAME = pd.DataFrame(
    {
        "patient_id": ["a", "a", "b", "c"],
        "mask_resampled": [True, True, False, True],
        "gaps_filled": [False, False, False, True],
    }
)


def treated(**masks):
    records = Records()
    frame = _treated(
        records,
        SimpleNamespace(study=SimpleNamespace(masks=Masks(**masks)), patients=["a", "b", "c"]),
        FRAME,
    )
    return frame, {record.key: record.value for record in records.sorted()}


def test_patients_are_counted_where_it_was_asked_for():
    frame, records = treated()
    assert list(frame) == ["patient_id"]
    assert records == {}
    frame, records = treated(resampling="nearest", gaps="interpolate")
    assert records == {
        "quality.masks_resampled": "nearest",
        "quality.masks_resampled.n": 2,
        "quality.gaps_filled": "interpolate",
        "quality.gaps_filled.n": 1,
    }
    assert {"mask_resampled", "gaps_filled"} <= set(frame)


@pytest.mark.parametrize(
    ("masks", "words"),
    [
        ({}, ""),
        (
            {"resampling": "nearest"},
            (
                "Masks on another grid than their image's were resampled to it by nearest"
                " neighbour, without registration (2 patients). "
            ),
        ),
        (
            {"gaps": "interpolate"},
            (
                "Empty slices between delineated ones of a lesion were filled by shape-based"
                " interpolation [@raya1990] (1 patient). "
            ),
        ),
    ],
)
def test_the_methods_say_it(masks, words):
    _, records = treated(**masks)
    assert mask_treatment(FilledResults(records=records)) == words


def test_a_study_file_asks_for_it(tmp_path):
    path = small_study(tmp_path)
    assert load_study(path).masks == Masks()
    path.write_text(path.read_text() + "masks: {resampling: signed_distance, gaps: interpolate}\n")
    study = load_study(path)
    assert study.masks == Masks(resampling="signed_distance", gaps="interpolate")
    facts = facts_about(study, {})
    assert facts["masks_resampled"]
    assert facts["gaps_filled"]
    path.write_text(path.read_text().replace("signed_distance", "linear"))
    with pytest.raises(
        ValueError, match="masks.resampling: must be none, nearest or signed_distance"
    ):
        load_study(path)
