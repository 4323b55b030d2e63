"""Completion of the command line by a shell: scripts made from the parsers.

A script holds the words of all commands, so that completing starts no Python.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from analysis.workflow.command_line.help_pages import subcommands, summaries

PROGRAM = "early-recurrence"


@dataclass(frozen=True)
class Words:
    """Words that may follow a command.

    actions: its own commands; options: its options; choices: option → values it takes.
    """

    actions: tuple[str, ...]
    options: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]


def _own(parser: argparse.ArgumentParser) -> Words:
    options = [action for action in parser._actions if action.option_strings]
    choices = {
        name: tuple(map(str, action.choices))
        for action in options
        if action.choices
        for name in action.option_strings
    }
    positional = [
        str(choice)
        for action in parser._actions
        if not action.option_strings
        and not isinstance(action, argparse._SubParsersAction)
        and action.choices
        for choice in action.choices
    ]
    names = tuple(name for action in options for name in action.option_strings)
    return Words((*subcommands(parser), *positional), names, choices)


def words_of(parser: argparse.ArgumentParser, before: str = "") -> dict[str, Words]:
    """Words after every command of a parser, by the command (`manuscript list`; "" for none)."""
    found = {before: _own(parser)}
    for name, sub in subcommands(parser).items():
        found |= words_of(sub, f"{before} {name}".strip())
    return found


def bash_script(parser: argparse.ArgumentParser) -> str:
    """Script for bash: commands, options and their values, else files."""
    cases, values = [], []
    for command, words in words_of(parser).items():
        cases.append(f'    "{command}") words="{" ".join((*words.actions, *words.options))}" ;;')
        values += [
            f'    "{command} {option}") words="{" ".join(choices)}" ;;'
            for option, choices in words.choices.items()
        ]
    lines = [
        f"# Completion of {PROGRAM} in bash: source this file from ~/.bashrc.",
        "_early_recurrence() {",
        '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
        '  local command="" words="" word',
        '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
        '    case "$command $word" in',
        *[
            f'      "{parent} {name}") command="{f"{parent} {name}".strip()}" ;;'
            for parent, sub in _commands(parser)
            for name in sub
        ],
        "    esac",
        "  done",
        '  case "$command $before" in',
        *values,
        "  esac",
        '  if [ -z "$words" ]; then case "$command" in',
        *cases,
        "  esac; fi",
        '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
        "}",
        f"complete -o default -o bashdefault -F _early_recurrence {PROGRAM}",
    ]
    return "\n".join(lines) + "\n"


def _commands(
    parser: argparse.ArgumentParser, before: str = ""
) -> list[tuple[str, tuple[str, ...]]]:
    """(command, its own commands) for each that has any; the whole command line is "" ."""
    subs = subcommands(parser)
    found = [(before, tuple(subs))] if subs else []
    for name, sub in subs.items():
        found += _commands(sub, f"{before} {name}".strip())
    return found


def zsh_script(parser: argparse.ArgumentParser) -> str:
    """Script for zsh, which runs that of bash."""
    return (
        f"# Completion of {PROGRAM} in zsh: source this file from ~/.zshrc.\n"
        "autoload -U +X compinit && compinit\n"
        "autoload -U +X bashcompinit && bashcompinit\n" + bash_script(parser).partition("\n")[2]
    )


def _quoted(words: str) -> str:
    """Text as fish reads it within single quotes."""
    return words.replace("%%", "%").replace("\\", "\\\\").replace("'", "\\'")


def fish_script(parser: argparse.ArgumentParser) -> str:
    """Script for fish: commands with what they do, and their options."""
    lines = [
        f"# Completion of {PROGRAM} in fish: save it as ~/.config/fish/completions/{PROGRAM}.fish."
    ]
    for command, _ in _commands(parser):
        said = summaries(_parser(parser, command))
        others = " ".join(said)
        seen = f"not __fish_seen_subcommand_from {others}"
        when = f"__fish_seen_subcommand_from {command}; and {seen}" if command else seen
        lines += [
            f"complete -c {PROGRAM} -n '{when}' -a {name} -d '{_quoted(words)}'"
            for name, words in said.items()
        ]
    for command, words in words_of(parser).items():
        when = f"__fish_seen_subcommand_from {command.split()[-1]}" if command else "true"
        for option in words.options:
            form = f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
            values = f" -xa '{' '.join(words.choices[option])}'" if option in words.choices else ""
            lines.append(f"complete -c {PROGRAM} -n '{when}' {form}{values}")
    return "\n".join(lines) + "\n"


def _parser(parser: argparse.ArgumentParser, command: str) -> argparse.ArgumentParser:
    for name in command.split():
        parser = subcommands(parser)[name]
    return parser


SCRIPTS: dict[str, Callable[[argparse.ArgumentParser], str]] = {
    "bash": bash_script,
    "zsh": zsh_script,
    "fish": fish_script,
}
