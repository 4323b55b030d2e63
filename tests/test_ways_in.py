"""Every way into the analysis with data that nobody here made: a feature table, images, given
predictions. A clinical table alone is tested in tests/models/staging/test_hcc_survival.py, networks
on real images in tests/test_real_images.py.

The liver features (LaFerraille/Liver-cancer-detection, MIT) and the sarcoma images (TCIA
Soft-tissue-Sarcoma, CC BY 3.0) are not part of the project: their tests run where they lie beside
the checkout. lifelines brings the lung cancer cohort along (Loprinzi et al. 1994).
"""

import html
import re

import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_lung
from ruamel.yaml import YAML

from analysis.reporting.manuscript_folder import project_of
from analysis.results import read_records
from analysis.study import load_study
from analysis.workflow.check.examine import examine
from analysis.workflow.check.load import load_cohort
from tests.conftest import ROOT
from tests.support.blank_figures import blank_figures, run_with_blank_figures
from tests.support.command_line import command

pytestmark = pytest.mark.usefixtures("no_kernels")

REAL = ROOT.parent / "shared" / "real"
LIVER, SARCOMA = REAL / "liver_mri_features" / "wide_4phase.csv", REAL / "sarcoma"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        YAML(typ="safe").dump(content, file)
    return path


def page_of(folder, name):
    project = project_of(load_study(folder / "study.yml"))
    page = (project / "_report" / "report" / f"{name}.html").read_text(encoding="utf-8")
    text = html.unescape(
        re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", " ", page, flags=re.S))
    )
    return re.sub(r"\s+", " ", text)


def clean(text):
    return not any(
        re.search(rf"(?<![A-Za-z]){re.escape(fault)}(?![A-Za-z])", text)
        for fault in ("nan", "None", "{python}", "@fig-", "@tbl-", "Traceback", "???")
    )


def liver_study(folder, **table):
    return write(
        folder / "study.yml",
        {
            "study": {
                "name": "liver",
                "title": "Features of liver MRI",
                "disease": "liver tumours",
                "event": "hepatocellular carcinoma",
                "modality": "contrast-enhanced MRI",
            },
            "cohort": {"folder": "data", "table": "wide.csv"},
            "endpoint": {"label": "classe_name", "levels": {"CHC": 1, "CCK": 0, "Mixtes": 0}},
            "split": {"validation_fraction": 0.3, "seed": 1},
            "radiomics": {
                "table": {
                    "file": "wide.csv",
                    "columns": r"(?P<phase>ART|PORT|VEIN|TARD)_(?P<feature>.+)",
                    "phases": {
                        "ART": "arterial",
                        "PORT": "portal_venous",
                        "VEIN": "venous",
                        "TARD": "delayed",
                    },
                    **table,
                },
                "classifiers": ["logistic"],
                "tuning_folds": 2,
                "univariable_features": 20,
                "selected_features": 3,
            },
            "additional_models": {"volume": "models.volume:VolumeModel"},
            "validation": {"outer_folds": 2, "inner_folds": 2},
            "statistics": {"bootstrap_resamples": 100},
            "controls": {"permutations": 0},
            "robustness": {"instability_resamples": 0},
            "seed": 1,
            "jobs": 1,
            "output": "outputs",
        },
    )


@pytest.mark.skipif(
    not LIVER.is_file(),
    reason="the liver features are not beside this checkout: a real feature table was not tried",
)
def test_a_feature_table_with_names_of_its_own(tmp_path, capsys):
    frame = pd.read_csv(LIVER)
    study = liver_study(tmp_path)
    (tmp_path / "data").mkdir()
    # As published, patients are numbered anew in each class: check finds it.
    frame.rename(columns={"patient_num": "patient_id"}).to_csv(
        tmp_path / "data" / "wide.csv", index=False
    )
    assert command("check", "--study", study) == 2
    assert "the patient is there more than once" in " ".join(capsys.readouterr().out.split())
    frame.assign(patient_id=frame["classe_name"] + frame["patient_num"].astype(str)).drop(
        columns="patient_num"
    ).to_csv(tmp_path / "data" / "wide.csv", index=False)
    assert not examine(load_study(study))[1].of("warning")
    with blank_figures():
        assert command("report", "--study", study, "--format", "html") == 0
    records = read_records(tmp_path / "outputs" / "results.json")
    assert (
        records["cohort.events.n"].value,
        records["cohort.non_events.n"].value,
        records["features.total"].value,
    ) == (72, 45, 428)
    assert records["features.recognised"].value == 107
    assert records["features.shape"].value == 14
    assert records["study.phases.n"].value == 4
    assert records["models.headline"].names == ["radiomics"]
    assert records["auc.volume.validation"].value is not None
    assert records["guard.shuffled_voxels"].value == "not run"
    assert records["guard.same_name"].value == "pass"
    predictions = pd.read_csv(tmp_path / "outputs" / "predictions.csv")
    assert predictions["patient_id"].nunique() == 117
    assert predictions["score"].notna().all()
    text = page_of(tmp_path, "index")
    assert "were supplied as a table" in text
    assert "107 features per phase" not in text
    assert "The study has no clinical variables, and therefore no clinical model" in text
    assert clean(text)


@pytest.mark.skipif(
    not LIVER.is_file(),
    reason="the liver features are not beside this checkout: a real feature table was not tried",
)
def test_lesion_rows_of_a_real_table(tmp_path):
    frame = pd.read_csv(LIVER)
    # Neighbouring rows of a class stand for two lesions of one patient.
    pair = frame.groupby("classe_name").cumcount()
    frame = frame.assign(
        patient_id=frame["classe_name"] + (pair // 2).astype(str), lesion=pair % 2
    ).drop(columns="patient_num")
    (tmp_path / "data").mkdir()
    frame.to_csv(tmp_path / "data" / "wide.csv", index=False)
    study = load_study(
        liver_study(
            tmp_path,
            lesions={
                "column": "lesion",
                "rule": "largest",
                "size": "ART_original_shape_VoxelVolume",
            },
        )
    )
    from analysis.inputs.radiomics import radiomics_table

    cohort = load_cohort(study)
    found = radiomics_table(cohort).features["arterial_original_shape_VoxelVolume"]
    expected = frame.groupby("patient_id")["ART_original_shape_VoxelVolume"].max()
    assert len(cohort.patients) == frame["patient_id"].nunique() < len(frame)
    np.testing.assert_array_equal(found.to_numpy(), expected[found.index].to_numpy())


@pytest.mark.skipif(
    not SARCOMA.is_dir(),
    reason="the sarcoma cohort is not beside this checkout: real images were not checked",
)
def test_real_images_are_checked(tmp_path, capsys):
    table = pd.read_csv(SARCOMA / "clinical.csv")
    (tmp_path / "data").mkdir()
    few = pd.concat(
        [table[table["patient_id"] == "STS_022"], table.groupby("lung_metastasis").head(8)]
    ).drop_duplicates()
    few.to_csv(tmp_path / "data" / "clinical.csv", index=False)
    (tmp_path / "data" / "images").symlink_to(SARCOMA / "images")
    content = YAML(typ="safe").load((ROOT / "study.sarcoma.yml").read_text()) | {
        "validation": {"outer_folds": 2, "inner_folds": 2},
        "output": "outputs",
        "jobs": 1,
    }
    content["cohort"]["folder"] = "data"
    problems = examine(load_study(write(tmp_path / "study.yml", content)))[1]
    assert not problems.of("error"), [str(each) for each in problems.of("error")]
    assert any(
        each.patient == "STS_022" and "touches the border" in each.what
        for each in problems.of("warning")
    )
    assert any("different grids" in each.what for each in problems.of("note"))
    assert any("belong to no patient" in each.what for each in problems.of("note"))


def lung_predictions():
    """A probability from age, ECOG and sex by coefficients that nobody fitted here, and Karnofsky's
    index, higher is better."""
    frame = load_lung().reset_index(drop=True)
    frame["patient_id"] = [f"L{row:03d}" for row in range(len(frame))]
    linear = (
        -0.6
        + 0.03 * (frame["age"] - 60)
        + 0.6 * frame["ph.ecog"].fillna(1)
        + 0.4 * (frame["sex"] == 1)
    )
    return frame.assign(risk=1 / (1 + np.exp(-linear)))


@pytest.mark.parametrize("scores_only", [False, True])
def test_predictions_alone_with_follow_up(tmp_path, scores_only):
    frame = lung_predictions()
    (tmp_path / "data").mkdir()
    frame[["patient_id", "time", "status", "risk", "ph.karno"]].to_csv(
        tmp_path / "data" / "predictions.csv", index=False
    )
    models = {
        "clinical": {"column": "risk", "kind": "probability", "label": "Age, ECOG and sex"},
        "karnofsky": {"column": "ph.karno", "kind": "score", "higher_is_worse": False},
    }
    if scores_only:
        models.pop("clinical")
    study = load_study(
        write(
            tmp_path / "study.yml",
            {
                "study": {
                    "name": "lung",
                    "title": "Scores of lung cancer",
                    "disease": "advanced lung cancer",
                    "event": "death",
                },
                "cohort": {"folder": "data", "table": "predictions.csv"},
                "endpoint": {
                    "time": "time",
                    "time_unit": "days",
                    "event_type": "status",
                    "event_codes": {0: "censored", 1: "death"},
                    "event": "death",
                    "horizon_months": 12,
                },
                "predictions": {"file": "predictions.csv", "models": models},
                "statistics": {
                    "bootstrap_resamples": 100,
                    "contrasts": (
                        {} if scores_only else {"model": "clinical", "primary": "karnofsky"}
                    ),
                },
                "jobs": 1,
                "output": "outputs",
            },
        )
    )
    records = read_records(run_with_blank_figures(study).output / "results.json")
    horizon = 365.25 / frame["time"].max() * frame["time"].max()
    events = int(((frame["time"] <= horizon) & (frame["status"] == 1)).sum())
    assert records["cohort.events.n"].value == events
    assert records["cohort.training.n"].value == 0
    assert not any(
        ".out_of_fold" in key or ".apparent" in key for key in records if key.startswith("auc.")
    )
    followed = frame[(frame["time"] > horizon) | (frame["status"] == 1)].dropna(subset=["ph.karno"])
    label = (followed["time"] <= horizon).to_numpy()
    low, high = -followed["ph.karno"].to_numpy()[~label], -followed["ph.karno"].to_numpy()[label]
    by_hand = float(np.mean((high[:, None] > low[None]) + 0.5 * (high[:, None] == low[None])))
    assert records["auc.karnofsky.validation"].value == pytest.approx(by_hand, abs=1e-12)
    assert records["concordance.karnofsky.validation"].value is not None
    assert records["predictions.given"].value == "predictions.csv"
    figures = {path.stem for path in (study.output_folder / "figures").glob("*.png")}
    if scores_only:
        # No probability: no cut-off is known, and none is sought in the patients that it would be
        # judged on.
        assert not any(
            key.startswith(("brier.", "cutoff.", "accuracy.", "net_benefit.")) for key in records
        )
        assert not figures & {"calibration", "decision_curve", "kaplan_meier"}
    else:
        assert records["cutoff.clinical"].value == 0.5
        assert records["brier.clinical.validation"].value is not None
        assert "brier.karnofsky.validation" not in records
        assert records["delong.clinical_vs_karnofsky.validation"].p is not None
        assert records["label.clinical"].value == "Age, ECOG and sex"
        assert {
            "roc",
            "calibration",
            "decision_curve",
            "kaplan_meier",
            "forest",
            "flow_chart",
        } <= figures


def test_out_of_fold_predictions_of_training_patients_give_cut_offs(tmp_path):
    random = np.random.default_rng(3)
    event = random.integers(0, 2, 60)
    rows = []
    for model, shift in (("Weak", 0.1), ("Strong", 0.5)):
        probability = np.clip(0.5 + shift * (event - 0.5) + random.normal(0, 0.2, 60), 0.02, 0.98)
        rows += [
            {
                "patient_id": f"P{place:02d}",
                "model": model,
                "how": "out_of_fold" if place < 40 else "validation",
                "cohort": "training" if place < 40 else "validation",
                "probability": probability[place],
                "event": event[place],
            }
            for place in range(60)
        ]
    (tmp_path / "data").mkdir()
    pd.DataFrame(rows).to_csv(tmp_path / "data" / "predictions.csv", index=False)
    study = load_study(
        write(
            tmp_path / "study.yml",
            {
                "study": {"name": "given", "title": "T", "disease": "d", "event": "relapse"},
                "cohort": {"folder": "data", "table": "predictions.csv"},
                "endpoint": {"label": "event"},
                "split": {"column": "cohort"},
                "predictions": {"file": "predictions.csv", "how": "how"},
                "statistics": {"bootstrap_resamples": 100},
                "jobs": 1,
                "output": "outputs",
            },
        )
    )
    records = read_records(run_with_blank_figures(study).output / "results.json")
    assert records["best.model"].value == "strong"
    assert records["best.model"].method == "highest out-of-fold AUC in training"
    assert "Youden" in records["cutoff.strong"].method
    assert records["cutoff.strong"].value != 0.5
    assert "auc.strong.apparent" not in records


def test_a_model_of_scores_alone_renders(tmp_path):
    """The report leaves out cut-offs, calibration and net benefit, and says so."""
    random = np.random.default_rng(5)
    event = np.repeat([0, 1], 15)
    (tmp_path / "data").mkdir()
    pd.DataFrame(
        {
            "patient_id": [f"P{place:02d}" for place in range(30)],
            "stage": event + random.integers(0, 3, 30),
            "event": event,
        }
    ).to_csv(tmp_path / "data" / "predictions.csv", index=False)
    study = write(
        tmp_path / "study.yml",
        {
            "study": {"name": "stage", "title": "T", "disease": "a disease", "event": "relapse"},
            "cohort": {"folder": "data", "table": "predictions.csv"},
            "endpoint": {"label": "event"},
            "predictions": {
                "file": "predictions.csv",
                "models": {"Stage": {"column": "stage", "kind": "score"}},
            },
            "statistics": {"bootstrap_resamples": 100},
            "jobs": 1,
            "output": "outputs",
        },
    )
    with blank_figures():
        assert command("report", "--study", study, "--format", "html") == 0
    text, supplement = (page_of(tmp_path, name) for name in ("index", "supplement"))
    assert "give scores without probabilities" in text
    assert "no cut-off is known" in text
    assert "All 30 patients of known outcome" in text
    assert clean(text)
    assert "Net benefit of scores was not assessed" in supplement
    assert clean(supplement)
