"""One number of the paper, and the flat, sorted, diffable list of all of them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.core.cache import write_atomically


@dataclass(frozen=True)
class Record:
    """key names the number; source is the function that made it. Absent parts are None."""

    key: str
    value: float | int | str | None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    n: int | None = None
    unit: str | None = None
    method: str | None = None
    source: str | None = None

    @property
    def number(self) -> float:
        """The value of a record that is a number. Raises TypeError where it is undefined,
        ValueError where it is text."""
        if self.value is None:
            raise TypeError(f"results: '{self.key}' has no value")
        return float(self.value)


def _plain(value: Any) -> Any:
    """JSON has no NaN and no NumPy: an undefined number is null. Twelve digits are kept, so that a
    last bit that differs between runs of a multi-threaded library is no difference of the paper."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    return value


class Records:
    """Collects records; a key can be given once. records: those that are there already."""

    def __init__(self, records: Mapping[str, Record] | None = None) -> None:
        self._records: dict[str, Record] = dict(records or {})

    def add(self, key: str, value: Any, *, estimate: Any = None, **parts: Any) -> None:
        """Add a value, or an estimate with ci_low, ci_high and n. Raises ValueError for a key given
        twice."""
        if estimate is not None:
            for name in ("ci_low", "ci_high", "n"):
                if parts.get(name) is None:
                    parts[name] = getattr(estimate, name, None)
        self.put(Record(key, _plain(value), **{name: _plain(each) for name, each in parts.items()}))

    def put(self, record: Record) -> None:
        """Add a record that was made before. Raises ValueError for a key given twice."""
        if record.key in self._records:
            raise ValueError(f"results: key '{record.key}' was given twice")
        self._records[record.key] = record

    def attempt(self, key: str, compute: Callable[[], Any], *, method: str, **parts: Any) -> None:
        """Add what `compute` returns, a number or an estimate; where the data do not allow it
        (ValueError), an undefined number whose method says why, so that nothing is left out
        silently."""
        try:
            found = compute()
        except ValueError as reason:
            self.add(key, None, method=f"{method}; not estimable: {reason}", **parts)
            return
        value = next(
            (getattr(found, name) for name in ("value", "auc") if hasattr(found, name)), found
        )
        self.add(key, value, estimate=found, method=method, **parts)

    def __contains__(self, key: str) -> bool:
        return key in self._records

    def value(self, key: str) -> Any:
        """The value of a result. Raises KeyError where there is none."""
        return self._records[key].value

    def sorted(self) -> list[Record]:
        """All results in the order of their keys."""
        return [self._records[key] for key in sorted(self._records)]


def records_text(records: Records) -> str:
    """A sorted list, one record a line, so that a diff names what changed."""
    lines = [json.dumps(asdict(record), ensure_ascii=False) for record in records.sorted()]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def write_records(path: Path, records: Records) -> Path:
    """Write results.json atomically."""
    return write_atomically(path, records_text(records))


def read_records(path: Path) -> dict[str, Record]:
    """Key → record. Raises FileNotFoundError that says which command makes the file."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there yet; `early-recurrence run` makes it")
    return {each["key"]: Record(**each) for each in json.loads(path.read_text(encoding="utf-8"))}
