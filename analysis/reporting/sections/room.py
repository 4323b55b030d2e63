"""Room of the article for figures and tables: which it prints, and which its supplement takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.reporting.journal.printed import printed
from analysis.study.journals import Journal

# Writes a section from its Context, which holds a Room.
Writer = Callable[[Any], str]


@dataclass
class Room:
    """Figures and tables of the article, divided between the article and its supplement.

    writers: of the article's sections that the documents include, by name and in order; own: labels
    that an author's own text lays out, which stay there. laid_out: blocks since it was last
    emptied.
    """

    writers: Mapping[str, Writer]
    own: frozenset[str]
    journal: Journal | None
    there: list[str] = field(default_factory=list)
    article: frozenset[str] = frozenset()
    laid_out: list[str] = field(default_factory=list)
    surveying: bool = False
    moving: bool = False

    @property
    def in_supplement(self) -> frozenset[str]:
        """Labels that the article refers to and the supplement lays out."""
        return frozenset(self.there) - self.article

    def prints(self, label: str) -> bool:
        """Whether the section that is being written lays this figure or table out."""
        if self.surveying:
            self.there.append(label)
            return False
        if self.moving:
            return label in self.in_supplement
        return label not in self.there or label in self.article

    def survey(self, context: Any) -> None:
        """See which figures and tables the article has, and decide which it prints.

        A section that lacks a result of its own has none; where it is printed, this is said.
        """
        self.surveying = True
        for write in self.writers.values():
            try:
                write(context)
            except (KeyError, ValueError, OSError):
                continue
        self.surveying = False
        self.article = printed(self.there, self.journal, self.own)

    def moved(self, section: str, context: Any) -> list[str]:
        """Blocks of a section of the article that stand in the supplement."""
        if section not in self.writers:
            return []
        self.moving, self.laid_out = True, []
        try:
            self.writers[section](context)
        finally:
            self.moving = False
        return list(self.laid_out)
