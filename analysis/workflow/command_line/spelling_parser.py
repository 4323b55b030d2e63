"""A parser whose messages say what was likely meant by a misspelt command or option."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from analysis.core.spelling_hints import close_to


class SpellingParser(argparse.ArgumentParser):
    """Parser that names what is close to a command, an option or a choice that there is not."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        names = [str(each) for each in action.choices]
        commands = isinstance(action, argparse._SubParsersAction)
        what = "command" if commands else "choice"
        more = f"`{self.prog} --help` lists them" if commands else f"choose from {', '.join(names)}"
        raise argparse.ArgumentError(
            None if commands else action,
            f"there is no {what} '{value}'{close_to(str(value), names)}; {more}",
        )

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Parse all words; what no option takes is an error of the command that was named."""
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            parser = _named(self, options)
            parser.error(_words(parser, unknown))
        return options


def _named(parser: argparse.ArgumentParser, options: argparse.Namespace) -> argparse.ArgumentParser:
    """Parser of the command that was named, and of the command below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            chosen = action.choices.get(str(getattr(options, action.dest, None)))
            return parser if chosen is None else _named(chosen, options)
    return parser


def _words(parser: argparse.ArgumentParser, unknown: Sequence[str]) -> str:
    """What is not understood, and which of the command's options is close to it."""
    known = [name for action in parser._actions for name in action.option_strings]
    said = []
    for word in unknown:
        name = word.partition("=")[0]
        if name.startswith("-"):
            said.append(f"there is no option {name}{close_to(name, known)}")
    return "; ".join(
        [*(said or [f"too many words: {' '.join(unknown)}"]), f"`{parser.prog} --help` lists all"]
    )
