"""Quantity: what a result is, and the key under which it stands in results.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, ParamSpec, Protocol, TypeVar

Parts = ParamSpec("Parts")
Kind = Literal["number or text", "list", "yes or no"]
# What a number rests on: the models that its key names; the study's best model or that of its
# contrasts, whichever these are; always on models that were trained; or on no model.
RestsOn = Literal["models", "best", "training", "nothing"]
# What a number needs beyond scores and outcomes, as they lie in a bundle for a reviewer.
Needs = Literal[
    "images",
    "models",
    "images and models",
    "terms of the models",
    "features",
    "habitats",
    "clinical values",
    "excluded patients",
    "values before preparation",
    "split",
    "words of the authors",
    "answers of people",
    "machine",
    "history",
]
PART = re.compile(r"\{(\w+)\}")
# Parts of a key that name a model.
MODELS = ("model", "other", "comparator")
# The unit of a quantity that has another one for each statistic: its records say which.
VARIES = "*"


class UndeclaredKey(ValueError):
    """A key that no quantity declares; the message says where quantities are declared."""


class _Filed(Protocol):
    @property
    def quantity(self) -> str | None: ...
    @property
    def of(self) -> Mapping[str, str]: ...


Filed = TypeVar("Filed", bound=_Filed)


class Key(str):
    """A key that knows its quantity, and its parts by name."""

    quantity: Quantity[...]
    parts: dict[str, str]


@dataclass(frozen=True, eq=False)
class Quantity(Generic[Parts]):
    """One kind of result. Called with its parts: the key.

    name: of the declaration; template: of its keys, `auc.{model}.{evaluation}`; meaning: in words;
    unit: of each of its values, None where they have none, VARIES where it differs; method: a term
    for how it is computed (records may have a longer one); kind: of its values; rests_on: what they
    rest on; needs: what they need beyond scores and outcomes, None where nothing.
    """

    name: str
    template: str
    meaning: str
    unit: str | None = None
    method: str | None = None
    kind: Kind = "number or text"
    rests_on: RestsOn = "models"
    needs: Needs | None = None

    def __call__(self, *args: Parts.args, **kwargs: Parts.kwargs) -> Key:
        """Key with these parts. Raises TypeError for parts that are not its own."""
        given = dict(zip(self.parts, map(str, args), strict=False))
        given |= {name: str(each) for name, each in kwargs.items()}
        if set(given) != set(self.parts) or len(args) + len(kwargs) != len(self.parts):
            raise TypeError(f"keys.{self.name} needs {', '.join(self.parts) or 'no parts'}")
        return self.key_of(given)

    def key_of(self, parts: Mapping[str, str]) -> Key:
        """Key with these parts, by name."""
        key = Key(self.template.format(**parts))
        key.quantity, key.parts = self, dict(parts)
        return key

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts of its keys, in their order."""
        return tuple(PART.findall(self.template))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Regular expression of the quantity's keys.

        A part at the end may hold full stops, as a percentage or the name of a variable does.
        """
        pieces = PART.split(self.template)
        last = len(pieces) - 2 if not pieces[-1] else None
        expression = ""
        # Text and parts alternate.
        for place, piece in enumerate(pieces):
            anything = ".+" if place == last else "[^.]+?"
            expression += re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>{anything})"
        return re.compile(expression)

    def of(self, records: Mapping[str, Filed]) -> Iterator[tuple[dict[str, str], Filed]]:
        """Parts and record of each result of this quantity, in the order of the results."""
        for record in records.values():
            if record.quantity == self.name:
                yield dict(record.of), record


DECLARED: dict[str, Quantity[...]] = {}


def declare(
    parts: Callable[Parts, None],
    template: str,
    meaning: str,
    unit: str | None = None,
    method: str | None = None,
    *,
    name: str | None = None,
    **about: Any,
) -> Quantity[Parts]:
    """Declare a quantity.

    parts: a function whose parameters are the parts of its keys, in order, so that calls are
    checked; name: where it is not the template's without the parts; about: kind, rests_on and
    needs. Raises ValueError for a name given twice, or parts that are not the template's.
    """
    name = name or re.sub(r"\W+", "_", PART.sub("", template)).strip("_")
    made: Quantity[Parts] = Quantity(
        name, template, meaning=meaning, unit=unit, method=method, **about
    )
    wanted = parts.__code__.co_varnames[: parts.__code__.co_argcount]
    if name in DECLARED or wanted != made.parts:
        raise ValueError(f"keys: '{name}' is declared twice, or has other parts than {wanted}")
    DECLARED[name] = made
    return made


def named(name: str) -> Quantity[...]:
    """Declared quantity of a given name.

    The name is only known when the program runs, such as one of several measures. Raises
    UndeclaredKey where there is none.
    """
    if name not in DECLARED:
        raise UndeclaredKey(f"no quantity '{name}' is declared in analysis/results/keys/")
    return DECLARED[name]


def parsed(text: str) -> Key:
    """A key from its text, as a person types it; the most specific declaration decides.

    Raises UndeclaredKey where there is none.
    """
    if isinstance(text, Key):
        return text
    found = [each for each in DECLARED.values() if each.pattern.fullmatch(text)]
    if not found:
        raise UndeclaredKey(
            f"'{text}' is no key that analysis/results/keys/ declares; `early-recurrence keys`"
            " lists those that are"
        )
    quantity = max(found, key=lambda each: (-len(each.parts), len(PART.sub("", each.template))))
    match = quantity.pattern.fullmatch(text)
    assert match is not None
    return quantity.key_of(match.groupdict())


def rests_on_training(key: Key, trained: frozenset[str], judged: frozenset[str]) -> bool:
    """True if a result rests on the training of models.

    It does where it rests on models whose training may end elsewhere on another processor. trained:
    those models; judged: the best model and that of the contrasts.
    """
    rests_on = key.quantity.rests_on
    if rests_on in ("training", "nothing"):
        return rests_on == "training"
    models = {key.parts[part] for part in MODELS if part in key.parts}
    if rests_on == "best":
        models |= judged
    return not models.isdisjoint(trained)
