"""Whole small studies whose truth is known: the article of one without a signal claims nothing,
that of one with a signal claims what is there."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from analysis.reporting.claims import read_claims
from analysis.study import load_study
from tests.support.blank_figures import run_with_blank_figures
from tests.support.documents import rendered
from tests.support.tiny_study import ABOUT, tiny_study, tiny_table, write_yaml

# What a sentence of the article asserts where a claim holds; each stands after no "not shown to".
ASSERTED = (
    "discriminated better than chance",
    "predicted",
    "outperformed",
    "added to",
    "improved the AUC of",
    "was well calibrated",
    "were well calibrated",
    "had a higher net benefit",
    "net benefit was higher",
    "differed in event-free survival",
    "did not differ in AUC by more than",
)


def asserted(text: str) -> list[str]:
    """Assertions of a document outside of the list of rules, each with the words before it."""
    text = re.sub(r"\[([^\]]*)\]\{\.result[^}]*\}", r"\1", text)
    text = re.sub(r"## Claims.*?# Results", "", text, flags=re.S)
    return [
        match[0]
        for words in ASSERTED
        for match in re.finditer(rf".{{0,60}}\b{re.escape(words)}", text)
        if not (
            words == "predicted"
            and "better than chance" not in text[match.end() : match.end() + 90].split(".")[0]
        )
    ]


def given_study(folder, table: pd.DataFrame, **sections):
    """Predictions of two models, `new` and `old`, as probabilities; outcome `event`, cohorts in
    `cohort`."""
    (folder / "data").mkdir(parents=True)
    table.to_csv(folder / "data" / "predictions.csv", index=False)
    models = {
        name: {"column": name, "kind": "probability", "label": label}
        for name, label in (("new", "New"), ("old", "Old"))
        if name in table
    }
    return write_yaml(
        folder / "study.yml",
        {
            "study": {
                "name": "given",
                "title": "A study",
                "disease": "primary liver cancer",
                "event": "cholangiocarcinoma",
            },
            "cohort": {"folder": "data", "table": "predictions.csv"},
            "endpoint": {"label": "event"},
            "predictions": {"file": "predictions.csv", "models": models},
            "statistics": {
                "bootstrap_resamples": 100,
                "contrasts": {"model": "new", "primary": "old"},
            },
            "jobs": 1,
            "output": "outputs",
        }
        | sections,
    )


def cohort(
    n: int, seed: int, strength: float, shift: float = 0.0, slope: float = 1.0
) -> pd.DataFrame:
    """A new model of a given strength whose log odds are off by shift and slope, and an old one of
    noise."""
    random = np.random.default_rng(seed)
    linear = strength * random.normal(size=n)
    event = (random.random(n) < expit(linear)).astype(int)
    return pd.DataFrame(
        {
            "patient_id": [f"P{seed}-{place:04d}" for place in range(n)],
            "event": event,
            "new": expit(slope * linear + shift),
            "old": expit(0.5 * random.normal(size=n)),
        }
    )


def article(study, monkeypatch, capsys) -> tuple[str, dict[str, dict]]:
    path = load_study(study)
    run_with_blank_figures(path)
    return rendered(study, monkeypatch, capsys), {
        each["key"]: each for each in read_claims(path.output_folder / "claims.json")
    }


@pytest.mark.parametrize(("n", "seed"), [(33, 1), (200, 2)])
def test_given_predictions_of_noise_claim_nothing(tmp_path, monkeypatch, capsys, n, seed):
    table = cohort(n, seed, 0.0)
    table["new"] = expit(np.random.default_rng(seed + 50).normal(size=n))
    text, claims = article(given_study(tmp_path, table), monkeypatch, capsys)
    assert asserted(text) == []
    assert not any(each["holds"] for each in claims.values())
    assert "was not shown to discriminate better than chance" in text
    assert "needs confirmation" not in text
    assert (
        "Cholangiocarcinoma in patients with primary liver cancer is difficult to predict" in text
    )
    assert "images" not in text.split("# Methods")[0]


def test_a_constant_probability_claims_no_net_benefit(tmp_path, monkeypatch, capsys):
    table = cohort(120, 3, 0.0).drop(columns="old")
    study = given_study(
        tmp_path,
        table.assign(new=0.285),
        statistics={
            "bootstrap_resamples": 100,
            "thresholds": [0.1, 0.6],
            "reported_threshold": 0.28,
            "net_benefit_range": [0.27, 0.3],
        },
    )
    text, claims = article(study, monkeypatch, capsys)
    assert asserted(text) == []
    assert not claims["net_benefit"]["holds"]


def test_given_predictions_with_a_signal_claim_what_is_there(tmp_path, monkeypatch, capsys):
    """1,500 patients, AUC about .85, probabilities that are right; an external cohort in which
    twice as many events happen as are predicted."""
    inside, outside = (
        cohort(1500, 4, 2.0).assign(cohort="validation"),
        cohort(400, 5, 2.0, shift=-1.5).assign(cohort="north"),
    )
    study = given_study(
        tmp_path,
        pd.concat([inside, outside]),
        split={
            "column": "cohort",
            "external": {"north": "Northern hospital"},
            "description": "Patients of the first hospital validated",
        },
    )
    text, claims = article(study, monkeypatch, capsys)
    for key in (
        "discriminates",
        "outperforms.old",
        "well_calibrated",
        "net_benefit",
        "discriminates.north",
        "conclusion",
    ):
        assert claims[key]["holds"], claims[key]["wording"]
    assert claims["well_calibrated.north"]["state"] == "fails"
    assert "was not well calibrated in the cohort Northern hospital (O:E" in re.sub(
        r"\[([^\]]*)\]\{\.result[^}]*\}", r"\1", text
    )
    assert "Patients of the first hospital validated." in text
    assert "It needs confirmation" not in text
    assert "to come from another institution" not in text


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    """A table of features and clinical variables: with the outcome permuted, and with one that
    follows it strongly."""
    noise = tiny_table(90)
    noise["event"] = np.random.default_rng(12).permutation(noise["event"])
    signal = tiny_table(90).assign(
        t1_feature0=lambda frame: frame["t1_feature0"] + 2.2 * frame["event"]
    )
    about = {
        "study": ABOUT,
        "controls": {"permutations": 0, "shuffled_voxels": False},
        "robustness": {"instability_resamples": 0},
        "statistics": {
            "bootstrap_resamples": 100,
            "optimism_resamples": 0,
            "contrasts": {"primary": "cr"},
        },
    }
    return {
        name: tiny_study(tmp_path_factory.mktemp(name), table, **about)
        for name, table in (("noise", noise), ("signal", signal))
    }


def test_features_of_noise_claim_nothing(features, monkeypatch, capsys):
    text, claims = article(features["noise"], monkeypatch, capsys)
    assert asserted(text) == []
    assert not any(each["holds"] for each in claims.values())
    # What the methods say, of this study: RCR without networks, the guards that ran, the fallback
    # of the rule, the recorded column.
    assert "**RCR**: logistic regression on the radiomics score and the CR predictors." in text
    assert "DLRCR" not in text
    assert "near-duplicate images" not in text
    assert "permuted outcome" not in text
    assert "automated checks for data leakage were run" in text
    assert "by the column “cohort” of the clinical table" in text
    assert "how the assignment was made is not stated" in text
    assert "If the rule retained no variable" in text
    assert "Feature selection, tuning and fusion used nested cross-validation" in text


def test_features_with_a_signal_claim_it(features, monkeypatch, capsys):
    text, claims = article(features["signal"], monkeypatch, capsys)
    assert claims["discriminates"]["holds"]
    assert "discriminated better than chance in the validation cohort" in text
    assert claims["conclusion"]["wording"].endswith(
        "It needs confirmation in patients of other institutions."
    )


def test_clinical_variables_of_noise_claim_nothing(tmp_path, monkeypatch, capsys):
    table = tiny_table(90)
    table["event"] = np.random.default_rng(5).permutation(table["event"])
    study = tiny_study(
        tmp_path,
        table,
        radiomics=None,
        study={
            "name": "tiny",
            "title": "A tiny study",
            "disease": "liver tumours",
            "event": "recurrence",
            "modality": "MRI",
        },
        controls={"permutations": 0},
        robustness={"instability_resamples": 0},
        statistics={"bootstrap_resamples": 100, "optimism_resamples": 0},
    )
    text, claims = article(study, monkeypatch, capsys)
    assert asserted(text) == []
    assert not any(each["holds"] for each in claims.values())
    assert "in patients with liver tumours from clinical variables" in re.sub(
        r"\[([^\]]*)\]\{\.result[^}]*\}", r"\1", text
    )
    assert "imaging models" not in text
    assert "images say more" not in text
    assert "tuning" not in text.split("# Methods")[0]
    assert "Variable selection used cross-validation in the training cohort" in text


def test_a_score_that_is_turned_round_is_said_to_be(tmp_path, monkeypatch, capsys):
    table = cohort(300, 6, 2.0)
    text, claims = article(
        given_study(tmp_path, table.assign(new=expit(-logit(table["new"])))), monkeypatch, capsys
    )
    assert claims["discriminates"]["state"] == "reversed"
    assert "ordered patients in reverse" in text
    assert asserted(text) == []
