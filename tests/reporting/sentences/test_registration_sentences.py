"""Sentences and table of registrations say which transform, its settings, and what it did."""

import pandas as pd
import pytest

from analysis.reporting.manuscript import Results
from analysis.reporting.sentences import registration
from analysis.reporting.tables import registration_markdown
from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Phase, load_study
from analysis.study.registration import Registration
from tests.support.tiny_study import tiny_study

DEFORMABLE = Registration(transform="deformable", spacing_mm=25, furthest_mm=12)


@pytest.fixture
def results(tmp_path):
    def made(found, rows=(), **told):
        phases = {
            "late": Phase(image="", mask=""),
            "early": Phase(image="", mask="", resample_to="late", registration=found),
        }
        study = load_study(tiny_study(tmp_path)).model_copy(update={"phases": phases})
        records = Records()
        for name, value in told.items():
            records.add(getattr(keys, name)("early"), value, source=load_study)
        results = Results({each.key: each for each in records.sorted()}, study, tmp_path)
        (tmp_path / "tables").mkdir(exist_ok=True)
        pd.DataFrame(rows).to_csv(tmp_path / "tables" / "registration_by_phase.csv", index=False)
        return results

    return made


def test_a_deformation_is_told_with_its_settings_and_what_it_did(results):
    r = results(
        DEFORMABLE,
        registration_unused_n=1,
        registration_shift=3.0,
        registration_rigid_n=2,
        registration_jacobian=0.97,
        registration_jacobian_low=0.6,
        registration_jacobian_high=1.4,
    )
    text = r.fill(registration(r))
    for words in (
        "The early images were then deformed by a cubic B-spline [@rueckert1999] with control"
        " points about 25 mm apart",
        "at most 20 iterations on each mesh; a sample of about 5,000 voxels, or of 4 for each",
        "moved a voxel by more than 12 mm",
        "the registration was not used in 1 patient. The rigid transform alone was used in 2"
        " patients. The Jacobian determinant in the tumour",
        "was 0.97 (median of patients' means; range over voxels 0.6 to 1.4).",
    ):
        assert words in text


def test_a_rigid_registration_says_nothing_of_deformations(results):
    r = results(Registration(), registration_unused_n=0)
    text = r.fill(registration(r))
    assert "by a rigid transform that maximised" in text
    assert "deform" not in text
    assert text.endswith("the registration was not used in 0 patients.")


def _row(**more):
    numbers = {
        f"{measure}_{what}": 1.0
        for measure in ("shift_mm", "before", "after")
        for what in ("median", "low", "high")
    }
    return {"phase": "early", "reference": "late", "patients": 3, "unused": 0} | numbers | more


def test_the_table_has_the_change_of_volume_where_a_phase_is_deformed(results):
    volume = {"jacobian_median": 0.97, "jacobian_low": 0.6, "jacobian_high": 1.4}
    shown = registration_markdown(results(DEFORMABLE, [_row(rigid=1, **volume)])).data
    assert "0.97\u00a0(0.60\u00a0to\u00a01.40)" in shown
    assert "1 of 3" in shown
    both = [_row(rigid=3, **dict.fromkeys(volume)), _row(phase="other")]
    assert "3 of 3" in registration_markdown(results(DEFORMABLE, both)).data
    assert "Jacobian" not in registration_markdown(results(Registration(), [_row()])).data
