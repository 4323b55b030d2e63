"""A bar that shows how far work is; where nobody reads along, a line a minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any

from tqdm import tqdm

from analysis.core.durations import duration

# Seconds between two lines in a file.
BETWEEN = 60.0
# Share of the pieces that must be done before a time left is said: a first piece may be the longest
# by far, and ten times as long as the others.
ENOUGH = 0.1


class ProgressLines:
    """Progress as lines of a log file, of the form of a bar of tqdm.

    Nothing is said of what takes less than `between` seconds. iterable: what is gone through, if
    anything; total: its length; clock: seconds.
    """

    def __init__(
        self,
        iterable: Iterable[Any] | None = None,
        total: int | None = None,
        desc: str = "",
        between: float = BETWEEN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.iterable, self.desc = iterable, desc
        self.total = len(iterable) if total is None and isinstance(iterable, Sized) else total
        self.n = 0
        self._clock, self._between = clock, between
        self._began = self._last = clock()
        self._closed = False

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        try:
            for each in self.iterable or ():
                yield each
                self.update()
        finally:
            self.close()

    def update(self, n: int = 1) -> None:
        """`n` pieces more are done; says so where a minute passed."""
        self.n += n
        self._say_if_due()

    def set_postfix_str(self, words: str) -> None:
        """What is under way, which lines do not show; says where the work is if a minute passed."""
        self._say_if_due()

    def _say_if_due(self) -> None:
        now = self._clock()
        if now - self._last < self._between or self.n == self.total:
            return
        self._last = now
        gone = now - self._began
        left = (
            f", about {duration(gone * (self.total - self.n) / self.n)} left"
            if self.total and self.n >= ENOUGH * self.total
            else ""
        )
        print(f"{self._done()} in {duration(gone)}{left}", file=sys.stderr, flush=True)

    def _done(self) -> str:
        return f"{self.desc}: {self.n}" + (f" of {self.total}" if self.total else "")

    def close(self) -> None:
        """Say that it ended, where it took its time."""
        gone = self._clock() - self._began
        if self._closed or gone < self._between:
            return
        self._closed = True
        print(f"{self._done()} in {duration(gone)}, ended", file=sys.stderr, flush=True)


def progress_bar(
    iterable: Iterable[Any] | None = None,
    total: int | None = None,
    desc: str = "",
    leave: bool = True,
    shown: bool = True,
) -> Any:
    """Progress on standard error: a bar of tqdm on a terminal, else a line a minute.

    leave: whether the bar stays when it is full. shown: False for none.
    """
    if shown and not sys.stderr.isatty():
        return ProgressLines(iterable, total, desc)
    return tqdm(
        iterable,
        total=total,
        desc=desc,
        leave=leave,
        disable=not shown,
        file=sys.stderr,
        mininterval=1.0,
        dynamic_ncols=True,
    )
