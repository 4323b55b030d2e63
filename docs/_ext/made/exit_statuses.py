"""The exit statuses of the commands, from the code."""

from __future__ import annotations

from analysis.workflow.command_line.exit_statuses import MEANINGS


def page() -> str:
    """A table of them."""
    rows = [f"| {status} | {words} |" for status, words in MEANINGS.items()]
    return "| status | meaning |\n|---|---|\n" + "\n".join(rows) + "\n"
