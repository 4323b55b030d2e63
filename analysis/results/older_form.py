"""Results of earlier versions.

Before version 0.2 lists were texts with commas, truths were "true" or "false", and no record said
what it rests on. Later versions wrote words where ids stand now, and told by the method of a record
what is a record of its own now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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


# Words → id, by the quantity whose values they were.
IDS: dict[str, dict[str, str]] = {
    keys.contrast_role.name: {
        "primary contrast": "primary",
        "exploratory, no p-value": "exploratory",
    },
    keys.chosen_cr_basis.name: {"bootstrap resamples": "bootstrap", "outer folds": "outer_folds"},
    keys.added_value_left_out.name: {
        "the model comes without out-of-fold predictions of training patients, from which what they"
        " add could be learnt": "no_out_of_fold",
        "too few patients are complete to refit its variables": "too_few_complete",
        "an input is missing for every patient": "input_missing",
        "all training patients have the same value": "one_value",
    },
}
# The beginning of words → id, where numbers followed.
BEGINNINGS: dict[str, dict[str, str]] = {
    keys.contrast_role.name: {"secondary, Holm-adjusted": "secondary", "not tested": "untested"},
}
# What a method said of an update → `updating.<cohort>.limit`, the first that it holds.
LIMITS = {
    "up to a refit": "none",
    "no coefficients to refit": "no_coefficients",
    "a refit is not estimable": "refit_not_estimable",
    "patients of both outcomes": "one_outcome",
    "not estimable": "not_estimable",
}


def _present_value(quantity: str, value: Any) -> Any:
    """A value with ids in the place of words."""
    if not isinstance(value, str):
        return value
    if quantity == keys.added_value_seen.name:
        return value.split(" to ")
    if value in IDS.get(quantity, {}):
        return IDS[quantity][value]
    found = BEGINNINGS.get(quantity, {}).items()
    return next((name for words, name in found if value.startswith(words)), value)


def _scale(row: dict[str, Any]) -> Iterator[tuple[keys.Key, str]]:
    term, method = row["of"]["term"], row["method"]
    if method.startswith("against "):
        yield keys.nomogram_scale(term), "level"
        yield keys.nomogram_reference(term), method.removeprefix("against ")
    elif method in ("per doubling", "per unit"):
        yield keys.nomogram_scale(term), method.removeprefix("per ")


def _rule(row: dict[str, Any]) -> Iterator[tuple[keys.Key, str]]:
    yield keys.preparation_limited_rule(row["of"]["variable"]), row["method"]


def _limit(row: dict[str, Any]) -> Iterator[tuple[keys.Key, str]]:
    found = [name for words, name in LIMITS.items() if words in row["method"]]
    for name in found[:1]:
        yield keys.updating_limit(row["of"]["cohort"]), name


# Records that told by their method what has a key of its own now.
TOLD_BY_METHOD: dict[str, Callable[[dict[str, Any]], Iterator[tuple[keys.Key, str]]]] = {
    keys.nomogram_slope.name: _scale,
    keys.preparation_limited.name: _rule,
    keys.updating_chosen.name: _limit,
}
ABSENT = dict.fromkeys(("ci_low", "ci_high", "p", "unit", "method"))


def in_present_form(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records' fields as this version writes them, whichever version wrote them."""
    if any("quantity" not in row for row in rows):
        rows = _with_quantities(rows)
    there = {row["key"] for row in rows}
    found = []
    for row in rows:
        quantity = row.get("quantity") or ""
        found.append(row | {"value": _present_value(quantity, row.get("value"))})
        for key, value in TOLD_BY_METHOD[quantity](row) if _tells(quantity, row) else ():
            if key not in there:
                named = {"key": str(key), "quantity": key.quantity.name, "of": key.parts}
                found.append(row | ABSENT | named | {"value": value})
    return found


def _tells(quantity: str, row: dict[str, Any]) -> bool:
    return quantity in TOLD_BY_METHOD and bool(row.get("method"))


def _with_quantities(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records of before version 0.2 with quantity, parts and what they rest on.

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
