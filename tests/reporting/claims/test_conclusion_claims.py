"""The conclusion, and cohorts beyond validation."""

from __future__ import annotations

from dataclasses import replace

from analysis.reporting.claims import make_claims, open_claims
from analysis.reporting.manuscript import open_results
from analysis.results.record import Record
from tests.support.claim_results import with_records
from tests.support.fake_kinds import SARCOMA
from tests.support.fake_results import write_fake_study


def test_too_few_patients_say_nothing_in_the_conclusion(liver):
    few = {
        "rarer_outcome__dlrcr__validation": {"value": 4},
        "comparisons__least": {"value": 10},
        "auc__dlrcr__validation": {"value": 1.0, "ci_low": 0.7, "ci_high": 1.0},
        "cohort__synthetic": {"value": False},
    }
    claims = make_claims(with_records(liver, **few))
    assert claims["discriminates"].state == "too_few"
    assert (
        "was evaluated in too few patients of one outcome to tell whether it predicts early"
        " recurrence in patients with" in claims["conclusion"].wording
    )
    assert "not used to develop it" not in claims["conclusion"].wording
    assert not claims["conclusion"].holds


def with_cohorts(results, **labels):
    study = results.study
    split = study.split.model_copy(update={"external": labels})
    return replace(
        results,
        study=study.model_copy(update={"split": split}),
        records=results.records
        | {f"label.{name}": Record(f"label.{name}", label) for name, label in labels.items()},
    )


def test_cohorts_beyond_validation_take_part(liver):
    shown = {
        "auc__dlrcr__validation": {"value": 0.8, "ci_low": 0.6, "ci_high": 0.9},
        "auc__dlrcr__north": {"value": 0.7, "ci_low": 0.6, "ci_high": 0.8, "unit": "AUC"},
        "calibration_test__dlrcr__north": {"p": 0.001},
        "observed_expected__dlrcr__north": {
            "value": 1.5,
            "ci_low": 1.3,
            "ci_high": 1.7,
            "unit": "ratio",
        },
        "cohort__synthetic": {"value": False},
    }
    claims = make_claims(with_records(with_cohorts(liver, north="Northern hospital"), **shown))
    assert claims["discriminates.north"].holds
    assert (
        "in the cohort Northern hospital (AUC 0.700; 95% CI 0.600–0.800)"
        in claims["discriminates.north"].wording
    )
    assert claims["well_calibrated.north"].state == "fails"
    assert "net_benefit.north" not in claims
    wording = claims["conclusion"].wording
    assert (
        "in the cohort Northern hospital it predicted the event better than chance, and its"
        " probabilities were not well calibrated" in wording
    )
    assert "confirmation" not in wording
    weak = make_claims(
        with_records(
            with_cohorts(liver, north="Northern hospital"),
            **(shown | {"auc__dlrcr__north": {"value": 0.55, "ci_low": 0.45, "ci_high": 0.65}}),
        )
    )
    assert not weak["conclusion"].holds
    assert (
        "in the cohort Northern hospital it was not shown to predict the event better than chance"
        in weak["conclusion"].wording
    )


def test_confirmation_is_asked_for_where_there_is_something_to_confirm_and_nobody_did(liver):
    real = {
        "cohort__synthetic": {"value": False},
        "auc__dlrcr__validation": {"value": 0.8, "ci_low": 0.6, "ci_high": 0.9},
    }
    ask = "It needs confirmation in patients of other institutions."
    assert make_claims(with_records(liver, **real))["conclusion"].wording.endswith(ask)
    assert (
        ask
        not in make_claims(
            with_records(liver, **(real | {"split__other_centres__validation": {"value": True}}))
        )["conclusion"].wording
    )
    assert make_claims(
        with_records(liver, **(real | {"split__other_centres__validation": {"value": False}}))
    )["conclusion"].wording.endswith(ask)
    assert (
        ask
        not in make_claims(
            with_records(
                liver,
                **(
                    real | {"auc__dlrcr__validation": {"value": 0.6, "ci_low": 0.4, "ci_high": 0.8}}
                ),
            )
        )["conclusion"].wording
    )
    later = with_cohorts(
        liver, added="Later patients"
    )  # who came after a lock, of the same institutions
    assert make_claims(with_records(later, **real))["conclusion"].wording.endswith(ask)


def test_the_conclusion_says_no_more_than_its_claims(liver, tmp_path):
    assert not make_claims(liver)["conclusion"].holds
    assert "synthetic" in make_claims(liver)["conclusion"].wording
    real = with_records(liver, cohort__synthetic={"value": False})
    wording = make_claims(real)["conclusion"].wording
    assert "better than chance" in wording
    assert "DLRCR outperformed CR" in wording
    assert "remains open" in wording
    weaker = make_claims(
        replace(
            real, records=with_records(real, delong__dlrcr_vs_cr__validation={"p": 0.2}).records
        )
    )["conclusion"]
    assert not weaker.holds
    assert "was not shown to outperform CR" in weaker.wording
    sarcoma = make_claims(open_results(write_fake_study(SARCOMA, tmp_path)))
    assert "outperformed" not in sarcoma["conclusion"].wording
    assert not {"risk_groups"} & set(sarcoma)


def test_claims_open_from_a_study_as_results_do(tmp_path):
    path = write_fake_study(SARCOMA, tmp_path)
    opened = [str(open_claims(each)("conclusion")) for each in (open_results(path), path)]
    assert opened[0]
    assert opened[0] == opened[1]
