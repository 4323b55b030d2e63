"""The example of the HCC Survival table: as published, faulty, and sound once it is mended."""

import hashlib
import subprocess
import sys

import pandas as pd
import pytest

from analysis.study import load_study
from analysis.workflow.new_study import new_example
from tests.support.command_line import command

# Of the table in the UCI Machine Learning Repository.
PUBLISHED = "b5d0e2efbf40073ec582ae9f7ced35783cc7fc9289e8039f37390a54048acad1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example") / "my-study"
    new_example(folder, "hcc-survival")
    return folder


def test_the_table_is_as_it_was_published(folder):
    content = (folder / "data" / "hcc-data.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == PUBLISHED
    published = pd.read_csv(folder / "data" / "hcc-data.csv", dtype=str)
    table = pd.read_csv(folder / "data" / "clinical.csv", dtype=str)
    assert table["patient_id"].tolist() == [f"HCC{number:03d}" for number in range(1, 166)]
    pd.testing.assert_frame_equal(table.drop(columns="patient_id"), published)


def test_its_authors_and_licence_are_named(folder):
    text = (folder / "data" / "README.md").read_text(encoding="utf-8")
    assert "Santos MS" in text
    assert "CC BY 4.0" in text
    assert load_study(folder / "study.yml").study.name == "my-study"


def test_check_finds_its_faults_and_the_script_mends_them(folder, capsys):
    assert command("check", "--study", folder / "study.yml") == 2
    assert "315 errors" in capsys.readouterr().out
    for _ in range(2):  # mended twice, it is as mended once
        subprocess.run([sys.executable, folder / "data" / "mend.py"], check=True)
        assert command("check", "--study", folder / "study.yml") == 0
        assert "no errors, no warnings" in capsys.readouterr().out


def test_wrong_options_are_one_message(tmp_path, capsys):
    assert command("new", tmp_path / "a", "--example", "hcc") == 2
    assert "unknown example 'hcc'; there is hcc-survival" in capsys.readouterr().err
    assert command("new", tmp_path / "a", "--example", "hcc-survival", "--from", "t.csv") == 2
    assert "either --example or --from" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
