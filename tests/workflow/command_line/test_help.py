"""Help, version and the example of each command."""

import shlex
from pathlib import Path

import pytest

from analysis.cli import COMMANDS
from analysis.workflow.command_line.exit_statuses import MEANINGS
from analysis.workflow.command_line.groups import EXAMPLES, GROUPS
from analysis.workflow.command_line.help_pages import subcommands
from analysis.workflow.command_parser import command_parser
from tests.support.command_line import command


def every_command(parser, before=""):
    for name, sub in subcommands(parser).items():
        yield f"{before}{name}"
        yield from every_command(sub, f"{before}{name} ")


def test_each_command_is_in_one_group():
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(COMMANDS)
    assert sorted(grouped) == sorted(subcommands(command_parser()))


@pytest.mark.parametrize("name", list(every_command(command_parser())))
def test_each_command_has_an_example_that_its_parser_takes(name, capsys):
    words = shlex.split(EXAMPLES[name].partition(" > ")[0])
    assert words[0] == "early-recurrence"
    options = command_parser().parse_args(words[1:])
    assert " ".join(words[1:]).startswith(name)
    assert options.command == name.split()[0]
    with pytest.raises(SystemExit) as ended:
        command(*name.split(), "--help")
    assert ended.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"Example: {EXAMPLES[name]}" in text


def test_help_lists_groups_and_exit_statuses_without_colours(capsys):
    with pytest.raises(SystemExit):
        command("--help")
    text = capsys.readouterr().out
    for group, names in GROUPS.items():
        assert f"\n{group}:\n" in text
        for name in names:
            assert f"\n  {name} " in text
    for status in MEANINGS:
        assert f"\n  {status} " in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_version_is_that_of_the_package(capsys):
    from importlib.metadata import version

    with pytest.raises(SystemExit) as ended:
        command("--version")
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"early-recurrence {version('hcc-early-recurrence')}"


def test_report_takes_what_run_and_render_take():
    parsers = subcommands(command_parser())

    def options(name):
        return {word for action in parsers[name]._actions for word in action.option_strings}

    assert options("run") | options("render") == options("report")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chek"], "there is no command 'chek' (did you mean 'check'?)"),
        (["manuscript", "lst"], "there is no command 'lst' (did you mean 'list'?)"),
        (
            ["check", "--studdy", "x"],
            "check: error: there is no option --studdy (did you mean '--study'",
        ),
        (["new", "--form", "a.xlsx", "b"], "there is no option --form (did you mean '--from'"),
        (["manuscript", "list", "--studi=x"], "there is no option --studi (did you mean '--study'"),
        (["render", "--format", "pfd"], "there is no choice 'pfd' (did you mean 'pdf'?); choose"),
        (["render", "--format", "htm"], "there is no choice 'htm' (did you mean 'html'?); choose"),
        (["scores", "albi"], "too many words: albi"),
    ],
)
def test_what_is_misspelt_gets_what_is_close(words, message, capsys):
    with pytest.raises(SystemExit) as ended:
        command_parser().parse_args(words)
    assert ended.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_study_is_named_before_or_after_the_action():
    for words in (["--study", "a.yml", "list"], ["list", "--study", "a.yml"]):
        assert command_parser().parse_args(["manuscript", *words]).study == Path("a.yml")
    assert command_parser().parse_args(["manuscript", "list"]).study is None
