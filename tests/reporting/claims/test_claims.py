"""A claim says what the numbers allow, changes when they do, and stops the render where it is
pinned."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.reporting.claims import (
    PinnedClaimFailed,
    changed_claims,
    changes_of,
    locked_claims,
    make_claims,
    open_claims,
    read_claims,
    write_claims,
)
from analysis.reporting.claims.comparison import verdict
from analysis.reporting.manuscript import open_results
from analysis.results.record import Record
from tests.support.fake_results import SARCOMA, write_fake_study

CR = "delong.dlrcr_vs_cr.validation"


def with_records(results, **changes):
    """The same results with parts of records changed, or records added; keys with `__` for a
    dot."""
    records = dict(results.records)
    for name, parts in changes.items():
        key = name.replace("__", ".")
        records[key] = replace(records.get(key, Record(key, None)), **parts)
    return replace(results, records=records)


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
        " 0.020–0.260; *P* = .040)."
    )
    assert claims["outperforms.cr"].holds
    assert claims["outperforms.cr"].numbers == {CR: "0.140; 95% CI 0.020–0.260 *P* = .040"}
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
    assert "met too few patients of one outcome for a comparison with CR" in str(
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
        " calibration slope 1.00; 95% CI 0.90–1.10; joint test of calibration *P* = .500)."
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
        "was judged on too few patients of one outcome to say whether it predicts early recurrence"
        in claims["conclusion"].wording
    )
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


def test_risk_groups_and_what_the_model_adds(liver):
    claims = make_claims(liver)
    assert not claims["risk_groups"].holds
    assert "were not shown to differ" in claims["risk_groups"].wording
    assert "*P* = .378" in claims["risk_groups"].wording
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
        == "DLRCR added to BCLC (gain in AUC 0.200; 95% CI 0.020–0.400; Holm-adjusted *P* = .030)."
    )
    assert claims["adds_to.albi"].state == "exploratory"


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


def pinned(results, *keys):
    study = results.study
    return replace(
        results,
        study=study.model_copy(
            update={"manuscript": study.manuscript.model_copy(update={"must_hold": list(keys)})}
        ),
    )


def test_a_pinned_claim_that_fails_stops_with_claim_numbers_and_place(liver):
    assert str(open_claims(pinned(liver, "outperforms.cr"))("outperforms.cr")).startswith(
        "DLRCR outperformed CR"
    )
    with pytest.raises(PinnedClaimFailed) as caught:
        open_claims(pinned(liver, "outperforms.cr", "outperforms.radiomics", "outperforms.nothing"))
    message = str(caught.value)
    assert "'outperforms.radiomics' does not hold" in message
    assert (
        "Numbers: delong.dlrcr_vs_radiomics.validation = 0.020; 95% CI −0.100 to 0.140" in message
    )
    assert "Place: Results, Comparison of models" in message
    assert "'outperforms.nothing' is no claim of this study; claims are discriminates" in message
    assert "'outperforms.cr'" not in message


def test_sentences_and_groups(liver):
    claims = open_claims(liver)
    assert str(claims.grouped("outperforms")).startswith("DLRCR outperformed CR; it ")
    assert (
        str(claims.grouped("outperforms", ["radiomics"]))
        == "DLRCR was compared with Radiomics in exploration only, from which nothing is claimed."
    )
    assert str(claims.grouped("outperforms", [])) == ""
    assert str(claims.sentences("no_difference")) == ""
    assert str(claims.sentences("outperforms")).count(".") >= 4
    assert len(set(claims.rules())) == len(claims.rules())
    assert all(each.rule in claims.rules() for each in claims.by_key.values())


def test_a_claim_says_its_kind_and_what_it_is_about(liver):
    claims = open_claims(liver)
    for key, each in claims.by_key.items():
        assert key == (each.kind if each.about is None else f"{each.kind}.{each.about}")
    assert [each.about for each in claims.of_kind("outperforms")] == [
        "cr",
        "radiomics",
        "dl",
        "rcr",
    ]
    # The validation cohort's claim has no name of a cohort in it.
    assert claims.by_key["discriminates"].about is None
    assert claims.of_kind("discriminates") == []


def test_claims_are_written_and_compared(liver, tmp_path):
    path = write_claims(tmp_path / "claims.json", make_claims(liver).values())
    old = read_claims(path)
    assert [each["key"] for each in old] == sorted(each["key"] for each in old)
    assert {
        "key",
        "place",
        "wording",
        "holds",
        "rule",
        "numbers",
    } <= set(old[0])
    assert changed_claims(old, old) == []
    other = write_claims(
        tmp_path / "other.json",
        make_claims(
            with_records(
                liver,
                delong__dlrcr_vs_cr__validation={"p": 0.2},
                auc__dlrcr__validation={"value": 0.7},
            )
        ).values(),
    )
    new = [each for each in read_claims(other) if each["key"] != "risk_groups"] + [
        old[0] | {"key": "zz"}
    ]
    changes = {each["key"]: each for each in changed_claims(old, new)}
    assert {key: each["change"] for key, each in changes.items()} == {
        "outperforms.cr": "verdict",
        "discriminates": "numbers",
        "risk_groups": "gone",
        "zz": "new",
    }
    assert changes["outperforms.cr"]["old"].startswith("DLRCR outperformed CR")
    assert "not shown" in changes["outperforms.cr"]["new"]
    assert changes["risk_groups"]["new"] is None


def test_claims_of_another_study_file_are_compared_with_its_own_lock(liver):
    study = liver.study.model_copy(update={"path": liver.study.root / "study.other.yml"})
    demonstration = study.root / "results.lock.json"
    demonstration.write_text(json.dumps({"claims": [{"key": "discriminates"}]}))
    try:
        assert locked_claims(study) is None
        assert changes_of(study) is None
        study.lock_file.write_text(json.dumps({"claims": []}))
        assert locked_claims(study) == []
        assert study.lock_file.name == "results.other.lock.json"
    finally:
        demonstration.unlink()
        study.lock_file.unlink(missing_ok=True)


def test_a_render_lists_the_claims_that_changed_since_the_lock(liver):
    study = liver.study
    assert locked_claims(study) is None
    assert changes_of(study) is None
    claims = read_claims(
        write_claims(study.output_folder / "claims.json", make_claims(liver).values())
    )
    lock = study.root / "results.lock.json"
    lock.write_text(json.dumps({"claims": claims}))
    try:
        assert changes_of(study) == "No claim changed since the results were locked."
        lock.write_text(
            json.dumps(
                {
                    "claims": [
                        each
                        | (
                            {"holds": False, "wording": "Another *P* of A&#42;B."}
                            if each["key"] == "outperforms.cr"
                            else {}
                        )
                        for each in claims
                    ]
                }
            )
        )
        said = changes_of(study)
        assert said.startswith("1 claim(s) changed")
        assert "outperforms.cr (another verdict; Results, Comparison of models)" in said
        assert "was: Another P of A*B." in said
        assert "*P*" not in said
    finally:
        lock.unlink()
