"""The reference of the commands, from their parsers."""

from __future__ import annotations

import argparse
import re

from analysis.workflow.command_parser import command_parser


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _summaries(parser: argparse.ArgumentParser) -> dict[str, str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return {each.dest: each.help or "" for each in action._choices_actions}
    return {}


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
    ]
    head = "| argument | meaning | default |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n" if rows else "No arguments.\n"


def _of(parser: argparse.ArgumentParser, before: str, level: int) -> list[str]:
    summaries, parts = _summaries(parser), []
    for name, sub in _subcommands(parser).items():
        summary = summaries.get(name, "")
        summary = summary[:1].upper() + summary[1:]
        parts.append(f"{'#' * level} `{before}{name}`\n\n{_text(summary)}.\n")
        inner = _of(sub, f"{before}{name} ", level + 1)
        parts.append(_options(sub))
        parts += inner
    return parts


def names(parser: argparse.ArgumentParser | None = None) -> list[str]:
    """Every command, `manuscript list` among them."""
    parser, found = parser or command_parser(), []
    for name, sub in _subcommands(parser).items():
        found += [name, *(f"{name} {each}" for each in names(sub))]
    return found


def page() -> str:
    """All commands with their arguments."""
    return "\n\n".join(_of(command_parser(), "", 2))
