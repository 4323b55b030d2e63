"""Help of the command line: commands in groups, and below each command an example.

Built with argparse, as are all commands: it comes with Python, so that a check or a completion
starts at once and the pinned environment has one package less. Click and Typer would add nothing
that is used here: groups, examples and completion are these few files.
"""

from __future__ import annotations

import argparse
import textwrap

from analysis.workflow.command_line.exit_statuses import MEANINGS
from analysis.workflow.command_line.groups import EXAMPLES, GROUPS
from analysis.workflow.command_line.spelling_parser import SpellingParser

WIDTH = 100


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Parsers of a parser's commands, by name; empty where it has none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def summaries(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Summary of each command of a parser, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return {each.dest: each.help or "" for each in action._choices_actions}
    return {}


def _rows(pairs: dict[str, str]) -> str:
    width = max(map(len, pairs)) + 4
    return "\n".join(
        textwrap.fill(
            words,
            WIDTH,
            initial_indent=f"  {name}".ljust(width),
            subsequent_indent=" " * width,
            break_on_hyphens=False,
        )
        for name, words in pairs.items()
    )


def grouped_help(parser: argparse.ArgumentParser) -> str:
    """Help of the whole command line: each group's commands with their summaries."""
    said = summaries(parser)
    parts = [parser.format_usage().strip(), parser.description or ""]
    parts += [
        f"{group}:\n" + _rows({name: said[name] for name in names})
        for group, names in GROUPS.items()
    ]
    options = {
        ", ".join(action.option_strings)
        + (f" {action.metavar}" if action.metavar else ""): action.help or ""
        for action in parser._actions
        if action.option_strings
    }
    parts.append("Options, before or after the command:\n" + _rows(options))
    statuses = {str(status): words for status, words in MEANINGS.items()}
    parts.append("Exit status:\n" + _rows(statuses))
    parts.append(
        "A study file that is not named is study.yml here, or in the nearest folder above that has"
        " one.\n`early-recurrence COMMAND --help` explains a command, with an example."
    )
    return "\n\n".join(parts) + "\n"


class GroupedParser(SpellingParser):
    """Parser whose help lists its commands in groups."""

    def format_help(self) -> str:
        """The grouped help."""
        return grouped_help(self)


def describe(parser: argparse.ArgumentParser, before: str = "") -> None:
    """Give every command below a parser its summary as description, and its example."""
    said = summaries(parser)
    for name, sub in subcommands(parser).items():
        words = said[name]
        sub.description = f"{words[:1].upper()}{words[1:]}."
        if (example := EXAMPLES.get(f"{before}{name}")) is not None:
            sub.epilog = f"Example: {example}"
        describe(sub, f"{before}{name} ")
