"""The life of a study: run, lock, render; patients come, go and are corrected; run again; a
reviewer verifies, and finds what was tampered with."""

import contextlib
import html
import io
import json
import os
import re
import shutil
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.core.cache import read_timings
from analysis.reporting.tables.cohort_update import figures_words
from analysis.results import read_records
from analysis.study import load_study
from analysis.workflow.check.load import load_cohort
from analysis.workflow.cohort_update.changes_since_lock import write_update
from analysis.workflow.cohort_update.keyed_digests import open_keyring
from analysis.workflow.review.archive import check_manifest, open_archive, write_archive
from analysis.workflow.review.bundle import bundle_files
from analysis.workflow.review.rebuild import contradictions, read_bundle
from analysis.workflow.review.recompute import recompute
from analysis.workflow.review.verdicts import record_verdicts, table_verdicts
from tests.conftest import ROOT
from tests.support.command_line import command
from tests.support.living_study import growing_study, read_table, write_table

pytestmark = pytest.mark.whole
CORRECTED = {
    "MRN-7000": ("ast", "77"),
    "MRN-7104": ("albumin", "31"),
    "MRN-7169": ("tumour_diameter", "6.6"),
}
REMOVED = ["MRN-7065", "MRN-7156"]


class Story:
    """Runs the command as a user does, and keeps what each step printed and computed."""

    def __init__(self, folder):
        self.folder = folder
        self.study_file, self.later = growing_study(folder)
        self.first_table = read_table(self.study_file)
        self.said, self.computed = {}, {}

    def do(self, name, *arguments, study=True, status=0):
        start = len(read_timings(self.folder / ".cache"))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            found = command(*arguments, *(["--study", str(self.study_file)] if study else []))
        assert found == status, (arguments, found, printed.getvalue()[-2000:])
        self.said[name] = printed.getvalue()
        self.computed[name] = Counter(
            each["room"] for each in read_timings(self.folder / ".cache", start)
        )
        return self.said[name]

    def page(self):
        """Text of update.qmd, rendered in a copy of the project that has this page alone."""
        from analysis.reporting.rendering import render

        project = self.folder / "project"
        if not project.is_dir():
            project.mkdir()
            settings = (ROOT / "_quarto.yml").read_text(encoding="utf-8")
            (project / "_quarto.yml").write_text(
                re.sub(r"    - report/(?!update)\w+\.qmd\n", "", settings), encoding="utf-8"
            )
            shutil.copytree(ROOT / "report", project / "report")
            for package in ("analysis", "models", "early_recurrence"):
                (project / package).symlink_to(ROOT / package)
        os.environ["EARLY_RECURRENCE_STUDY"] = str(self.study_file)
        try:
            rendering = render(project, ["html"], data=self.study.output_folder, progress=False)
        finally:
            del os.environ["EARLY_RECURRENCE_STUDY"]
        body = re.sub(
            r"<(style|script)\b.*?</\1>",
            " ",
            rendering.paths[0].read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))

    @property
    def study(self):
        return load_study(self.study_file)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    told = Story(tmp_path_factory.mktemp("story"))
    told.do("first", "run")
    told.unlocked_page = told.page()
    told.do("lock", "lock")
    told.first_page = told.page()
    table = told.first_table
    corrected = table[~table["patient_id"].isin(REMOVED)].set_index("patient_id")
    for patient, (column, value) in CORRECTED.items():
        assert corrected.at[patient, column] != value
        corrected.loc[patient, column] = value
    told.second_table = pd.concat([corrected.reset_index(), told.later.iloc[:10]])
    write_table(told.study_file, told.second_table)
    told.do("status", "status")
    told.do("second", "run")
    told.second_page = told.page()
    told.do("diff", "diff")
    told.bundle = Path(told.do("bundle", "bundle").strip())
    return told


def test_only_what_changed_is_computed(story):
    # Images that nobody has looked at are checked by whatever reads the cohort first.
    for counts in story.computed.values():
        counts.pop("checks", None)
    assert story.computed["first"]["radiomics"] == 38
    assert story.computed["lock"] == Counter()
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


def _unpacked(story, folder):
    files = open_archive(story.bundle, folder)
    assert check_manifest(folder, files) == []
    return files


def test_the_bundle_names_nobody(story, tmp_path):
    """No name, no day, no remark, no image of any patient who was ever in the table; ages above 89
    are banded."""
    with zipfile.ZipFile(story.bundle) as archive:
        everything = {name: archive.read(name) for name in archive.namelist()}
    assert not [
        name
        for name in everything
        if Path(name).suffix
        not in (".csv", ".json", ".yml", ".qmd", ".bib", ".txt", ".toml", ".sha256")
    ]
    full = pd.concat([story.first_table, story.later])
    secret = (story.folder / ".early-recurrence" / "growing" / "secret").read_text().strip()
    forbidden = [
        *full["patient_id"],
        *full["surgery_date"],
        *full["remark"],
        *[text.rpartition(" ")[2] for text in full["remark"]],
        secret,
        str(story.folder),
    ]
    for name, content in everything.items():
        text = content.decode()
        assert not [word for word in forbidden if word in text], name
        assert name.startswith("source/") or not re.search(r"\b(19|20)\d\d-\d\d-\d\d\b", text), name
    ages = pd.read_csv(io.BytesIO(everything["clinical.csv"]))["age_years"]
    assert ages.max() == 90
    assert not {"surgery_date", "remark", "recurrence_free_months"} & set(
        pd.read_csv(io.BytesIO(everything["clinical.csv"]))
    )
    assert json.loads(everything["bundle.json"])["banded"] == {"age_years": 1}


def test_the_same_results_make_the_same_bundle(story, tmp_path):
    study = story.study
    again = write_archive(tmp_path / "again.zip", bundle_files(study, load_cohort(study)))
    with zipfile.ZipFile(story.bundle) as one, zipfile.ZipFile(again) as two:
        differ = [name for name in one.namelist() if one.read(name) != two.read(name)]
    # The runs in between are the study's own history, which results.json counts.
    assert set(one.namelist()) == set(two.namelist())
    assert set(differ) <= {
        "results.json",
        "study.yml",
        "manifest.sha256",
    }


def test_a_reviewer_verifies_every_number_without_images(story, tmp_path):
    elsewhere = Path(shutil.copy(story.bundle, tmp_path / "bundle.zip"))
    said = story.do(
        "verify", "verify", str(elsewhere), "--json", str(tmp_path / "verdicts.json"), study=False
    )
    verdicts = {
        each["key"]: each
        for each in json.loads((tmp_path / "verdicts.json").read_text())["verdicts"]
    }
    words = Counter(each["word"] for each in verdicts.values())
    assert "VERIFIED" in said
    assert words["different"] == 0
    assert words["identical"] > 1000
    # What can't be recomputed needs what is not there, and nothing else.
    unexplained = [
        each["key"]
        for each in verdicts.values()
        if each["word"] == "not recomputable" and "no step" in each["detail"]
    ]
    assert not unexplained
    assert {each["detail"] for each in verdicts.values() if each["word"] == "not recomputable"} <= {
        "needs the images",
        "needs the models",
        "needs images and models",
        "needs the models' terms",
        "describes the machine that made it",
        "history of the study",
        "the bundle has the split as a recorded column",
        "ages above 89 are banded (1 patient)",
        "needs the features",
        "counts answers that people gave",
        "answers that people gave",
        "a copy of the study file",
        "a copy of the data dictionary",
        "what the models are",
        "the packed predictions in another order",
    }
    for key in (
        "auc.cr.validation",
        "net_benefit.rcr.validation.50",
        "odds_ratio.multivariable",
        "tables/subgroups.csv",
        "concordance.cr.added",
    ):
        assert any(
            each["key"].startswith(key) and each["word"] == "identical"
            for each in verdicts.values()
        ), key


def test_a_tampered_value_is_named(story, tmp_path):
    """In the predictions, with the manifest mended: the numbers that rest on it differ. Without
    mending: the file is named as well."""
    files = {name: (tmp_path / name).read_bytes() for name in _unpacked(story, tmp_path)}
    predictions = pd.read_csv(io.BytesIO(files["predictions.csv"]), float_precision="round_trip")
    place = predictions.index[
        (predictions["model"] == "rcr")
        & (predictions["how"] == "validation")
        & (predictions["label"] == 1)
    ][0]
    predictions.loc[place, ["score", "probability"]] = 0.987654321
    changed = predictions.to_csv(index=False, lineterminator="\n").encode()
    mended = write_archive(
        tmp_path / "mended.zip",
        {name: content for name, content in files.items() if name != "manifest.sha256"}
        | {"predictions.csv": changed},
    )
    said = story.do("mended", "verify", str(mended), study=False, status=3)
    assert "NOT VERIFIED" in said
    assert "brier.rcr.validation: value" in said
    assert "brier.cr.validation" not in said
    assert "Changed after packing" not in said
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as archive:
        for name, content in (files | {"predictions.csv": changed}).items():
            archive.writestr(name, content)
    said = story.do("plain", "verify", str(tmp_path / "plain.zip"), study=False, status=3)
    assert "predictions.csv was changed: its checksum differs" in said
    assert "brier.rcr.validation" in said


def test_tampered_results_tables_and_outcomes_are_named(story, tmp_path):
    _unpacked(story, tmp_path)
    bundle = read_bundle(tmp_path)
    found = recompute(bundle)
    record = bundle.results["auc.cr.validation"]
    changed = replace(
        bundle,
        results=dict(bundle.results)
        | {"auc.cr.validation": replace(record, value=record.value + 0.01)},
    )
    assert [each.key for each in record_verdicts(changed, found) if each.word == "different"] == [
        "auc.cr.validation"
    ]
    less = replace(
        bundle,
        results={key: each for key, each in bundle.results.items() if key != "brier.cr.validation"},
    )
    assert [each.key for each in record_verdicts(less, found) if each.word == "different"] == [
        "brier.cr.validation"
    ]
    last_digits = replace(
        bundle,
        results=dict(bundle.results)
        | {"auc.cr.validation": replace(record, value=record.value * (1 + 1e-8))},
    )
    assert {each.key: each.word for each in record_verdicts(last_digits, found)}[
        "auc.cr.validation"
    ] == "within tolerance"
    curve = tmp_path / "curves" / "roc.csv"
    table = pd.read_csv(curve)
    table.loc[3, "true_positive_rate"] += 0.05
    table.to_csv(curve, index=False)
    assert [
        (each.key, "row 4, true_positive_rate" in each.detail)
        for each in table_verdicts(bundle, found)
        if each.word == "different"
    ] == [("curves/roc.csv", True)]
    outcome = bundle.cohort.outcome.copy()
    outcome.iloc[0, 0] = 1 - outcome.iloc[0, 0]
    assert contradictions(bundle) == []
    assert len(contradictions(replace(bundle, cohort=replace(bundle.cohort, outcome=outcome)))) == 1


def test_predictions_and_outcomes_alone_suffice(story, tmp_path):
    """Without clinical values and features, as most will share: all that rests on scores is still
    computed, and the rest says why not."""
    study = story.study
    study = study.model_copy(
        update={"sharing": study.sharing.model_copy(update={"clinical": False, "features": False})}
    )
    open_archive(
        write_archive(tmp_path / "least.zip", bundle_files(study, load_cohort(study))),
        tmp_path / "least",
    )
    bundle = read_bundle(tmp_path / "least")
    assert not (tmp_path / "least" / "clinical.csv").exists()
    assert not (tmp_path / "least" / "features.csv").exists()
    found = recompute(bundle)
    verdicts = [*record_verdicts(bundle, found), *table_verdicts(bundle, found)]
    assert not found.failed
    assert not [each for each in verdicts if each.word == "different"]
    assert {each.key: each.detail for each in verdicts}[
        "odds_ratio.univariable.ast"
    ] == "needs clinical values, which the bundle does not hold"


def test_training_again_gives_identical_scores(story, tmp_path):
    """From what the bundle holds; one age of this cohort is banded in it, which is said
    beforehand."""
    from analysis.workflow.review.retrain import retrain_obstacles, retrained

    _unpacked(story, tmp_path)
    bundle = read_bundle(tmp_path)
    found = retrained(bundle)
    scores = [line for line in found.lines if line.startswith(("cr,", "radiomics,", "rcr,"))]
    assert len(scores) == 12
    assert all(line.endswith("identical scores") for line in scores if not line.startswith("cr"))
    # What an age enters.
    assert {name.partition(".")[0] for name in found.different} <= {"cr", "fib4"}
    assert found.apart == ["ages above 89 are banded in the bundle (1 patient)"]
    whole = replace(bundle, about=bundle.about | {"banded": {}})
    assert retrain_obstacles(whole) == []
    native = bundle.about["origin"] | {"arithmetic": "native (x86_64, avx2 fma)"}
    assert "native" in retrain_obstacles(replace(whole, about=whole.about | {"origin": native}))[0]
