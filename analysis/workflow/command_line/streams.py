"""What is said, where: `--quiet` leaves out progress and notes, `--log FILE` keeps everything."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

# Seconds between two lines of one progress bar in the log.
BETWEEN = 60.0


class LogFile:
    """Lines with their time, at the end of a file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def line(self, text: str) -> None:
        """Write one line, with the time before it; it is in the file at once."""
        if text.strip():
            self._file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {text.rstrip()}\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Stream:
    """A stream of this process that is shown, kept in a log, or both.

    A progress bar writes its states over each other, with a carriage return before each: the log
    gets one a minute, and the last.
    """

    def __init__(self, stream: TextIO, log: LogFile | None, shown: bool) -> None:
        self._stream, self._log, self._shown = stream, log, shown
        self._line, self._bar = "", time.monotonic()

    def write(self, text: str) -> int:
        """Write to wherever it belongs."""
        if self._shown:
            self._stream.write(text)
        if self._log is not None:
            self._keep(text)
        return len(text)

    def insist(self, text: str) -> None:
        """Write an error, which is shown whatever else is not."""
        if not self._shown:
            self._stream.write(text)
        self.write(text)

    def _keep(self, text: str) -> None:
        assert self._log is not None
        *whole, self._line = (self._line + text).split("\n")
        for line in whole:
            self._log.line(line.rsplit("\r", 1)[-1])
        if "\r" in self._line:
            self._line = self._line.rstrip("\r").rsplit("\r", 1)[-1]
            if time.monotonic() - self._bar >= BETWEEN:
                self._bar = time.monotonic()
                self._log.line(self._line)

    def finish(self) -> None:
        """Keep a last line that has no end."""
        if self._log is not None:
            self._log.line(self._line)
            self._line = ""

    def isatty(self) -> bool:
        """Whether somebody reads along: never where nothing is shown."""
        return self._shown and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def streams(quiet: bool, log: Path | None, command: str) -> Iterator[None]:
    """Say what is said inside where it belongs. command: the first line of its log."""
    if not quiet and log is None:
        yield
        return
    file = LogFile(log) if log is not None else None
    before = sys.stdout, sys.stderr
    out, err = Stream(sys.stdout, file, True), Stream(sys.stderr, file, not quiet)
    sys.stdout, sys.stderr = out, err  # type: ignore[assignment]
    try:
        if file is not None:
            file.line(command)
        yield
    finally:
        for stream in (out, err):
            stream.finish()
        sys.stdout, sys.stderr = before
        if file is not None:
            file.close()
