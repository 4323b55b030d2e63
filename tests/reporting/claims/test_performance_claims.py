"""Claims of calibration, net benefit and discrimination."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.reporting.claims import (
    make_claims,
)
from tests.support.claim_results import with_records


def calibrated(results, enough, p=0.5, **parts):
    changes = {
        "calibration_curve_stable__dlrcr__validation": {"value": enough},
        "observed_expected__dlrcr__validation": {"value": 1.0, "ci_low": 0.9, "ci_high": 1.1},
        "calibration_slope__dlrcr__validation": {"value": 1.0, "ci_low": 0.9, "ci_high": 1.1},
        "calibration_intercept__dlrcr__validation": {"value": 0.0, "ci_low": -0.1, "ci_high": 0.1},
        "calibration_test__dlrcr__validation": {"p": p},
    }
    return make_claims(with_records(results, **(changes | parts)))["well_calibrated"]


def test_well_calibrated_needs_enough_events_and_intervals_within_the_band(liver):
    well = calibrated(liver, True)
    assert well.holds
    assert (
        well.wording
        == "DLRCR was well calibrated in the validation cohort (O:E 1.00; 95% CI 0.90–1.10;"
        " calibration slope 1.00; 95% CI 0.90–1.10; joint test of calibration *P* = .50)."
    )
    assert "within 0.8 to 1.25" in well.rule
    assert calibrated(liver, False).state == "open"  # within the band, but too few events
    # Intervals that include the ideal value are no evidence where they reach beyond the band: a
    # slope of -0.58 to 1.51, say.
    for name, low, high in (
        ("observed_expected", 0.79, 1.2),
        ("calibration_slope", -2.68, 1.51),
        ("calibration_intercept", -0.1, 0.23),
    ):
        wide = calibrated(
            liver,
            True,
            **{f"{name}__dlrcr__validation": {"value": 1.0, "ci_low": low, "ci_high": high}},
        )
        assert wide.state == "open", name
        assert "remains open" in wide.wording, name
    assert calibrated(
        liver,
        True,
        calibration_intercept__dlrcr__validation={"value": 0.0, "ci_low": -0.22, "ci_high": 0.22},
    ).holds  # log 0.8 to log 1.25
    assert (
        calibrated(
            liver,
            True,
            observed_expected__dlrcr__validation={"value": None, "ci_low": None, "ci_high": None},
        ).state
        == "open"
    )


@pytest.mark.parametrize("enough", [True, False])
def test_too_few_events_never_forbid_not_well(liver, enough):
    off = calibrated(
        liver,
        enough,
        p=0.001,
        observed_expected__dlrcr__validation={"value": 2.39, "ci_low": 2.03, "ci_high": 2.81},
    )
    assert off.state == "fails"
    assert not off.holds
    assert off.wording.startswith(
        "DLRCR was not well calibrated in the validation cohort (O:E 2.39; 95% CI 2.03–2.81"
    )
    assert calibrated(liver, enough, p=None).state == "undefined"


def net_benefit(results, value, low, high, auc_low=0.6, **more):
    changes = {
        "net_benefit_gain__dlrcr__validation": {"value": value, "ci_low": low, "ci_high": high},
        "auc__dlrcr__validation": {"value": 0.8, "ci_low": auc_low, "ci_high": 0.9},
    }
    return make_claims(with_records(results, **(changes | more)))["net_benefit"]


def test_net_benefit_needs_discrimination_a_tolerance_and_an_interval(liver):
    holds = net_benefit(liver, 0.1, 0.02, 0.2)
    assert holds.holds
    assert (
        holds.wording
        == "DLRCR had a higher net benefit than treating all and treating none at the threshold"
        " probability of 50% in the validation cohort (difference from the better of both 0.100;"
        " 95% CI 0.020–0.200)."
    )
    assert net_benefit(liver, 0.1, -0.01, 0.2).state == "not_shown"
    assert net_benefit(liver, 0.0005, 0.0001, 0.002).state == "not_shown"  # below the tolerance
    assert net_benefit(liver, 0.0, 0.0, 0.0).state == "not_shown"  # a model of constant probability
    unable = net_benefit(liver, 0.1, 0.02, 0.2, auc_low=0.45)
    assert unable.state == "no_discrimination"
    assert unable.wording.startswith(
        "No net benefit is claimed for DLRCR at the threshold probability of 50%, as it was not"
        " shown to discriminate"
    )
    assert "lower net benefit than the better of" in net_benefit(liver, -0.1, -0.2, -0.02).wording
    assert net_benefit(liver, None, None, None).state == "undefined"
    over = net_benefit(liver, 0.1, 0.02, 0.2, decision__claim_low={"value": 0.3})
    assert (
        "at threshold probabilities from 30% to 50% in the validation cohort (smallest difference"
        in over.wording
    )
    assert "at each of them" in over.rule
    records = {
        key: record
        for key, record in liver.records.items()
        if not key.startswith("net_benefit_gain.")
    }
    assert "net_benefit" not in make_claims(replace(liver, records=records))


def test_discrimination_that_is_reversed_is_said(liver):
    claims = make_claims(
        with_records(
            liver,
            auc__dlrcr__validation={"value": 0.201, "ci_low": 0.157, "ci_high": 0.245},
            cohort__synthetic={"value": False},
        )
    )
    assert claims["discriminates"].state == "reversed"
    assert (
        claims["discriminates"].wording
        == "DLRCR ordered patients in reverse in the validation cohort (AUC 0.201; 95% CI"
        " 0.157–0.245): those with the event had the lower scores."
    )
    assert "in reverse" in claims["conclusion"].wording
    assert "confirmation" not in claims["conclusion"].wording
    assert not claims["risk_groups"].holds
