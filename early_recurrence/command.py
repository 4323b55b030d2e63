"""Entry of the command `early-recurrence`."""

from __future__ import annotations

from early_recurrence.ours import load_own


def main() -> int:
    """Run the command of this package, not that of a folder called `analysis` where it is
    called."""
    load_own("analysis")
    load_own("models")
    from analysis.cli import main as run_command

    return run_command()
