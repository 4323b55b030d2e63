"""What changed between two states: patients by field, numbers against their intervals, thresholds
that matter."""

import pytest

from analysis.reporting.number_style import use_style
from analysis.results.record import Record
from analysis.workflow.cohort_update.difference import difference
from analysis.workflow.cohort_update.difference_text import difference_json, difference_text
from analysis.workflow.cohort_update.patient_digests import PatientState
from analysis.workflow.cohort_update.snapshot import Snapshot


def _records(**values):
    base = {
        "settings.confidence_level": Record("settings.confidence_level", 0.95),
        "models.headline": Record("models.headline", ("cr", "dl")),
    }
    return base | {
        key.replace("__", "."): Record(key.replace("__", "."), **parts)
        for key, parts in values.items()
    }


def _state(cohort="training", **fields):
    return PatientState(cohort, fields)


def test_patients_are_added_removed_and_changed_by_field():
    old = Snapshot(
        "old",
        {},
        {
            "a": _state(ast="1", sex="2", **{"image arterial": "3"}),
            "b": _state(ast="4"),
            "c": _state(ast="5", alt=""),
        },
    )
    new = Snapshot(
        "new",
        {},
        {
            "a": _state(ast="9", sex="2", **{"image arterial": "8"}),
            "c": _state("validation", ast="", alt="7"),
            "d": _state("added", ast="6"),
        },
    )
    found = difference(old, new)
    assert found.added == {"d": "added"}
    assert found.removed == {"b": "training"}
    assert {each.patient: (each.fields, each.cohorts) for each in found.changed} == {
        "a": ({"ast": "changed", "image arterial": "changed"}, None),
        "c": ({"alt": "filled in", "ast": "emptied"}, ("training", "validation")),
    }
    text = difference_text(found, {"d": "MRN-1"})
    assert "MRN-1 (added)" in text
    assert "c: alt filled in, ast emptied; training → validation" in text
    assert difference_json(found, {"d": "MRN-1"})["added"] == {"MRN-1": "added"}


def test_numbers_move_in_half_widths_of_the_interval_that_they_had():
    old = _records(
        auc__cr__validation={"value": 0.8, "ci_low": 0.7, "ci_high": 0.9, "unit": "AUC"},
        brier__cr={"value": 0.2},
        auc__dl__validation={"value": 0.75, "ci_low": 0.7, "ci_high": 0.8, "unit": "AUC"},
    )
    new = _records(
        auc__cr__validation={"value": 0.75, "ci_low": 0.6, "ci_high": 0.9, "unit": "AUC"},
        brier__cr={"value": 0.2 + 1e-12},
        auc__dl__validation={"value": 0.79, "ci_low": 0.7, "ci_high": 0.85, "unit": "AUC"},
    )
    found = difference(Snapshot("old", old, None), Snapshot("new", new, None))
    assert [(move.key, round(move.shift, 6)) for move in found.moves] == [
        ("auc.dl.validation", 0.8),
        ("auc.cr.validation", -0.5),
    ]
    assert found.same == 3
    assert not found.comparable
    assert [(each.kind, each.old, each.new) for each in found.crossed] == [
        ("order", "cr > dl", "dl > cr")
    ]


@pytest.mark.parametrize(
    ("key", "old", "new", "kind"),
    [
        (
            "delong.a_vs_b.validation",
            {"value": 0.1, "p": 0.04, "unit": "AUC difference"},
            {"value": 0.1, "p": 0.06, "unit": "AUC difference"},
            "significance",
        ),
        (
            "delong.a_vs_b.validation",
            {"value": 0.1, "ci_low": 0.01, "ci_high": 0.2, "unit": "AUC difference"},
            {"value": 0.1, "ci_low": -0.01, "ci_high": 0.2, "unit": "AUC difference"},
            "interval",
        ),
        (
            "odds_ratio.multivariable.ast",
            {"value": 2.0, "ci_low": 1.1, "ci_high": 3.0, "unit": "odds ratio"},
            {"value": 2.0, "ci_low": 0.9, "ci_high": 3.0, "unit": "odds ratio"},
            "interval",
        ),
        (
            "calibration_intercept.cr.validation",
            {"value": 0.1, "ci_low": -0.1, "ci_high": 0.3, "unit": "log odds"},
            {"value": 0.4, "ci_low": 0.2, "ci_high": 0.6, "unit": "log odds"},
            "interval",
        ),
        (
            "cutoff.cr",
            {"value": 0.5, "ci_low": 0.4, "ci_high": 0.6},
            {"value": 0.65, "ci_low": 0.4, "ci_high": 0.7},
            "cut-off",
        ),
        ("best.model", {"value": "cr"}, {"value": "dl"}, "chosen"),
        ("features.selected.01", {"value": "arterial_a"}, {"value": "arterial_b"}, "chosen"),
        ("guard.permuted_cr", {"value": "pass"}, {"value": "fail"}, "guard"),
    ],
)
def test_a_threshold_that_is_crossed_is_named(key, old, new, kind):
    both = [
        Snapshot(name, _records() | {key: Record(key, **parts)}, None)
        for name, parts in (("old", old), ("new", new))
    ]
    assert kind in {each.kind for each in difference(*both).crossed}
    assert not difference(both[0], both[0]).crossed
    assert not difference(both[1], both[1]).moves


@pytest.mark.parametrize(
    ("style", "words"), [("ama", ["P < .05", "P ≥ .05"]), ("plain", ["p < 0.05", "p ≥ 0.05"])]
)
def test_significance_is_said_in_the_style_of_the_journal(style, words):
    states = [
        Snapshot("", _records(delong__a_vs_b__validation={"value": 0.1, "p": p}), None)
        for p in (0.04, 0.06)
    ]
    use_style(style)
    try:
        found = difference(*states).crossed
    finally:
        use_style("ama")
    assert [(each.kind, each.old, each.new) for each in found] == [("significance", *words)]


def test_models_and_ways_of_judging_are_named_by_their_labels():
    named = _records(
        label__dl={"value": "DL"},
        label__cr={"value": "CR"},
        label__validation={"value": "Validation cohort"},
    )
    states = [
        Snapshot(
            "",
            named
            | _records(
                auc__cr__validation={"value": cr},
                auc__dl__validation={"value": 0.7},
                best__model={"value": best},
            ),
            None,
        )
        for cr, best in ((0.8, "cr"), (0.6, "dl"))
    ]
    assert [(each.key, each.old, each.new) for each in difference(*states).crossed] == [
        ("best.model", "CR", "DL"),
        ("AUC, Validation cohort", "CR > DL", "DL > CR"),
    ]


def test_a_claim_that_holds_no_more_is_named_with_its_wording():
    claims = [
        {"outperforms.dl": {"key": "outperforms.dl", "wording": "*DL* was better.", "holds": holds}}
        for holds in (True, False)
    ]
    found = difference(Snapshot("old", {}, None, claims[0]), Snapshot("new", {}, None, claims[1]))
    assert [(each.kind, each.old, each.new) for each in found.crossed] == [
        ("claim", "holds", "does not hold")
    ]
    assert "outperforms.dl: DL was better.: holds" in difference_text(found, {})


def test_history_is_no_difference():
    old, new = (
        {
            "ledger.evaluations.n": Record("ledger.evaluations.n", n),
            "provenance.commit": Record("provenance.commit", str(n)),
        }
        for n in (1, 2)
    )
    assert difference(Snapshot("old", old, None), Snapshot("new", new, None)).empty


def test_numbers_with_long_keys_stand_in_one_column():
    keys = ("auc.cr.validation", "positive_likelihood_ratio.cr.validation.prespecified.of_later")
    old, new = (
        Snapshot(name, {key: Record(key, value, ci_low=0.1, ci_high=0.9) for key in keys}, {})
        for name, value in (("a", 0.5), ("b", 0.6))
    )
    lines = difference_text(difference(old, new), {}).splitlines()
    places = {line.index("→") for line in lines if line.startswith("  ") and "→" in line}
    assert len(places) == 1
