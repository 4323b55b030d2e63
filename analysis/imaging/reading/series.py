"""The DICOM series of a folder, and the one that a rule means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from analysis.core.word_lists import counted
from analysis.imaging.reading.acquisition_times import by_one_clock
from analysis.imaging.reading.headers import Instance, read_header
from analysis.imaging.reading.scan import without_copies
from analysis.study.images import SeriesRule


@dataclass(frozen=True)
class Series:
    """Image files that share a SeriesInstanceUID."""

    uid: str
    instances: tuple[Instance, ...]

    def text(self, keyword: str) -> str:
        """A header's value as text, of the first instance; empty if it is absent."""
        return self.instances[0].text(keyword)

    @property
    def slices(self) -> int:
        """Number of slices, frames of multi-frame files counted."""
        return sum(int(instance.header.get("NumberOfFrames") or 1) for instance in self.instances)

    @property
    def number(self) -> int | None:
        """The first SeriesNumber that is one; an anonymiser may have damaged that of some files."""
        texts = (instance.text("SeriesNumber") for instance in self.instances)
        return next((int(text) for text in texts if text.isdecimal()), None)

    def __str__(self) -> str:
        return (
            f"'{self.text('SeriesDescription') or 'no description'}' ({self.text('Modality')},"
            f" number {'-' if self.number is None else self.number},"
            f" {counted(self.slices, 'image')})"
        )


def matches(text: str, pattern: str) -> bool:
    """Shell-like pattern, in any case."""
    return fnmatchcase(text.casefold(), pattern.casefold())


def group_series(instances: Iterable[Instance]) -> list[Series]:
    """Images by series, in order of time; an identical copy of a file counts once."""
    groups: dict[str, list[Instance]] = {}
    kept, _ = without_copies(instance for instance in instances if instance.is_image)
    for instance in kept:
        groups.setdefault(instance.series, []).append(instance)
    return in_order([Series(uid, tuple(members)) for uid, members in groups.items()])


def in_order(series: Sequence[Series]) -> list[Series]:
    """Series in order of acquisition time (series time where not all have that), then of number."""
    moments = by_one_clock([each.instances for each in series])
    keys = [
        (moment or datetime.min, each.number or 0, each.uid)
        for each, moment in zip(series, moments, strict=True)
    ]
    return [series[index] for index in sorted(range(len(series)), key=keys.__getitem__)]


def fits(series: Series, rule: SeriesRule) -> bool:
    """True if a series is one that the rule means; `where` is about images and is not looked at."""
    description = series.text("SeriesDescription")
    return (
        (rule.description is None or matches(description, rule.description))
        and (rule.exclude is None or not matches(description, rule.exclude))
        and (
            rule.modality is None or series.text("Modality").casefold() == rule.modality.casefold()
        )
        and (rule.number is None or series.number == rule.number)
        and (rule.uid is None or series.uid == rule.uid)
    )


def series_of(paths: Iterable[Path]) -> Series:
    """Files of one series, whole headers."""
    instances = tuple(instance for path in paths if (instance := read_header(path)) is not None)
    return Series(instances[0].series, instances)
