"""Entry of the command `early-recurrence`.

Importing this package has loaded its own `analysis`, and not a folder of that name where the
command is called.
"""

from __future__ import annotations


def main() -> int:
    """Run the command with the words of the command line; its exit status."""
    # Imported here: the command line is read only where the command is called.
    from analysis.cli import main as run_command
    from analysis.core.processes import end_processes

    try:
        return run_command()
    finally:
        end_processes()
