"""Time that pieces of a run would take, from those that were computed before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType
from typing import Any

from analysis.core.early_stopping import share_of_epochs

# Room of the cache.
FITS = "fits"
NONE: Mapping[tuple[str, str], float] = MappingProxyType({})


def model_of(what: str) -> str:
    """Model of a fit, `resnet18 in outer_1`."""
    return what.partition(" in ")[0]


@dataclass(frozen=True)
class Typical:
    """Typical times of computed pieces.

    seconds: (room, what) → their median, and (room, "") over all of a room whose work was not
    known. rates: (room, model) → median seconds for each unit of work that was done, of pieces
    whose work was known. stops: whether networks may stop early. share: of its work that a
    network does then, by those that were timed; None where none was.
    """

    seconds: Mapping[tuple[str, str], float]
    rates: Mapping[tuple[str, str], float]
    stops: bool = False
    share: float | None = None

    @classmethod
    def of(cls, timings: Sequence[Mapping[str, Any]], stops: bool = False) -> Typical:
        """timings: as analysis.core.cache.read_timings has them.

        stops: whether networks of the study may stop early.
        """
        seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        for each in timings:
            room, what, work = str(each["room"]), str(each["what"]), each.get("work")
            seconds[room, what].append(float(each["seconds"]))
            if not work:
                seconds[room, ""].append(float(each["seconds"]))
                continue
            work = float(work) * float(each.get("done") or 1.0)
            rates[room, model_of(what)].append(float(each["seconds"]) / work)
        return cls(
            {kind: median(values) for kind, values in seconds.items()},
            {kind: median(values) for kind, values in rates.items()},
            stops,
            share_of_epochs(timings) if stops else None,
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

    def _share_of(self, place: str) -> float:
        """Of fits: the time of a permutation holds what its networks left out."""
        return (self.share or 1.0) if place == FITS else 1.0

    def _of_work(self, room: str, what: str, work: float | None) -> float | None:
        if work is None:
            return None
        model = model_of(what)
        for place in (room, FITS):
            if (place, model) in self.rates:
                return self.rates[place, model] * work * self._share_of(place)
        others = [
            rate * self._share_of(place)
            for (place, _), rate in self.rates.items()
            if place in (room, FITS)
        ]
        return max(others) * work if others else None
