"""Sphinx extension: pages of the reference, written from the code when the site is built.

    ```{made} commands
    ```

is replaced by the Markdown that `made.commands.page()` returns.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

FENCE = re.compile(r"^```\{made\} *(\w+)\n```$", re.MULTILINE)


def made(name: str) -> str:
    """Markdown of one page of the reference."""
    return import_module(f"made.{name}").page()


def _replace(_: Any, __: str, text: list[str]) -> None:
    text[0] = FENCE.sub(lambda match: made(match[1]), text[0])


def _read_again(app: Any, env: Any, *_: Any) -> list[str]:
    return [
        name
        for name in env.found_docs
        if FENCE.search(env.doc2path(name).read_text(encoding="utf-8"))
    ]


def _without_bars(_: Any, __: str, ___: str, ____: Any, _____: Any, lines: list[str]) -> None:
    """|x| in a docstring is an absolute value, and no substitution."""
    lines[:] = [line.replace("|", "\\|") for line in lines]


def setup(app: Any) -> dict[str, bool]:
    """Connect to the build."""
    app.connect("source-read", _replace)
    app.connect("autodoc-process-docstring", _without_bars)
    app.connect("env-get-outdated", _read_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
