"""The reference of the commands, from their parsers."""

from __future__ import annotations

import argparse
import re

from analysis.workflow.command_line.groups import ACTIONS, GROUPS
from analysis.workflow.command_line.help_pages import subcommands, summaries
from analysis.workflow.command_parser import command_parser

# Of every command; said once.
GENERAL = ("--quiet", "--log", "--help")


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{(action.metavar or action.dest).upper()}`"
    words = ", ".join(action.option_strings)
    if action.nargs == 0:
        return f"`{words}`"
    value = action.metavar or (
        "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    )
    return f"`{words} {value}`"


def _default(action: argparse.Action) -> str:
    if action.required:
        return "required"
    if action.default in (None, False, argparse.SUPPRESS, []):
        return ""
    return f"`{action.default}`"


def _text(words: str) -> str:
    """Help as Markdown: no sign of it is meant."""
    return re.sub(r"([|*_<>])", r"\\\1", words.replace("%%", "%"))


def _options(parser: argparse.ArgumentParser) -> str:
    rows = [
        f"| {_name(action).replace('|', ' or ')} | {_text(action.help or '')} |"
        f" {_default(action)} |"
        for action in parser._actions
        if not isinstance(action, (argparse._HelpAction, argparse._SubParsersAction))
        and not {*action.option_strings} & {*GENERAL}
    ]
    head = "| argument | meaning | default |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n" if rows else "No arguments.\n"


def _of(name: str, parser: argparse.ArgumentParser, summary: str, level: int) -> list[str]:
    """Heading, summary, example and arguments of a command, and of those below it."""
    example = ACTIONS.get(name) or next(
        (group[name] for group in GROUPS.values() if name in group), None
    )
    parts = [f"{'#' * level} `{name}`\n\n{_text(summary[:1].upper() + summary[1:])}."]
    parts += [f"Example: `{example}`"] if example else []
    parts.append(_options(parser))
    said = summaries(parser)
    for action, sub in subcommands(parser).items():
        parts += _of(f"{name} {action}", sub, said[action], level + 1)
    return parts


def names(parser: argparse.ArgumentParser | None = None) -> list[str]:
    """Every command, `manuscript list` among them."""
    parser, found = parser or command_parser(), []
    for name, sub in subcommands(parser).items():
        found += [name, *(f"{name} {each}" for each in names(sub))]
    return found


def page() -> str:
    """All commands in their groups, with their arguments."""
    parser = command_parser()
    parsers, said = subcommands(parser), summaries(parser)
    parts = []
    for group, members in GROUPS.items():
        parts.append(f"## {group}")
        for name in members:
            parts += _of(name, parsers[name], said[name], 3)
    return "\n\n".join(parts)
