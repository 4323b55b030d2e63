"""`early-recurrence new`: a study of each kind passes `check` once data lie in its folder, and
nothing is overwritten."""

import shutil

import numpy as np
import pandas as pd
import pytest

from analysis.study import load_study
from analysis.study.dictionary import load_dictionary
from analysis.workflow.new_study import new_study
from analysis.workflow.new_study.study_kinds import KINDS
from analysis.workflow.new_study.summary import ask_kind
from tests.support.command_line import command


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from analysis.demo import make_demo_cohort

    return make_demo_cohort(
        tmp_path_factory.mktemp("new") / "demo",
        patients=60,
        events=30,
        validation=12,
        image_shape=(24, 24, 8),
        progress=False,
    )


def fill(folder, kind, demo):
    """Put the demonstration's data where the README of the new study wants them."""
    table = pd.read_csv(demo / "clinical.csv", dtype=str, keep_default_na=False)
    if kind == "predictions":
        known = table[table["recurrence_free_months"] != ""]
        event = (known["event_type"] == "recurrence").astype(int)
        probability = np.clip(
            0.3 + 0.3 * event + np.random.default_rng(0).normal(0, 0.15, len(known)), 0.01, 0.99
        )
        pd.DataFrame(
            {
                "patient_id": known["patient_id"],
                "model": "New model",
                "probability": probability,
                "event": event,
            }
        ).to_csv(folder / "data" / "predictions.csv", index=False)
        return
    named = load_dictionary(folder / "data" / "dictionary.yml").variables
    table[list(named)].to_csv(folder / "data" / "clinical.csv", index=False)
    if kind == "images":
        shutil.copytree(demo / "images", folder / "data" / "images")
    if kind == "features":
        random = np.random.default_rng(1)
        features = {
            f"{phase}_original_{name}": random.normal(size=len(table))
            for phase in ("arterial", "portal_venous", "delayed")
            for name in ("glcm_Contrast", "firstorder_Mean", "shape_VoxelVolume")
        }
        pd.DataFrame({"patient_id": table["patient_id"], **features}).to_csv(
            folder / "data" / "features.csv", index=False
        )


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_new_study_passes_check_once_data_are_in_it(kind, demo, tmp_path, capsys):
    folder = tmp_path / "My study, 2026"
    assert command("new", folder, "--kind", kind) == 0
    assert "early-recurrence check --study" in capsys.readouterr().out
    # Before there are data, the one thing missing is the data.
    assert command("check", "--study", folder / "study.yml") == 2
    text = capsys.readouterr().out
    assert "no such table" in text
    assert "1 error," in text or kind == "features"
    fill(folder, kind, demo)
    assert command("check", "--study", folder / "study.yml") == 0, capsys.readouterr().out
    study = load_study(folder / "study.yml")
    assert study.study.name == "my_study_2026"
    assert (
        study.families
        == {
            "images": ["clinical", "radiomics", "deep_learning"],
            "features": ["clinical", "radiomics"],
            "predictions": ["predictions"],
            "clinical": ["clinical"],
        }[kind]
    )
    readme = (folder / "README.md").read_text()
    assert "{" not in readme
    assert all(name in readme for name in ("early-recurrence check", "data/"))
    assert "data/" in (folder / ".gitignore").read_text()


def test_nothing_is_overwritten(tmp_path, capsys):
    new_study(tmp_path / "a", "clinical")
    (tmp_path / "a" / "study.yml").write_text("mine")
    assert command("new", tmp_path / "a") == 2
    assert "nothing was written" in capsys.readouterr().err
    assert (tmp_path / "a" / "study.yml").read_text() == "mine"
    with pytest.raises(
        ValueError,
        match="unknown kind of study 'x'; there are images, features, predictions, clinical",
    ):
        new_study(tmp_path / "b", "x")
    assert not (tmp_path / "b").exists()


def test_what_was_written_is_said_in_a_few_lines(tmp_path, capsys):
    assert command("new", tmp_path / "a", "--kind", "clinical") == 0
    lines = capsys.readouterr().out.splitlines()
    written = [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert lines[0] == f"{tmp_path / 'a'}: {len(written)} files written"
    assert [line.split()[0] for line in lines[1:5]] == [
        "study.yml",
        "README.md",
        "data/dictionary.yml",
        "report/",
    ]
    assert len(lines) == 6


def test_it_asks_what_you_have():
    said, answers = [], iter(["pictures", "3"])
    assert ask_kind(lambda _: next(answers), said.append) == "predictions"
    assert said[:2] == [
        "What do you have?",
        "  1  images: images, tumour masks and a clinical table",
    ]
    assert said[-1] == "'pictures' is none of images, features, predictions, clinical."
    assert ask_kind(lambda _: "", said.append) == "images"
    # A clinical table can't be drafted for predictions.
    assert ask_kind(lambda _: "3", said.append, table=True) == "clinical"


def test_without_a_terminal_it_does_not_ask(tmp_path, capsys):
    assert command("new", tmp_path / "a") == 0
    assert "The study is of the kind images; --kind names another" in capsys.readouterr().out
