"""Results of two states by name, as a reader would call them."""

from __future__ import annotations

from analysis.results import keys
from analysis.results.keys.quantity import DECLARED
from analysis.results.record import Record, as_text
from analysis.workflow.cohort_update.snapshot import Snapshot

IN_PERCENT = " at a threshold probability in percent"


class ResultNames:
    """Names of the results of an old and a new state: what each is, of which model and cohort."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self._states = (old, new)

    def record(self, key: str) -> Record | None:
        """The result in the new state, else in the old one."""
        old, new = self._states
        return new.results.get(key) or old.results.get(key)

    def __call__(self, key: str) -> str:
        """The name of a result; the key itself where it is not declared."""
        record = self.record(key)
        quantity = DECLARED.get(str(record.quantity)) if record is not None else None
        if record is None or quantity is None:
            return key
        # A threshold stands in the meaning: no reader takes a bare 80 at the end for one.
        percent, meaning = record.of.get("percent"), quantity.meaning
        if percent is not None:
            meaning = f"{meaning.removesuffix(IN_PERCENT)} at a threshold probability of {percent}%"
        named = [part for name, part in record.of.items() if name != "percent"]
        labels = [
            self.record(keys.label(part)) or self.record(keys.label_term(part)) for part in named
        ]
        parts = [
            part.replace("_", " ") if label is None else as_text(label.value)
            for part, label in zip(named, labels, strict=True)
        ]
        return ", ".join([meaning, *parts])
