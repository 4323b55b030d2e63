"""Results of before version 0.2.

In their files lists were texts with commas, truths were "true" or "false", and no record said what
it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from analysis.results import keys
from models.declared import CR

# Some lists were written as a phrase.
SEPARATORS = re.compile(r",| and ")
TRUTHS = {"true": True, "false": False}


def _value(quantity: keys.Quantity, value: Any) -> Any:
    if quantity.kind == "list" and isinstance(value, str):
        return [name.strip() for name in SEPARATORS.split(value) if name.strip()]
    return TRUTHS.get(str(value)) if quantity.kind == "yes or no" else value


def from_older_form(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records' fields as they are now.

    A name with a comma can't be told from two, and the module of a function is not known.
    """
    found = []
    for row in rows:
        try:
            key = keys.parsed(row["key"])
        except keys.UndeclaredKey:  # a number that is no longer computed
            found.append(row)
            continue
        value = _value(key.quantity, row.get("value"))
        found.append(row | {"value": value, "quantity": key.quantity.name, "of": key.parts})
    values = {row["key"]: row["value"] for row in found}
    included = (keys.models_included(), keys.models_additional())
    known = {name for each in included for name in values.get(each) or []}
    trained = frozenset(known - set(values.get(keys.models_comparators()) or []) - {CR.id})
    judged = frozenset(str(values.get(each())) for each in (keys.best_model, keys.contrasts_model))
    for row in found:
        if "quantity" in row:
            key = keys.DECLARED[row["quantity"]].key_of(row["of"])
            row["rests_on_training"] = keys.rests_on_training(key, trained, judged)
    return found
