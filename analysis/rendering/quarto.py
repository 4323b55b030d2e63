"""Finding Quarto, or obtaining it once where the network allows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE_SECONDS = 60


def _starts(program: str | None) -> bool:
    if program is None:
        return False
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=PATIENCE_SECONDS).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _beside_python() -> str | None:
    return shutil.which("quarto", path=str(Path(sys.executable).parent))


def find_quarto(obtain: bool = True) -> str | None:
    """Path of a Quarto that starts, else None.

    Where there is none, `quarto-cli` from PyPI is tried once for this environment: it downloads Quarto, which fails
    behind many hospital firewalls. The attempt is quiet, takes a minute at the most and is remembered.
    EARLY_RECURRENCE_NO_DOWNLOAD=1 leaves it out.
    """
    for program in (shutil.which("quarto"), _beside_python()):
        if _starts(program):
            return program
    remembered = Path(sys.prefix) / ".quarto-not-obtained"
    inside_environment = sys.prefix != sys.base_prefix
    if not obtain or not inside_environment or remembered.exists() or os.environ.get("EARLY_RECURRENCE_NO_DOWNLOAD"):
        return None
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    try:
        subprocess.run([*pip, "install", "--no-input", "quarto-cli"], capture_output=True, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.SubprocessError):
        pass
    program = _beside_python()
    if _starts(program):
        return program
    subprocess.run([*pip, "uninstall", "--yes", "quarto-cli"], capture_output=True, timeout=PATIENCE_SECONDS)
    remembered.write_text("quarto-cli could not be installed here; delete this file to try again\n")
    return None
