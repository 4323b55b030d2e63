"""Wall time of a run by stage, for `--timings`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from analysis.core.durations import duration

# A stage that takes less than this is counted among the rest.
LEAST_SECONDS = 0.5
REST = "everything else"


@dataclass
class Stages:
    """Wall time of each stage in seconds, in the order in which stages began.

    A stage within another is taken out of the outer one, so that no second counts twice. Stages of
    another thread, which run beside those of the main one, are not counted.
    """

    clock: Callable[[], float] = time.perf_counter
    seconds: dict[str, float] = field(default_factory=dict)
    _inner: list[float] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Context whose time counts as stage `name`; the same name again adds to it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        began = self.clock()
        self.seconds.setdefault(name, 0.0)
        self._inner.append(0.0)
        try:
            yield
        finally:
            whole = self.clock() - began
            self.seconds[name] += whole - self._inner.pop()
            if self._inner:
                self._inner[-1] += whole

    def table(self, whole: float) -> str:
        """Stage, time and share of `whole` seconds, a line each, longest first."""
        shown = {name: each for name, each in self.seconds.items() if each >= LEAST_SECONDS}
        rest = whole - sum(shown.values())
        ordered = sorted(shown.items(), key=lambda item: -item[1])
        rows = [*ordered, (REST, max(rest, 0.0)), ("together", whole)]
        width = max(len(name) for name, _ in rows)
        return "\n".join(
            f"{name:<{width}}  {duration(each):>8}  {100 * each / whole if whole else 0:5.1f}%"
            for name, each in rows
        )


# Of this process, from its start.
STAGES = Stages()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Context whose time counts as stage `name` of this process."""
    with STAGES.stage(name):
        yield
