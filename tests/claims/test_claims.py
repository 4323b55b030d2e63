"""A claim says what the numbers allow, changes when they do, and stops the render where it is pinned."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.claims import PinnedClaimFailed, changed_claims, changes_of, locked_claims, make_claims, open_claims, read_claims, write_claims
from analysis.claims.comparison import verdict
from analysis.manuscript import open_results
from analysis.results.record import Record
from tests.fake_results import LIVER, SARCOMA, write_fake_study

CR = "delong.dlrcr_vs_cr.validation"


@pytest.fixture(scope="module")
def liver(tmp_path_factory):
    return open_results(write_fake_study(LIVER, tmp_path_factory.mktemp("liver")))


def with_records(results, **changes):
    """The same results with parts of records changed, or records added; keys with `__` for a dot."""
    records = dict(results.records)
    for name, parts in changes.items():
        key = name.replace("__", ".")
        records[key] = replace(records.get(key, Record(key, None)), **parts)
    return replace(results, records=records)


@pytest.mark.parametrize(("parts", "state"), [
    ({"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "p": 0.03}, "holds"),
    ({"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "p": 0.2}, "not_shown"),  # Holm's adjustment decides, not the interval alone
    ({"value": 0.1, "ci_low": -0.01, "ci_high": 0.2, "p": 0.06}, "not_shown"),
    ({"value": -0.1, "ci_low": -0.2, "ci_high": -0.01, "p": 0.03}, "below"),
    ({"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "p": None}, "above"),  # exploratory, however far from zero
    ({"value": 0.1, "ci_low": -0.01, "ci_high": 0.2, "p": None}, "not_shown"),
    ({"value": 0.1, "ci_low": None, "ci_high": None, "p": 0.03}, "undefined"),
    ({"value": None, "ci_low": None, "ci_high": None, "p": None}, "undefined"),
])
def test_verdict_of_a_comparison(parts, state):
    assert verdict(Record("delong", **parts), 0.95) == state
    assert verdict(None, 0.95) == "undefined"


def test_outperforms_only_at_a_named_contrast_with_a_small_p(liver):
    claims = make_claims(liver)
    assert claims["outperforms.cr"].wording == "DLRCR outperformed CR in the validation cohort (difference in AUC 0.140; 95% CI 0.020–0.260; *P* = .040)." and claims["outperforms.cr"].holds
    assert claims["outperforms.cr"].numbers == {CR: "0.140; 95% CI 0.020–0.260 *P* = .040"}
    assert "was not shown to differ in AUC from Radiomics" in claims["outperforms.radiomics"].wording and not claims["outperforms.radiomics"].holds
    exploratory = make_claims(with_records(liver, delong__dlrcr_vs_cr__validation={"p": None}))["outperforms.cr"]
    assert exploratory.wording.startswith("DLRCR had a higher AUC than CR") and "exploratory" in exploratory.wording and not exploratory.holds
    lower = make_claims(with_records(liver, delong__dlrcr_vs_cr__validation={"value": -0.1, "ci_low": -0.2, "ci_high": -0.01}))["outperforms.cr"]
    assert "had a lower AUC than CR" in lower.wording and "95% CI −0.200 to −0.010" in lower.wording


def test_with_few_patients_of_an_outcome_nothing_is_claimed(liver):
    """Nine events: an AUC of 1 and a difference far from zero are printed with their intervals, and no more is said."""
    few = with_records(liver, rarer_outcome__dlrcr={"value": 9}, rarer_outcome__dlrcr_vs_cr={"value": 9}, added_value__common__rarer={"value": 9},
                       auc__dlrcr__validation={"value": 1.0, "ci_low": 0.9, "ci_high": 1.0}, delong__dlrcr_vs_cr__validation={"p": None})
    claims = make_claims(few)
    for key, words in (("discriminates", "too few patients of one outcome to tell whether DLRCR discriminates (AUC 1.000; 95% CI 0.900–1.000)"), ("outperforms.cr", "too few patients of one outcome to tell whether DLRCR and CR differ in AUC"),
                       ("adds_to.bclc_2022", "too few patients of one outcome to tell what DLRCR adds to BCLC")):
        assert claims[key].state == "too_few" and not claims[key].holds and words in claims[key].wording
        assert "fewer" in claims[key].rule or "at least 10 patients of either outcome" in claims[key].rule
    assert make_claims(with_records(few, rarer_outcome__dlrcr={"value": 10}))["discriminates"].state == "holds"
    assert "met too few patients of one outcome for a comparison with CR" in str(open_claims(few).grouped("outperforms"))


def test_no_difference_needs_a_margin(liver):
    assert not [key for key in make_claims(liver) if key.startswith("no_difference")]
    margin = {"settings__equivalence_margin": {"value": 0.1}}
    equal = make_claims(with_records(liver, equivalent__dlrcr_vs_cr__validation={"value": "true"}, **margin))["no_difference.cr"]
    assert equal.holds and equal.wording == "DLRCR and CR did not differ in AUC by more than the equivalence margin of 0.1."
    other = make_claims(with_records(liver, equivalent__dlrcr_vs_cr__validation={"value": "false"}, **margin))["no_difference.cr"]
    assert not other.holds and "was not shown" in other.wording


def calibrated(results, stable, **parts):
    changes = {"calibration_curve_stable__dlrcr__validation": {"value": stable}, "observed_expected__dlrcr__validation": {"value": 1.0, "ci_low": 0.9, "ci_high": 1.1},
               "calibration_slope__dlrcr__validation": {"value": 1.0, "ci_low": 0.9, "ci_high": 1.1}, "calibration_intercept__dlrcr__validation": {"value": 0.0, "ci_low": -0.1, "ci_high": 0.1}}
    return make_claims(with_records(results, **(changes | parts)))["well_calibrated"]


def test_well_calibrated_needs_enough_events_and_all_intervals(liver):
    assert calibrated(liver, "true").wording == "DLRCR was well calibrated in the validation cohort (O:E 1.00; 95% CI 0.90–1.10, calibration slope 1.00; 95% CI 0.90–1.10)."
    few = calibrated(liver, "false")
    assert not few.holds and "had O:E 1.00 (95% CI 0.90–1.10)" in few.wording and "well calibrated remains open" in few.wording
    for name in ("observed_expected", "calibration_slope", "calibration_intercept"):
        off = calibrated(liver, "true", **{f"{name}__dlrcr__validation": {"value": 2.0, "ci_low": 1.5, "ci_high": 3.0}})
        assert off.state == "fails" and "was not well calibrated" in off.wording, name
    assert calibrated(liver, "true", observed_expected__dlrcr__validation={"value": None, "ci_low": None, "ci_high": None}).state == "undefined"


def net_benefit(results, low, high):
    return make_claims(with_records(results, **{"net_benefit_range__dlrcr__validation__low": {"value": low, "unit": "probability"}, "net_benefit_range__dlrcr__validation__high": {"value": high, "unit": "probability"}}))["net_benefit_range"]


def test_net_benefit_holds_where_the_range_has_the_reported_threshold(liver):
    assert "net_benefit_range" not in make_claims(liver)
    assert net_benefit(liver, 0.2, 0.6).holds and "between 20% and 60%" in net_benefit(liver, 0.2, 0.6).wording
    assert not net_benefit(liver, 0.2, 0.4).holds and "leave out the reported threshold of 50%" in net_benefit(liver, 0.2, 0.4).wording
    assert net_benefit(liver, None, None).wording == "At no threshold probability between 20% and 80% did DLRCR have a higher estimated net benefit than both treating all and treating none."


def test_risk_groups_and_what_the_model_adds(liver):
    claims = make_claims(liver)
    assert not claims["risk_groups"].holds and "were not shown to differ" in claims["risk_groups"].wording and "*P* = .378" in claims["risk_groups"].wording
    assert make_claims(with_records(liver, log_rank__risk_group__validation={"p": 0.01}))["risk_groups"].holds
    assert claims["adds_to.bclc_2022"].wording == "DLRCR added to BCLC (gain in AUC 0.200; 95% CI 0.020–0.400; Holm-adjusted *P* = .030)."
    assert claims["adds_to.albi"].state == "not_shown"


def test_the_conclusion_says_no_more_than_its_claims(liver, tmp_path):
    assert not make_claims(liver)["conclusion"].holds and "synthetic" in make_claims(liver)["conclusion"].wording
    real = with_records(liver, cohort__synthetic={"value": "false"})
    wording = make_claims(real)["conclusion"].wording
    assert "better than chance" in wording and "DLRCR outperformed CR" in wording and "remains open" in wording
    weaker = make_claims(replace(real, records=with_records(real, delong__dlrcr_vs_cr__validation={"p": 0.2}).records))["conclusion"]
    assert not weaker.holds and "was not shown to outperform CR" in weaker.wording
    sarcoma = make_claims(open_results(write_fake_study(SARCOMA, tmp_path)))
    assert "outperformed" not in sarcoma["conclusion"].wording and not {"risk_groups"} & set(sarcoma)


def pinned(results, *keys):
    study = results.study
    return replace(results, study=study.model_copy(update={"manuscript": study.manuscript.model_copy(update={"must_hold": list(keys)})}))


def test_a_pinned_claim_that_fails_stops_with_claim_numbers_and_place(liver):
    assert str(open_claims(pinned(liver, "outperforms.cr"))("outperforms.cr")).startswith("DLRCR outperformed CR")
    with pytest.raises(PinnedClaimFailed) as caught:
        open_claims(pinned(liver, "outperforms.cr", "outperforms.radiomics", "outperforms.nothing"))
    message = str(caught.value)
    assert "'outperforms.radiomics' does not hold" in message and "Numbers: delong.dlrcr_vs_radiomics.validation = 0.020; 95% CI −0.100 to 0.140" in message
    assert "Place: Results, Comparison of models" in message and "'outperforms.nothing' is no claim of this study; claims are discriminates" in message
    assert "'outperforms.cr'" not in message


def test_sentences_and_groups(liver):
    claims = open_claims(liver)
    assert str(claims.grouped("outperforms")).startswith("DLRCR outperformed CR; it ")
    assert str(claims.grouped("outperforms", ["radiomics"])) == "DLRCR was not shown to differ in AUC from Radiomics."
    assert str(claims.grouped("outperforms", [])) == "" and str(claims.sentences("no_difference")) == ""
    assert str(claims.sentences("outperforms")).count(".") >= 4
    assert len(set(claims.rules())) == len(claims.rules()) and all(each.rule in claims.rules() for each in claims.by_key.values())


def test_claims_are_written_and_compared(liver, tmp_path):
    path = write_claims(tmp_path / "claims.json", make_claims(liver).values())
    old = read_claims(path)
    assert [each["key"] for each in old] == sorted(each["key"] for each in old) and {"key", "place", "wording", "holds", "rule", "numbers"} <= set(old[0])
    assert changed_claims(old, old) == []
    other = write_claims(tmp_path / "other.json", make_claims(with_records(liver, delong__dlrcr_vs_cr__validation={"p": 0.2}, auc__dlrcr__validation={"value": 0.7})).values())
    new = [each for each in read_claims(other) if each["key"] != "risk_groups"] + [old[0] | {"key": "zz"}]
    changes = {each["key"]: each for each in changed_claims(old, new)}
    assert {key: each["change"] for key, each in changes.items()} == {"outperforms.cr": "verdict", "discriminates": "numbers", "risk_groups": "gone", "zz": "new"}
    assert changes["outperforms.cr"]["old"].startswith("DLRCR outperformed CR") and "not shown" in changes["outperforms.cr"]["new"] and changes["risk_groups"]["new"] is None


def test_a_render_lists_the_claims_that_changed_since_the_lock(liver):
    study = liver.study
    assert locked_claims(study) is None and changes_of(study) is None
    claims = read_claims(write_claims(study.output_folder / "claims.json", make_claims(liver).values()))
    lock = study.root / "results.lock.json"
    lock.write_text(json.dumps({"claims": claims}))
    try:
        assert changes_of(study) == "No claim changed since the results were locked."
        lock.write_text(json.dumps({"claims": [each | ({"holds": False, "wording": "Another."} if each["key"] == "outperforms.cr" else {}) for each in claims]}))
        said = changes_of(study)
        assert said.startswith("1 claim(s) changed") and "outperforms.cr (another verdict; Results, Comparison of models)" in said and "was: Another." in said
    finally:
        lock.unlink()
