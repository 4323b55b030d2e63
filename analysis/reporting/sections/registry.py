"""The sections by their names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.reporting.sections.context import Context

IMAGES, FEATURES, PREDICTIONS, CLINICAL = KINDS = ("images", "features", "predictions", "clinical")


@dataclass(frozen=True)
class Section:
    """Section of a document.

    name: of its file below `_generated/`, and of `says(name)`; about: what it says, in words;
    write: Context → Markdown, in which {key:form} are results. kinds: of study that have it;
    decided: whether its very words follow from the results, so that no author can own them.
    """

    name: str
    about: str
    write: Callable[[Context], str]
    kinds: tuple[str, ...] = KINDS
    decided: bool = False


SECTIONS: dict[str, Section] = {}


def section(
    name: str, about: str, kinds: tuple[str, ...] = KINDS, decided: bool = False
) -> Callable[[Callable[[Context], str]], Callable[[Context], str]]:
    """Registers a function as the section of that name."""

    def register(write: Callable[[Context], str]) -> Callable[[Context], str]:
        if name in SECTIONS:
            raise ValueError(f"two sections are named {name}")
        SECTIONS[name] = Section(name, about, write=write, kinds=kinds, decided=decided)
        return write

    return register
