"""The bundle of the story for a reviewer: it names nobody, and verifies."""

import io
import json
import re
import shutil
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.workflow.check.load import load_cohort
from analysis.workflow.review.archive import check_manifest, open_archive, write_archive
from analysis.workflow.review.bundle import bundle_files
from analysis.workflow.review.rebuild import contradictions, read_bundle
from analysis.workflow.review.recompute import recompute
from analysis.workflow.review.verdicts import record_verdicts, table_verdicts

pytestmark = pytest.mark.whole


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
        not in (".csv", ".json", ".yml", ".qmd", ".bib", ".txt", ".toml", ".sha256", ".md", ".html")
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
