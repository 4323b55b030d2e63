"""One number of the paper, and the flat, sorted, diffable list of all of them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analysis.core.cache import write_atomically
from analysis.results.keys.quantity import (
    DECLARED,
    VARIES,
    Key,
    Needs,
    UndeclaredKey,
    parsed,
    rests_on_training,
)
from analysis.results.older_form import in_present_form

Value = float | int | str | bool | tuple[str, ...] | None


@dataclass(frozen=True)
class Record:
    """Record of a number.

    key names the number. source: the function that made it, `module:qualified name`. quantity: name
    of the key's declaration, of: the parts of the key by name (`model`, `evaluation`, …).
    rests_on_training: whether it rests on models whose training may end elsewhere on another
    processor; None where an older file does not say. Absent parts are None.
    """

    key: str
    value: Value
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    n: int | None = None
    unit: str | None = None
    method: str | None = None
    source: str | None = None
    quantity: str | None = None
    of: dict[str, str] = field(default_factory=dict)
    rests_on_training: bool | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, list):
            object.__setattr__(self, "value", tuple(self.value))
        if self.quantity is None:
            try:
                key = parsed(self.key)
            except UndeclaredKey:
                return
            object.__setattr__(self, "quantity", key.quantity.name)
            object.__setattr__(self, "of", key.parts)

    @property
    def is_number(self) -> bool:
        """Whether the value is a number: neither text, list nor truth, and defined."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def needs(self) -> Needs | None:
        """Needs of the number beyond scores and outcomes.

        The result is None where nothing is needed, or where its key is not declared.
        """
        declared = DECLARED.get(self.quantity or "")
        return declared.needs if declared is not None else None

    @property
    def is_history(self) -> bool:
        """Whether a record tells of the history of the results.

        It then says where the results came from or what had happened before, on which no two
        machines agree.
        """
        return self.needs in ("machine", "history")

    def side_of(self, null: float) -> str:
        """Where the confidence interval lies: above, below or across a value.

        It is empty where there is no interval.
        """
        if self.ci_low is None or self.ci_high is None:
            return ""
        if self.ci_low > null:
            return "above"
        return "below" if self.ci_high < null else "across"

    @property
    def number(self) -> float:
        """The value of a record that is a number.

        Raises TypeError where it is undefined, ValueError where it is text, a list or a truth.
        """
        if self.value is None:
            raise TypeError(f"results: '{self.key}' has no value")
        if isinstance(self.value, bool | tuple):
            raise ValueError(f"results: '{self.key}' is {self.value}, and no number")
        return float(self.value)

    @property
    def names(self) -> list[str]:
        """The value of a record that is a list. Raises TypeError where it is none."""
        if not isinstance(self.value, tuple):
            raise TypeError(f"results: '{self.key}' is {self.value!r}, and no list")
        return list(self.value)


def as_text(value: Value) -> str:
    """A value as words: a list with commas between, a truth as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def reference(maker: Callable[..., Any]) -> str:
    """A function or class as `module:qualified name`, by which it can be imported again."""
    return f"{maker.__module__}:{maker.__qualname__}"


def _plain(value: Any) -> Any:
    """JSON has no NaN and no NumPy: an undefined number is null.

    Twelve digits are kept, so that a last bit that differs between runs of a multi-threaded library
    is no difference of the paper.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    return value


def _check_value(key: Key, value: Any) -> None:
    if value is not None and not KINDS[key.quantity.kind](value):
        raise ValueError(f"results: '{key}' is declared as {key.quantity.kind}, and not {value!r}")


def _unit(key: Key, unit: str | None) -> str | None:
    """The declared unit; the given one where it varies."""
    declared = key.quantity.unit
    if declared == VARIES:
        return unit
    if unit not in (None, declared):
        raise ValueError(f"results: '{key}' is declared in {declared}, and not in {unit}")
    return declared


KINDS: dict[str, Callable[[Any], bool]] = {
    "list": lambda value: isinstance(value, list | tuple),
    "yes or no": lambda value: isinstance(value, bool),
    "number or text": lambda value: (
        isinstance(value, int | float | str) and not isinstance(value, bool)
    ),
}


class Records:
    """Collects records; a key can be given once. records: those that are there already.

    trained: models whose training may end elsewhere on another processor; judged: the best model
    and that of the contrasts, once they are known. Both decide what rests on training.
    """

    def __init__(self, records: Mapping[str, Record] | None = None) -> None:
        self._records: dict[str, Record] = dict(records or {})
        self.trained: frozenset[str] = frozenset()
        self.judged: frozenset[str] = frozenset()

    def add(
        self,
        key: str,
        value: Any,
        *,
        estimate: Any = None,
        source: Callable[..., Any] | str | None = None,
        of_training: bool | None = None,
        **parts: Any,
    ) -> None:
        """Add a value, or an estimate with ci_low, ci_high and n.

        source: the function that made it, or its reference where importing it would load PyTorch;
        of_training: whether it rests on training, where its declaration does not say. Raises
        ValueError for a key given twice, an undeclared one, or a unit or value that is not as
        declared.
        """
        declared = parsed(key)
        if estimate is not None:
            for name in ("ci_low", "ci_high", "n"):
                if parts.get(name) is None:
                    parts[name] = getattr(estimate, name, None)
        plain = _plain(value)
        _check_value(declared, plain)
        parts["unit"] = _unit(declared, parts.get("unit"))
        if of_training is None:
            of_training = rests_on_training(declared, self.trained, self.judged)
        self.put(
            Record(
                str(key),
                plain,
                **{name: _plain(each) for name, each in parts.items()},
                source=reference(source) if callable(source) else source,
                quantity=declared.quantity.name,
                of=declared.parts,
                rests_on_training=of_training,
            )
        )

    def put(self, record: Record) -> None:
        """Add a record that was made before. Raises ValueError for a key given twice."""
        if record.key in self._records:
            raise ValueError(f"results: key '{record.key}' was given twice")
        self._records[record.key] = record

    def attempt(self, key: str, compute: Callable[[], Any], *, method: str, **parts: Any) -> None:
        """Add what `compute` returns, a number or an estimate.

        Where the data do not allow it (ValueError), it adds an undefined number whose method says
        why, so that nothing is left out silently.
        """
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

    def get(self, key: str) -> Record | None:
        """The record of a key; None where there is none."""
        return self._records.get(key)

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
    return records_of(json.loads(path.read_text(encoding="utf-8")))


def records_of(rows: Iterable[dict[str, Any]]) -> dict[str, Record]:
    """Records by key, from rows of a results.json, a lock or a bundle.

    Key → record; rows of earlier versions can be read too.
    """
    return {row["key"]: Record(**row) for row in in_present_form(list(rows))}
