"""The life of a study: run, lock, render; patients come, go and are corrected; run again; a
reviewer verifies, and finds what was tampered with."""

import json
import re
from collections import Counter

import pandas as pd
import pytest

from analysis.reporting.tables.cohort_update import figures_words
from analysis.results import read_records
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update.changes_since_lock import write_update
from analysis.workflow.cohort_update.keyed_digests import open_keyring
from analysis.workflow.cohort_update.lock import read_lock
from tests.support.blank_figures import blank_figures
from tests.support.living_study import write_table
from tests.support.story import CORRECTED, REMOVED

pytestmark = pytest.mark.whole


def test_only_what_changed_is_computed(story):
    # Images that nobody has looked at are checked by whatever reads the cohort first.
    for counts in story.computed.values():
        counts.pop("checks", None)
    assert story.computed["first"]["radiomics"] == 38
    assert story.computed["lock"] == Counter()
    assert read_lock(story.study.lock_file).tables["baseline"][0].startswith("variable,level,")
    assert story.computed["second"]["radiomics"] == 10
    # Two patients left the training cohort, so every fit is made anew, and none twice.
    assert story.computed["second"]["fits"] == story.computed["first"]["fits"] == 14
    assert (
        story.computed["bundle"] == story.computed["diff"] == story.computed["status"] == Counter()
    )


def test_the_difference_names_exactly_those_patients(story):
    update = json.loads((story.study.output_folder / "update.json").read_text())
    assert update["added"] == dict.fromkeys(story.later["patient_id"].iloc[:10], "added")
    assert set(update["removed"]) == set(REMOVED)
    assert {each["patient"]: each["fields"] for each in update["changed"]} == {
        patient: {column: "changed"} for patient, (column, _) in CORRECTED.items()
    }
    assert all(
        patient in story.said["diff"] for patient in [*CORRECTED, *REMOVED, *update["added"]]
    )
    assert update["moves"]
    assert update["why"].startswith("patients: ")
    names = {move["key"]: move["name"] for move in update["moves"]}
    assert names["specificity.cr.out_of_fold"] == (
        "Specificity at the cut-off, CR, Training, out of fold"
    )
    assert all(move["old"] != move["new"] for move in update["moves"])
    assert "study file" not in story.said["diff"]


def test_the_status_said_so_beforehand_and_what_it_would_cost(story):
    said = story.said["status"]
    assert "10 patients added" in said
    assert "2 patients removed: MRN-7065, MRN-7156" in said
    assert "MRN-7104: albumin changed" in said
    assert re.search(r"radiomics +36 +10 ", said)
    assert re.search(r"fits +0 +14 ", said)
    assert re.search(r"A run would take about \d+ (s|min)", said)


def test_a_study_that_was_never_locked_is_said_to_be_just_that(story):
    page = story.unlocked_page
    assert "The results were never locked, so there is nothing to compare them with" in page
    for said in ("Patients", "Nothing changed", "None was crossed", "No figure", "evaluated"):
        assert said not in page


def test_figures_are_shown_beside_the_locked_ones_or_cannot_be_compared(story):
    folder = story.study.output_folder
    update = json.loads((folder / "update.json").read_text())
    assert "roc" in update["figures"]
    assert sorted(path.stem for path in (folder / "update" / "figures").glob("*.png")) == sorted(
        update["figures"]
    )
    assert (folder / "update" / "moves.png").read_bytes().startswith(b"\x89PNG")
    assert "How far the numbers went" in story.second_page
    assert "Each figure that changed, as it was locked and as it is" in story.second_page
    # As on another computer, where the lock came with the checkout and its figures did not.
    (folder / "locked").rename(folder / "set_aside")
    try:
        cohort = load_cohort(story.study)
        write_update(story.study, cohort, open_keyring(story.study))
        there = json.loads((folder / "update.json").read_text())
    finally:
        (folder / "set_aside").rename(folder / "locked")
        write_update(story.study, cohort, open_keyring(story.study))
    assert there["figures"] is None
    assert "cannot be compared" in figures_words(there)
    assert figures_words({"figures": []}) == "No figure changed."


def test_the_pages_say_what_changed(story):
    assert "never locked" not in story.first_page
    assert "No figure changed" in story.first_page
    assert "None was crossed" in story.first_page
    page = story.second_page
    assert "10 patients came, 2 patients left and 3 patients changed" in page
    assert "Added after the lock" in page
    assert all(patient in page for patient in [*CORRECTED, *REMOVED])
    assert "evaluated 2 times, by 1 analysis plan" in page
    for fault in ("nan", "None", "Traceback", "???"):
        assert not re.search(
            rf"(?<![A-Za-z]){re.escape(fault)}(?![A-Za-z])", page.replace("None was crossed", "")
        ), fault


def test_the_locked_model_is_judged_on_the_added_patients_and_updated_for_them(story):
    records = read_records(story.study.output_folder / "results.json")
    assert records["cohort.added.n"].value == 10
    assert records["cohorts.external"].names == ["added"]
    assert records["auc.cr.added"].n == 10
    assert records["updating.added.chosen"].n == 10
    predictions = pd.read_csv(story.study.output_folder / "predictions.csv")
    assert set(predictions.loc[predictions["how"] == "added", "patient_id"]) == set(
        story.later["patient_id"].iloc[:10]
    )


def test_one_more_patient_is_extracted_and_scored_by_the_locked_models(story):
    """Nothing is fitted again, as nobody who was learnt from changed; going back is free, and so is
    renaming files."""
    write_table(story.study_file, pd.concat([story.second_table, story.later.iloc[10:11]]))
    said = story.do("status of one", "status")
    assert re.search(r"radiomics +46 +1 ", said)
    assert re.search(r"fits +14 +0", said)
    with blank_figures():
        story.do("one more", "run")
    assert story.computed["one more"]["radiomics"] == 1
    assert story.computed["one more"]["fits"] == 0
    write_table(story.study_file, story.second_table)
    assert "This state was computed before" in story.do("status back", "status")
    results = story.study.output_folder / "results.json"
    story.do("back", "run")
    before = read_records(results)
    assert story.computed["back"] == Counter()
    for image in (story.folder / "data" / "images").rglob("arterial.nii.gz"):
        image.rename(image.with_name("art.nii.gz"))
    kept = story.study_file.read_text()
    story.study_file.write_text(kept.replace("arterial.nii.gz", "art.nii.gz"))
    story.do("renamed", "run")
    assert story.computed["renamed"] == Counter()
    first, last = (
        {
            key: record
            for key, record in records.items()
            if not key.startswith(("provenance.", "plan.", "ledger."))
        }
        for records in (before, read_records(results))
    )
    assert first == last


def test_a_corrected_value_makes_stale_what_depends_on_it(story):
    """By the keys that a run would ask for, without running."""
    table = story.second_table.copy().reset_index(drop=True)
    place = table.index[table["cohort"] == "validation"][0]
    table.loc[place, "alp"] = "99"  # of no model and no score of this study
    write_table(story.study_file, table)
    said = story.do("unused value", "status")
    assert re.search(r"radiomics +46 +0", said)
    assert re.search(r"fits +14 +0", said)
    assert re.search(r"scores +6 +0", said)
    assert "alp changed" in said
    table.loc[place, "ast"] = "66"  # a candidate of the CR model, whose validation scores change
    write_table(story.study_file, table)
    said = story.do("validation value", "status")
    assert re.search(r"radiomics +46 +0", said)
    assert re.search(r"fits +14 +0", said)
    assert re.search(r"scores +5 +1 .*cr × 1", said)
    place = table.index[table["cohort"] == "training"][0]
    table.loc[place, "ast"] = "67"
    write_table(story.study_file, table)
    said = story.do("training value", "status")
    assert re.search(r"radiomics +46 +0", said)
    assert re.search(r"fits +\d+ +\d+ .*cr × \d", said)
    assert "radiomics_logistic" not in said
    write_table(story.study_file, story.second_table)
    story.do("restored", "run")
    assert story.computed["restored"] == Counter()
