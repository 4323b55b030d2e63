"""Time that pieces of a run would take, from those that were computed before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType
from typing import Any

# Room of the cache.
FITS = "fits"
NONE: Mapping[tuple[str, str], float] = MappingProxyType({})


def model_of(what: str) -> str:
    """Model of a fit, `resnet18 in outer_1`."""
    return what.partition(" in ")[0]


@dataclass(frozen=True)
class Typical:
    """Typical times of computed pieces.

    seconds: (room, what) → their median, and (room, "") over all of a room. rates: (room, model) →
    median seconds for each unit of work, of pieces whose work was known.
    """

    seconds: Mapping[tuple[str, str], float]
    rates: Mapping[tuple[str, str], float]

    @classmethod
    def of(cls, timings: Sequence[Mapping[str, Any]]) -> Typical:
        """timings: as analysis.core.cache.read_timings has them."""
        seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        for each in timings:
            room, what = str(each["room"]), str(each["what"])
            for name in {what, ""}:
                seconds[room, name].append(float(each["seconds"]))
            if each.get("work"):
                rates[room, model_of(what)].append(float(each["seconds"]) / float(each["work"]))
        return cls(
            {kind: median(values) for kind, values in seconds.items()},
            {kind: median(values) for kind, values in rates.items()},
        )

    def cost(
        self, room: str, stale: Counter[str], work: Mapping[tuple[str, str], float] = NONE
    ) -> float | None:
        """Seconds of one process for stale pieces of a room; None where none like them was timed.

        stale: what → how many. work: of (room, what), where it is known: a piece then takes as long
        as its model takes for so much work, in this room or else among the fits. A network that was
        never timed takes as long as the slowest of the others for its work.
        """
        total = 0.0
        for what, count in stale.items():
            each = self._of_work(room, what, work.get((room, what)))
            if each is None:
                each = self.seconds.get((room, what), self.seconds.get((room, "")))
            if each is None:
                return None
            total += count * each
        return total

    def _of_work(self, room: str, what: str, work: float | None) -> float | None:
        if work is None:
            return None
        model = model_of(what)
        for place in (room, FITS):
            if (place, model) in self.rates:
                return self.rates[place, model] * work
        others = [rate for (place, _), rate in self.rates.items() if place in (room, FITS)]
        return max(others) * work if others else None
