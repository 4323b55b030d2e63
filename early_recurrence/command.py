"""Entry of the command `early-recurrence`.

Importing this package has loaded its own `analysis`, and not a folder of that name where the
command is called.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command with the words of the command line; its exit status."""
    # Imported here: the command line is read only where the command is called.
    from analysis.cli import main as run_command

    try:
        return run_command()
    finally:
        # Loaded by a command that had work for others.
        processes = sys.modules.get("analysis.core.processes")
        if processes is not None:
            processes.end_processes()
