"""An inline expression that gives nothing: Quarto prints the source of one whose value is empty."""

from __future__ import annotations

from IPython import get_ipython
from IPython.display import Markdown

# An empty value as Markdown; results.lua takes it out with the space beside it.
NOTHING = "[]{.nothing}"


def show_nothing_as_nothing() -> None:
    """In a kernel, give an empty Markdown or text a representation that is not empty.

    Elsewhere it does nothing.

    Quarto's executeInlineCodeHandler (1.9, src/core/execute-inline.ts) replaces an expression only
    where its result is true in JavaScript, which an empty text is not.
    """
    shell = get_ipython()
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["text/markdown"]
    formatter.for_type(
        Markdown, lambda shown: shown._repr_markdown_() if str(shown.data).strip() else NOTHING
    )
    formatter.for_type(str, lambda text: None if text.strip() else NOTHING)
