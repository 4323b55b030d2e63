"""Finding Quarto, or obtaining it once where the network allows, and rendering with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.core.progress_bar import progress_bar
from analysis.core.yaml_file import read_yaml
from analysis.reporting.rendering.quarto_words import COLOUR, STEP, reason, warnings

PATIENCE_SECONDS = 60
# The project's names of the formats, in the order in which paths are given: Quarto's names and the
# suffixes of its files.
FORMATS = {"html": "html", "docx": "docx", "pdf": "typst", "jats": "jats"}
SUFFIXES = {"html": "html", "docx": "docx", "pdf": "pdf", "jats": "xml"}


def _succeeds(command: Sequence[str]) -> bool:
    """Whether a command ends well within a minute.

    It is ended with all that it started when it takes longer.
    """
    try:
        process = subprocess.Popen(
            command,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        return process.wait(timeout=PATIENCE_SECONDS) == 0
    except BaseException as error:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            return False
        raise


def _installed() -> str | None:
    """First Quarto that starts.

    It is the one that EARLY_RECURRENCE_QUARTO names, on the PATH, or beside this Python.
    """
    named = os.environ.get("EARLY_RECURRENCE_QUARTO")
    candidates = (
        [named]
        if named
        else [shutil.which("quarto"), shutil.which("quarto", path=str(Path(sys.executable).parent))]
    )
    return next((each for each in candidates if each and _succeeds([each, "--version"])), None)


def find_quarto(obtain: bool = True) -> str | None:
    """Path of a Quarto that starts, else None.

    obtain: where there is none, try `quarto-cli` from PyPI once for this environment. It downloads
    Quarto, which fails behind many hospital firewalls; the attempt is quiet, takes a minute at the
    most and is remembered beside the environment's packages. EARLY_RECURRENCE_NO_DOWNLOAD=1 leaves
    it out, and it is only made inside a virtual environment.
    """
    program = _installed()
    remembered = Path(sys.prefix) / ".quarto-not-obtained"
    inside_environment = sys.prefix != sys.base_prefix
    if (
        program
        or not obtain
        or not inside_environment
        or remembered.exists()
        or os.environ.get("EARLY_RECURRENCE_NO_DOWNLOAD")
    ):
        return program
    print(
        "Quarto is not on the PATH; trying to obtain it from PyPI (once, a minute at the most) ...",
        file=sys.stderr,
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    installed = _succeeds([*pip, "install", "--no-input", "quarto-cli"])
    program = _installed()
    if program is None:
        if installed:
            _succeeds([*pip, "uninstall", "--yes", "quarto-cli"])
        remembered.write_text(
            "quarto-cli could not be installed here; delete this file to try again\n",
            encoding="utf-8",
        )
    return program


@dataclass(frozen=True)
class QuartoRun:
    """failed: why Quarto did not render, None where it did; warnings: what it warned of."""

    failed: str | None = None
    warnings: tuple[str, ...] = ()


def _run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Exit status and all that was said; meanwhile a bar over the documents."""
    said = []
    options: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }
    with (
        subprocess.Popen(
            command, cwd=folder, env=environment, text=True, errors="replace", **options
        ) as process,
        progress_bar(desc="rendering with Quarto", leave=False) as bar,
    ):
        for line in process.stdout or ():
            said.append(line)
            if step := STEP.match(COLOUR.sub("", line)):
                bar.total, bar.n = int(step[2]), int(step[1]) - 1
                bar.set_postfix_str(Path(step[3]).name)
    return process.returncode, "".join(said)


def _others(project: Path) -> set[str]:
    """Formats of _quarto.yml that are not the package's."""
    path = project / "_quarto.yml"
    settings = (read_yaml(path, ValueError) if path.is_file() else None) or {}
    named = settings.get("format")
    return set(named) - set(FORMATS.values()) if isinstance(named, dict) else set()


def render_with_quarto(program: str, project: Path, formats: Sequence[str]) -> QuartoRun:
    """Render the project in all `formats`, and say why Quarto did not, where it did not.

    All formats go in one call: a second call may clean what the first one wrote to the output
    folder. Where _quarto.yml has a format beside them, such as that of a journal's extension, each
    goes in a call of its own, so that the other is neither rendered nor taken away, and one that
    this machine can't make (LaTeX) stops nothing.
    """
    search_path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = dict(os.environ, PATH=search_path, QUARTO_PYTHON=sys.executable)
    calls = (
        [[]]
        if set(formats) == set(FORMATS) and not _others(project)
        else [["--to", FORMATS[name], "--no-clean"] for name in formats]
    )
    warned: list[str] = []
    for options in calls:
        try:
            status, said = _run([program, "render", *options], project, environment)
        except OSError as error:
            return QuartoRun(str(error), tuple(warned))
        warned += warnings(said)
        if status != 0:
            failed = reason(said) or f"it ended with status {status}"
            return QuartoRun(failed, tuple(dict.fromkeys(warned)))
    return QuartoRun(None, tuple(dict.fromkeys(warned)))
