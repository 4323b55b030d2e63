"""Claims that compare two models, or the model with a score or a risk group."""

from __future__ import annotations

import pytest

from analysis.reporting.claims import (
    make_claims,
    open_claims,
)
from analysis.reporting.claims.comparison import verdict
from analysis.results.record import Record
from tests.support.claim_results import with_records

CR = "delong.dlrcr_vs_cr.validation"


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ({"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "p": 0.03}, "holds"),
        (
            {"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "p": 0.2},
            "not_shown",
        ),  # Holm's adjustment decides, not the interval alone
        ({"value": 0.1, "ci_low": -0.01, "ci_high": 0.2, "p": 0.06}, "not_shown"),
        ({"value": -0.1, "ci_low": -0.2, "ci_high": -0.01, "p": 0.03}, "below"),
        (
            {"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "p": None},
            "exploratory",
        ),  # however far from zero
        ({"value": 0.1, "ci_low": -0.01, "ci_high": 0.2, "p": None}, "exploratory"),
        ({"value": 0.1, "ci_low": None, "ci_high": None, "p": 0.03}, "undefined"),
        ({"value": None, "ci_low": None, "ci_high": None, "p": None}, "undefined"),
    ],
)
def test_verdict_of_a_comparison(parts, state):
    assert verdict(Record("delong", **parts), 0.95) == state
    assert verdict(None, 0.95) == "undefined"


def test_outperforms_only_at_a_named_contrast_with_a_small_p(liver):
    claims = make_claims(liver)
    assert (
        claims["outperforms.cr"].wording
        == "DLRCR outperformed CR in the validation cohort (difference in AUC 0.140; 95% CI"
        " 0.020–0.260; *P* = .04)."
    )
    assert claims["outperforms.cr"].holds
    assert claims["outperforms.cr"].numbers == {CR: "0.140; 95% CI 0.020–0.260 *P* = .04"}
    assert (
        claims["outperforms.radiomics"].wording
        == "The comparison of DLRCR with Radiomics in the validation cohort is exploratory"
        " (difference in AUC 0.020; 95% CI −0.100 to 0.140)."
    )
    assert not claims["outperforms.radiomics"].holds
    exploratory = make_claims(with_records(liver, delong__dlrcr_vs_cr__validation={"p": None}))[
        "outperforms.cr"
    ]
    assert exploratory.state == "exploratory"
    assert not exploratory.holds
    lower = make_claims(
        with_records(
            liver, delong__dlrcr_vs_cr__validation={"value": -0.1, "ci_low": -0.2, "ci_high": -0.01}
        )
    )["outperforms.cr"]
    assert "had a lower AUC than CR" in lower.wording
    assert "95% CI −0.200 to −0.010" in lower.wording


def test_with_few_patients_of_an_outcome_nothing_is_claimed(liver):
    """Nine events: an AUC of 1 and a difference far from zero are printed with their intervals, and
    no more is said."""
    few = with_records(
        liver,
        rarer_outcome__dlrcr__validation={"value": 9},
        rarer_outcome__dlrcr_vs_cr={"value": 9},
        added_value__common__rarer={"value": 9},
        auc__dlrcr__validation={"value": 1.0, "ci_low": 0.9, "ci_high": 1.0},
        delong__dlrcr_vs_cr__validation={"p": None},
    )
    claims = make_claims(few)
    for key, words in (
        (
            "discriminates",
            (
                "There were too few patients of one outcome to tell whether DLRCR discriminates in"
                " the validation cohort (AUC 1.000; 95% CI 0.900–1.000)."
            ),
        ),
        (
            "outperforms.cr",
            "too few patients of one outcome to tell whether DLRCR and CR differ in AUC",
        ),
        ("adds_to.bclc_2022", "too few patients of one outcome to tell what DLRCR adds to BCLC"),
    ):
        assert claims[key].state == "too_few"
        assert not claims[key].holds
        assert words in claims[key].wording
        assert (
            "fewer" in claims[key].rule
            or "at least 10 patients of either outcome" in claims[key].rule
        )
    assert (
        make_claims(with_records(few, rarer_outcome__dlrcr__validation={"value": 10}))[
            "discriminates"
        ].state
        == "holds"
    )
    assert "too few patients had one of the outcomes for a comparison of DLRCR with CR" in str(
        open_claims(few).grouped("outperforms")
    )


def test_no_difference_needs_a_margin(liver):
    assert not [key for key in make_claims(liver) if key.startswith("no_difference")]
    margin = {"settings__equivalence_margin": {"value": 0.1}}
    equal = make_claims(
        with_records(liver, equivalent__dlrcr_vs_cr__validation={"value": True}, **margin)
    )["no_difference.cr"]
    assert equal.holds
    assert (
        equal.wording
        == "DLRCR and CR did not differ in AUC by more than the equivalence margin of 0.1."
    )
    other = make_claims(
        with_records(liver, equivalent__dlrcr_vs_cr__validation={"value": False}, **margin)
    )["no_difference.cr"]
    assert not other.holds
    assert "was not shown" in other.wording


def test_risk_groups_and_what_the_model_adds(liver):
    claims = make_claims(liver)
    assert not claims["risk_groups"].holds
    assert "were not shown to differ" in claims["risk_groups"].wording
    assert "*P* = .38" in claims["risk_groups"].wording
    assert make_claims(with_records(liver, log_rank__risk_group__validation={"p": 0.01}))[
        "risk_groups"
    ].holds
    # Tested after discrimination was shown, and not before: no second chance of a finding.
    unable = make_claims(
        with_records(
            liver,
            log_rank__risk_group__validation={"p": 0.01},
            auc__dlrcr__validation={"ci_low": 0.45},
        )
    )["risk_groups"]
    assert not unable.holds
    assert (
        "No difference between the risk groups of DLRCR is claimed, as the model was not shown to"
        " discriminate"
    ) in unable.wording
    assert "hazard ratio 2.22" in unable.wording
    assert (
        claims["adds_to.bclc_2022"].wording
        == "DLRCR added to BCLC (gain in AUC 0.200; 95% CI 0.020–0.400; Holm-adjusted *P* = .03)."
    )
    assert claims["adds_to.albi"].state == "exploratory"
