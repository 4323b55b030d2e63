"""Numbers on the command line of a benchmark, such as how many samples are drawn."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def count(text: str) -> int:
    """A whole number of 1 or more, as a parser's type."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def parser_of(about: str | None) -> argparse.ArgumentParser:
    """A parser that says how a benchmark is called. about: the benchmark's docstring."""
    return argparse.ArgumentParser(
        prog=f"python -m benchmarks.{Path(sys.argv[0]).stem}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def counts(
    about: str | None, arguments: Sequence[str] | None = None, **defaults: int
) -> tuple[int, ...]:
    """Whole numbers, each by its default where it is not given.

    Anything else is reported, and ends the benchmark with exit code 2.
    """
    parser = parser_of(about)
    for name, default in defaults.items():
        parser.add_argument(
            name, nargs="?", type=count, default=default, help=f"{default} unless given"
        )
    return tuple(vars(parser.parse_args(arguments)).values())
