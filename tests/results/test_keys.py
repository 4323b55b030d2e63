"""Keys of the results: made, told apart and listed; every value in the form JSON has for it."""

import importlib
import json
import subprocess
import sys

import pytest

from analysis.results import keys
from analysis.results.record import Record, Records, read_records, reference, write_records
from analysis.statistics import auc_interval
from analysis.workflow.cohort_update.lock import read_lock
from analysis.workflow.list_keys import (
    claims_text,
    keys_markdown,
    keys_text,
    results_text,
    snippets,
)
from tests.conftest import ROOT

LOCK = ROOT / "results.lock.json"


@pytest.fixture(scope="module")
def locked():
    return read_lock(LOCK).results


def test_a_key_knows_its_parts():
    key = keys.net_benefit("dlrcr", "validation", "37.5")
    assert key == "net_benefit.dlrcr.validation.37.5"
    assert key.parts == {"model": "dlrcr", "evaluation": "validation", "percent": "37.5"}
    assert keys.parsed(str(key)).parts == key.parts
    assert keys.delong("dlrcr", "cr", "validation") == "delong.dlrcr_vs_cr.validation"


@pytest.mark.parametrize("wrong", [("dlrcr",), ("dlrcr", "validation", "50")])
def test_a_key_with_other_parts_is_refused(wrong):
    with pytest.raises(TypeError, match="keys.auc needs model, evaluation"):
        keys.auc(*wrong)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cutoff.cr", "cutoff"),
        ("cutoff.cr.prespecified", "cutoff_prespecified"),
        ("features.selected.01", "features_selected"),
        ("features.selected.n", "features_selected_n"),
        ("features.texture", "features_of_class"),
        ("added_value.scores", "added_value_scores"),
        ("added_value.albi", "added_value"),
        ("published.fits.dlrcr.events", "published_fits_all_events"),
        ("published.fits.dlrcr.training", "published_fits"),
        ("published.fits.dlrcr.training.events", "published_fits_events"),
        ("published.dlrcr.training.auc", "published"),
        ("rarer_outcome.dlrcr_vs_cr", "rarer_outcome_of_pair"),
        ("rarer_outcome.dlrcr.validation", "rarer_outcome"),
        ("ici_loess_calibrated.cr.validation", "ici_calibrated"),
        ("calibration_curve_stable.least", "calibration_curve_stable_least"),
    ],
)
def test_a_typed_key_is_that_of_the_most_specific_declaration(text, name):
    assert keys.parsed(text).quantity.name == name


def test_an_undeclared_key_is_refused_in_words():
    with pytest.raises(
        ValueError, match="'auk.cr.validation' is no key .* `early-recurrence keys`"
    ):
        Records().add("auk.cr.validation", 0.8)


def test_each_number_of_the_lock_has_a_declared_key_unit_and_form(locked):
    assert len(locked) > 5000
    kinds = {"list": tuple, "yes or no": bool, "number or text": (int, float, str)}
    for record in locked.values():
        quantity = keys.DECLARED[record.quantity]
        assert quantity.key_of(record.of) == record.key
        assert quantity.unit in ("*", record.unit)
        assert record.value is None or isinstance(record.value, kinds[quantity.kind])
        assert isinstance(record.rests_on_training, bool)


def test_each_maker_can_be_imported(locked):
    makers = {record.source for record in locked.values()}
    assert len(makers) > 80
    for maker in makers:
        module, _, name = maker.partition(":")
        found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        assert callable(found)
        assert reference(found) == maker


def test_a_maker_is_the_function_itself():
    assert reference(auc_interval) == "analysis.statistics.auc_interval:auc_interval"


def test_names_with_a_comma_and_truths_come_back_as_they_were(tmp_path):
    records = Records()
    records.add(keys.study_phases_labels(), ["arterial, late", "portal venous"])
    records.add(keys.models_headline(), [])
    records.add(keys.cohort_synthetic(), False)
    records.add(keys.label("mine"), "Mine, by hand")
    path = write_records(tmp_path / "results.json", records)
    rows = {row["key"]: row for row in json.loads(path.read_text())}
    assert rows["study.phases.labels"]["value"] == ["arterial, late", "portal venous"]
    assert rows["cohort.synthetic"]["value"] is False
    assert rows["label.mine"]["of"] == {"name": "mine"}
    found = read_records(path)
    assert found["study.phases.labels"].names == ["arterial, late", "portal venous"]
    assert found["models.headline"].names == []
    assert found["label.mine"].value == "Mine, by hand"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (keys.models_headline(), "cr,dl", "is declared as list, and not 'cr,dl'"),
        (keys.cohort_synthetic(), "true", "is declared as yes or no, and not 'true'"),
        (keys.cohort_n(), True, "is declared as number or text, and not True"),
    ],
)
def test_a_value_of_another_form_is_refused(key, value, words):
    with pytest.raises(ValueError, match=words):
        Records().add(key, value)


def test_a_unit_that_is_not_the_declared_one_is_refused():
    with pytest.raises(ValueError, match="is declared in AUC, and not in proportion"):
        Records().add(keys.auc("cr", "validation"), 0.8, unit="proportion")


def test_results_of_before_are_read_as_what_they_are_now(tmp_path):
    rows = [
        {"key": "models.included", "value": "cr,dl,albi"},
        {"key": "models.comparators", "value": "albi"},
        {"key": "models.headline", "value": ""},
        {"key": "deep.chosen_in_folds", "value": "ResNet-18, ResNet-34"},
        {"key": "cohort.synthetic", "value": "true"},
        {"key": "best.model", "value": "dl"},
        {"key": "auc.dl.validation", "value": 0.7, "source": "auc_interval"},
        {"key": "auc.cr.validation", "value": 0.6},
        {"key": "no.longer.there", "value": 1.0},
    ]
    path = tmp_path / "results.json"
    path.write_text(json.dumps(rows))
    found = read_records(path)
    assert found["models.included"].names == ["cr", "dl", "albi"]
    assert found["models.headline"].names == []
    assert found["deep.chosen_in_folds"].names == ["ResNet-18", "ResNet-34"]
    assert found["cohort.synthetic"].value is True
    assert found["auc.dl.validation"].of == {"model": "dl", "evaluation": "validation"}
    assert found["auc.dl.validation"].rests_on_training is True
    assert found["auc.cr.validation"].rests_on_training is False
    assert found["no.longer.there"].number == 1.0


def test_the_reference_is_that_of_the_declarations():
    page = (ROOT / "docs" / "reference" / "keys.md").read_text(encoding="utf-8")
    assert page == keys_markdown(), (
        "docs/reference/keys.md is stale:"
        " `early-recurrence keys --markdown > docs/reference/keys.md` writes it again"
    )


def test_keys_are_listed_by_what_they_are_called_or_mean():
    assert "auc.{model}.{evaluation}" in keys_text("ROC curve")
    lines = keys_text("brier.*").splitlines()
    assert [line.split()[0] for line in lines] == ["KEY", "brier.{model}.{evaluation}"]
    with pytest.raises(ValueError, match="no key has 'roundness' in it"):
        keys_text("roundness")


def test_the_results_of_a_study_are_listed_with_value_and_n():
    records = {
        "auc.cr.validation": Record(
            "auc.cr.validation", 0.8, 0.7, 0.9, n=33, unit="AUC", method="DeLong"
        ),
        "models.headline": Record("models.headline", ("cr", "dl")),
    }
    text = results_text(records, "auc.*")
    assert "0.800 (0.700–0.900)" in text
    assert " 33 " in text
    assert "Area under the ROC curve" in text
    assert "models.headline" not in text
    assert "cr, dl" in results_text(records, "headline")


def test_the_command_lists_keys():
    found = subprocess.run(
        [sys.executable, "-m", "early_recurrence", "keys", "added_value.scores"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Scores beside which the model was judged" in found.stdout


def test_claims_are_listed_without_markdown():
    claims = [{"key": "risk_groups", "holds": True, "wording": "A&#42;B parts them (*P* 0.02)."}]
    said = claims_text(claims, "B parts them (P 0.02)")
    assert said.splitlines()[-1].endswith("A*B parts them (P 0.02).")
    written = json.loads(snippets({}, claims))
    assert written["claim risk_groups"]["description"] == "A*B parts them (P 0.02)."
