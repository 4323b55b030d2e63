"""The command as a user meets it: every command of the README, and wrong input in one message."""

import io
import shutil
from contextlib import redirect_stdout

import pandas as pd
import pytest

from analysis.cli import main
from models.staging import SCORES
from tests.conftest import ROOT, small_study
from tests.support.command_line import command


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    from analysis.demo import make_demo_cohort

    return make_demo_cohort(
        tmp_path_factory.mktemp("cli") / "demo",
        patients=24,
        image_shape=(24, 24, 8),
        progress=False,
    )


def test_scores_lists_inputs_and_sources(capsys):
    assert command("scores") == 0
    text = capsys.readouterr().out
    assert "bclc_2022" in text
    assert "tumour_diameter" in text
    assert "10.1016/j.jhep.2021.11.018" in text
    assert "UNCONFIRMED" in text
    assert "erasl_refit" in text
    assert max(map(len, text.splitlines())) <= 140
    assert all(any(line.startswith(name) for line in text.splitlines()) for name in SCORES)


def test_score_writes_a_table(cohort, tmp_path, capsys):
    output = tmp_path / "scores.csv"
    assert (
        command(
            "score",
            cohort / "clinical.csv",
            "--dictionary",
            cohort / "dictionary.yml",
            "--score",
            "albi",
            "--score",
            "bclc_2022",
            "--output",
            output,
        )
        == 0
    )
    table = pd.read_csv(output)
    assert len(table) == 26
    assert {"albi", "albi_missing", "bclc_2022", "bclc_2022_missing"} <= set(table)
    assert table["albi"].notna().sum() >= 20


def test_a_measurement_without_a_unit_is_left_out_unless_it_is_needed(tmp_path, capsys):
    (tmp_path / "table.csv").write_text(
        "patient_id,albumin,bilirubin,platelets\na,40,12,200\nb,33,20,\n"
    )
    (tmp_path / "dictionary.yml").write_text(
        "variables:\n"
        "  patient_id: {label: Patient, role: identifier, type: text}\n"
        "  albumin: {label: Albumin, role: predictor, type: continuous, unit: g/L}\n"
        "  bilirubin: {label: Bilirubin, role: predictor, type: continuous, unit: umol/L}\n"
    )
    call = ("score", tmp_path / "table.csv", "--dictionary", tmp_path / "dictionary.yml")
    assert command(*call, "--score", "albi") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert pd.read_csv(io.StringIO(said.out))["albi"].round(2).tolist() == [-2.69, -1.95]
    assert command(*call) == 0
    said = capsys.readouterr()
    assert "platelets left out, with the scores that need it" in said.err
    assert pd.read_csv(io.StringIO(said.out))["albi"].notna().all()
    assert command(*call, "--score", "fib4") == 2
    assert "platelets: its values have no unit" in capsys.readouterr().err


def test_a_value_in_the_wrong_unit_is_named_with_the_likely_mistake(cohort, tmp_path, capsys):
    table = pd.read_csv(cohort / "clinical.csv")
    table.loc[0, "albumin"] = 4.2
    table.to_csv(tmp_path / "clinical.csv", index=False)
    assert (
        command("score", tmp_path / "clinical.csv", "--dictionary", cohort / "dictionary.yml") == 2
    )
    error = capsys.readouterr().err
    assert table.loc[0, "patient_id"] in error
    assert "albumin 4.2 g/L is impossible" in error
    assert "g/dL" in error
    assert "Traceback" not in error


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Study file of a small study that was checked, and what the command said."""
    path = small_study(tmp_path_factory.mktemp("checked"))
    with redirect_stdout(io.StringIO()) as said:
        assert command("check", "--study", path) == 0
    return path, said.getvalue()


def test_check_says_what_would_be_analysed(checked):
    text = checked[1]
    assert "training" in text
    assert "validation" in text
    assert "clinical, radiomics, deep_learning" in text


def test_checklist_says_what_is_open(tmp_path, capsys):
    from analysis.study.checklists.items import CHECKLISTS, load_checklist
    from tests.support.fake_kinds import LIVER
    from tests.support.fake_results import write_fake_study

    study = write_fake_study(LIVER, tmp_path)
    assert command("checklist", "--study", study, "--csv", tmp_path / "items.csv") == 0
    text = capsys.readouterr().out
    assert "reporting.clinical_context" in text
    assert "52 items" in text
    assert "METRICS score" in text
    table = pd.read_csv(tmp_path / "items.csv")
    assert len(table) == sum(len(load_checklist(name).items) for name in CHECKLISTS)
    assert set(table["status"]) == {"yes", "no", "open", "not applicable"}
    (tmp_path / "outputs" / "results.json").unlink()
    assert command("checklist", "--study", study) == 2
    assert "`early-recurrence run` makes it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--study", "no-such.yml"], "no such study file"),
        (
            [
                "score",
                "{cohort}/clinical.csv",
                "--dictionary",
                "{cohort}/dictionary.yml",
                "--score",
                "balc",
            ],
            "score 'balc' is unknown",
        ),
        (
            [
                "score",
                "{cohort}/clinical.csv",
                "--dictionary",
                "{cohort}/dictionary.yml",
                "--patient-id",
                "id",
            ],
            "has no column 'id'",
        ),
        (["score", "nothing.csv", "--dictionary", "{cohort}/dictionary.yml"], "nothing.csv"),
    ],
)
def test_wrong_input_is_one_message(cohort, capsys, arguments, message):
    assert main([part.format(cohort=cohort) for part in arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert error.startswith("early-recurrence:")


def test_a_missing_image_is_named_and_nobody_is_dropped(checked, tmp_path, capsys):
    # With what was found in each image, as after a check.
    shutil.copytree(checked[0].parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "study.yml"
    image = next((tmp_path / "data" / "images").rglob("arterial.nii.gz"))
    image.unlink()
    # Without its `demo:` part the cohort is taken as it lies there.
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text())
    del study["cohort"]["demo"]
    with path.open("w") as file:
        yaml.dump(study, file)
    capsys.readouterr()
    assert command("check", "--study", path) == 2
    text = capsys.readouterr().out
    assert "the image of phase arterial is missing" in " ".join(text.split())
    assert image.parent.name in text
    assert "1 error" in text
    # The same problem is what a run refuses, in one message.
    assert command("run", "--study", path) == 2
    error = capsys.readouterr().err
    assert f"{image.parent.name}/arterial.nii.gz" in error
    assert "Traceback" not in error


def test_every_command_of_the_readme_exists():
    import re

    from analysis.cli import COMMANDS

    named = set(
        re.findall(r"^early-recurrence (\w+)", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    )
    assert named
    assert named <= set(COMMANDS)


def test_scores_of_other_levels_are_left_out_unless_they_are_named(tmp_path, capsys):
    rows = "".join(f"p{number},{40 - number},12,yes\n" for number in range(8))
    (tmp_path / "table.csv").write_text("Nr,albumin,bilirubin,vascular_invasion\n" + rows)
    (tmp_path / "dictionary.yml").write_text(
        "variables:\n"
        "  patient_id: {label: Patient, role: identifier, type: text, column: Nr}\n"
        "  albumin: {label: Albumin, role: predictor, type: continuous, unit: g/L}\n"
        "  bilirubin: {label: Bilirubin, role: predictor, type: continuous, unit: umol/L}\n"
        "  vascular_invasion: {label: V, role: predictor, type: categorical, levels: ['yes']}\n"
    )
    call = ("score", tmp_path / "table.csv", "--dictionary", tmp_path / "dictionary.yml")
    assert command(*call) == 0
    said = capsys.readouterr()
    assert "BCLC 2022" in said.err
    assert said.err.count("vascular_invasion is 'yes'") == 1
    assert "8 patients (p0, p1, p2, p3, …)" in said.err
    found = pd.read_csv(io.StringIO(said.out))
    assert found["albi"].notna().all()
    assert "bclc_2022" not in found
    assert command(*call, "--score", "bclc_2022") == 2
    assert "BCLC 2022 can't be computed" in capsys.readouterr().err
