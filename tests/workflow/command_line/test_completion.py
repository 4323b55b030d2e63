"""The scripts that complete the command line: bash's is run."""

import shutil
import subprocess

import pytest

from tests.support.command_line import command


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    from analysis.workflow.command_line.completion import bash_script
    from analysis.workflow.command_parser import command_parser

    path = tmp_path_factory.mktemp("completion") / "script"
    path.write_text(bash_script(command_parser()))
    return path


def completed(script, *words):
    """Replies of bash to the last word."""
    array = " ".join(f"'{word}'" for word in words)
    lines = (
        f". {script}; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; _early_recurrence;"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["re"], ["report", "render", "redline"]),
        (["run", "--k"], ["--keep-going"]),
        (["report", "--format", "d"], ["docx"]),
        (["manuscript", "o"], ["own"]),
        (["manuscript", "update", "--t"], ["--take"]),
        (["--quiet", "ver"], ["verify"]),
        (["run", "--study", "x.yml", "--no"], ["--no-wait"]),
        (["completion", "f"], ["fish"]),
        (["check", "--study", "nothing"], []),
    ],
)
def test_bash_completes(script, words, expected):
    assert sorted(completed(script, "early-recurrence", *words)) == sorted(expected)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script_of_all_commands(shell, capsys):
    from analysis.cli import COMMANDS

    assert command("completion", shell) == 0
    text = capsys.readouterr().out
    for name in COMMANDS:
        assert name in text
    if shutil.which(shell) is not None:
        done = subprocess.run([shell, "-n"], input=text, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
