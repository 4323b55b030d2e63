"""`--quiet`, `--log`, and the study file that a command finds."""

import sys

import pytest

from analysis.core.project_folder import find_study
from analysis.workflow.command_line.streams import LogFile, Stream, streams
from tests.support.command_line import command


def test_quiet_leaves_out_notes_and_keeps_results_and_errors(tmp_path, capsys):
    log = tmp_path / "logs" / "log.txt"
    with streams(True, log, "early-recurrence run"):
        print("a result")
        print("a note", file=sys.stderr)
        sys.stderr.insist("an error\n")
    out, err = capsys.readouterr()
    assert (out, err) == ("a result\n", "an error\n")
    lines = [line.split("  ", 1)[1] for line in log.read_text().splitlines()]
    assert lines == ["early-recurrence run", "a result", "a note", "an error"]


def test_a_bar_is_one_line_of_the_log(tmp_path):
    class Silent:
        def write(self, text):
            return len(text)

    log = LogFile(tmp_path / "log.txt")
    stream = Stream(Silent(), log, True)
    for state in ("\rfits: 1/3", "\rfits: 2/3", "\rfits: 3/3", "\n", "without an end"):
        stream.write(state)
    stream.finish()
    log.close()
    lines = [line.split("  ", 1)[1] for line in (tmp_path / "log.txt").read_text().splitlines()]
    assert lines == ["fits: 3/3", "without an end"]


def test_options_stand_before_or_after_the_command(tmp_path, capsys):
    log = tmp_path / "log.txt"
    assert command("--log", log, "run", "--study", tmp_path / "none.yml") == 2
    assert command("run", "--quiet", "--study", tmp_path / "none.yml", "--log", log) == 2
    assert capsys.readouterr().err.count("no such study file") == 2
    text = log.read_text()
    assert text.count("no such study file") == 2
    assert f"early-recurrence --log {log} run" in text


def test_a_log_that_cannot_be_written_is_one_message(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert command("scores", "--log", tmp_path / "file" / "log.txt") == 2
    assert capsys.readouterr().err.startswith("early-recurrence: ")


def test_the_nearest_study_file_is_found(tmp_path, monkeypatch, capsys):
    inner = tmp_path / "mine" / "data" / "images"
    inner.mkdir(parents=True)
    (tmp_path / "mine" / "study.yml").write_text("study: {nam: x}\n")
    assert find_study(inner).as_posix() == "../../study.yml"
    assert find_study(tmp_path / "mine").as_posix() == "study.yml"
    monkeypatch.chdir(inner)
    assert command("check") == 2
    assert "study.yml, line 1" in " ".join(capsys.readouterr().out.split())
    # A folder stands for its study file.
    assert command("check", "--study", tmp_path / "mine") == 2
    assert "study.yml, line 1" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("page", ["index", "supplement"])
def test_open_prints_the_page_or_says_how_it_is_made(page, tmp_path, capsys):
    from tests.support.fake_kinds import LIVER
    from tests.support.fake_results import write_fake_study

    study = write_fake_study(LIVER, tmp_path)
    assert command("open", page, "--study", study) == 2
    assert "`early-recurrence render` renders" in capsys.readouterr().err
    made = tmp_path / "outputs" / "report" / f"{page}.html"
    made.parent.mkdir()
    made.write_text("<p>page</p>")
    assert command("open", page, "--study", study) == 0
    assert capsys.readouterr().out.strip() == str(made)


def test_a_study_file_that_is_none_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.full.yml").write_text("study: {}\n")
    assert command("status", "--study", ".") == 2
    assert "study.yml: no such study file; its folder has study.full.yml" in capsys.readouterr().err
    assert command("status", "--study", "nowhere/study.yml") == 2
    assert "as there is no folder nowhere" in capsys.readouterr().err
    (tmp_path / "bundle.zip").write_bytes(b"PK\x03\x04\x00\x00")
    assert command("status", "--study", "bundle.zip") == 2
    assert "bundle.zip is a workbook, a zip or a PDF, and no text" in capsys.readouterr().err
    assert command("verify", ".") == 2
    assert "is a folder; name the zip itself" in capsys.readouterr().err
