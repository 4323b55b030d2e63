"""The rule of a bin width: what it finds, and the widths that it names."""

from types import SimpleNamespace

import pytest

from analysis.core.problems import Problems
from analysis.inputs.checks import grey_levels
from analysis.inputs.checks.grey_levels import check_grey_levels, widths_within
from analysis.study import Extraction, Radiomics


def _cohort(**extraction):
    radiomics = Radiomics(grey_levels=(30, 130))
    return SimpleNamespace(
        study=SimpleNamespace(
            radiomics=radiomics,
            phases=["late"],
            matched_phases=[],
            written_extraction_of=lambda _: Extraction(**extraction),
        )
    )


def _told(monkeypatch, levels, **extraction):
    rows = [{"phase": "late", "cohort": "training", "grey_levels": each} for each in levels]
    rows += [{"phase": "late", "cohort": "validation", "grey_levels": 1}] * 50
    monkeypatch.setattr(grey_levels, "cohort_quality", lambda _: (rows, {}))
    problems = Problems()
    check_grey_levels(_cohort(**extraction), problems)
    return [f"{each.what} {each.mend}" for each in problems.of("error")]


def test_widths_are_those_at_which_the_median_comes_to_the_bounds():
    assert widths_within([10, 20, 12], 5.0, (30, 130)) == (12, 5 * 12 / 130, 5 * 12 / 30)


def test_training_patients_alone_decide_and_a_width_is_named(monkeypatch):
    assert _told(monkeypatch, [40, 50, 60]) == []
    (words,) = _told(monkeypatch, [10, 12, 20])
    assert "a median of 12 grey levels at bin_width 5 (training patients)" in words
    assert "between 0.462 and 2" in words


def test_a_number_of_bins_has_no_width(monkeypatch):
    (words,) = _told(monkeypatch, [16], bin_count=16)
    assert "bin_count" in words


def test_bounds_are_in_order_and_unset_ones_in_no_digest():
    with pytest.raises(ValueError, match="least median"):
        Radiomics(grey_levels=(130, 30))
    assert "grey_levels" not in Radiomics().model_dump(mode="json")
