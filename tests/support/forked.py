"""Runs of the command that start at once: a process that has imported everything forks one for
each, so that fifty of them take minutes.

A fork can be killed, stopped and limited as any other process; it differs from a start of the
command in the imports alone, which write nothing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

# One thread in each library: threads do not survive a fork.
THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
LOG = "log.txt"


def serve(first: str, blank: bool = False) -> None:
    """Run the study `first`, undisturbed, which imports and compiles everything; then fork a run
    for each line of standard input (JSON: arguments, folder, limits), and answer with its process's
    number. blank: runs write blank pictures, for figures that the first run alone draws."""
    from tests.support.blank_figures import blank_figures_drawn_once

    with blank_figures_drawn_once() if blank else nullcontext():
        _serve(first)


def _serve(first: str) -> None:
    from analysis.cli import main

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if main(["run", "--study", first]):
        raise SystemExit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True, file=answers)
    for line in sys.stdin:
        task = json.loads(line)
        child = os.fork()
        if child:
            print(child, flush=True, file=answers)
            continue
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # Tests that a shell runs in the background have Ctrl-C ignored, and so would have their
        # runs.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        log = os.open(Path(task["folder"]) / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for target in (1, 2):
            os.dup2(log, target)
        if task.get("largest_file"):
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (task["largest_file"], task["largest_file"]))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        code = 70
        try:
            code = main(task["arguments"])
        except BaseException as error:
            import traceback

            traceback.print_exc()
            code = 71 if not isinstance(error, SystemExit) else int(error.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            (Path(task["folder"]) / "code.txt").write_text(str(code))
            os._exit(code)


class Forks:
    """`with Forks(study) as forks: run = forks.start(folder, "run", "--study", path).wait()`.
    study: a file, run once undisturbed. blank: runs write blank pictures for figures."""

    def __init__(self, study: Path, blank: bool = False) -> None:
        self.study, self.blank = study, blank

    def __enter__(self) -> Forks:
        environment = os.environ | THREADS | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"from tests.support.forked import serve; serve({str(self.study)!r}, {self.blank})",
            ],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)

    def start(self, folder: Path, *arguments: str, largest_file: int = 0) -> Run:
        for name in (LOG, "code.txt"):
            (folder / name).unlink(missing_ok=True)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(
            json.dumps(
                {"folder": str(folder), "arguments": arguments, "largest_file": largest_file}
            )
            + "\n"
        )
        self.process.stdin.flush()
        return Run(int(self.process.stdout.readline()), folder)


class Run:
    """One command at work. code, said: its exit status and what it printed, after `wait`; code is
    None for a run that was killed."""

    def __init__(self, process: int, folder: Path) -> None:
        self.process, self.folder, self.started = process, folder, time.monotonic()

    def signal(self, number: int) -> None:
        """To the run and its workers, as a terminal does; nothing where it has ended."""
        try:
            os.killpg(self.process, number)
        except ProcessLookupError:
            pass

    @property
    def alive(self) -> bool:
        try:
            os.kill(self.process, 0)
            return True
        except ProcessLookupError:
            return False

    def wait(self, seconds: float = 120) -> Run:
        end = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > end:
                self.signal(signal.SIGKILL)
                raise TimeoutError(f"the run took longer than {seconds:g} s: {self.said[-2000:]}")
            time.sleep(0.01)
        self.seconds = time.monotonic() - self.started
        return self

    @property
    def code(self) -> int | None:
        path = self.folder / "code.txt"
        return int(path.read_text()) if path.is_file() else None

    @property
    def said(self) -> str:
        return (
            (self.folder / LOG).read_text(errors="replace") if (self.folder / LOG).is_file() else ""
        )

    @property
    def message(self) -> str:
        """The command's own lines, without bars."""
        return "\n".join(
            line
            for line in self.said.replace("\r", "\n").splitlines()
            if line.startswith("early-recurrence: ")
        )
