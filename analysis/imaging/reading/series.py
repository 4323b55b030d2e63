"""The DICOM series of a folder, and the one that a rule means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from analysis.imaging.reading.acquisition_times import by_one_clock
from analysis.imaging.reading.candidates import listing
from analysis.imaging.reading.examinations import choose_examination
from analysis.imaging.reading.headers import Instance, ReadingError, Remark, in_words, read_header
from analysis.imaging.reading.patient_identity import refuse_strangers
from analysis.imaging.reading.scan import passed_words, scan_folder, without_copies
from analysis.study.images import ExaminationRule, SeriesRule


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
            f" number {'-' if self.number is None else self.number}, {self.slices} images)"
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
    """By acquisition time (by series time where not all have that), then by number."""
    moments = by_one_clock([each.instances for each in series])
    keys = [
        (moment or datetime.min, each.number or 0, each.uid)
        for each, moment in zip(series, moments, strict=True)
    ]
    return [series[index] for index in sorted(range(len(series)), key=keys.__getitem__)]


def fits(series: Series, rule: SeriesRule) -> bool:
    """Whether a series is one that the rule means; `where` is about images and is not looked at."""
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


def choose_series(found: Sequence[Series], rule: SeriesRule | None, place: object = "") -> Series:
    """The one series that is meant. Raises ReadingError, listing the series with what tells them
    apart, for none or several.
    place: what the message begins with."""
    rule, place = rule or SeriesRule(), f"{place}: " if place else ""
    fitting = in_order([series for series in found if fits(series, rule)])
    if not fitting:
        raise ReadingError(
            f"{place}no DICOM series fits the rule ({describe(rule)}); there are:{listing(found)}"
        )
    if isinstance(rule.choose, int):
        return _nth(fitting, rule.choose, f"{place}choose: {rule.choose}")
    if len(fitting) > 1 and rule.choose == "only":
        raise ReadingError(
            f"{place}{len(fitting)} DICOM series fit the rule ({describe(rule)}); make it narrower,"
            " or give choose: most_slices, first, last or its place by acquisition time (choose:"
            f" 2):{listing(fitting)}"
        )
    if rule.choose == "most_slices":
        most = max(series.slices for series in fitting)
        largest = [series for series in fitting if series.slices == most]
        if len(largest) > 1:
            raise ReadingError(
                f"{place}{len(largest)} series that fit the rule have {most} images each, so"
                f" most_slices can't choose:{listing(largest)}"
            )
        return largest[0]
    return fitting[-1] if rule.choose == "last" else fitting[0]


def _nth(fitting: Sequence[Series], wanted: int, place: str) -> Series:
    """By acquisition time alone: of two at one time, one is mostly computed from the other."""
    if wanted > len(fitting):
        raise ReadingError(
            f"{place} is wanted, and {len(fitting)} DICOM series fit:{listing(fitting)}"
        )
    moments = by_one_clock([each.instances for each in fitting])
    if len(fitting) > 1 and None in moments:
        raise ReadingError(
            f"{place} needs times, and not all headers have one; give number: or uid:"
            f" instead:{listing(fitting)}"
        )
    if len(set(moments)) < len(moments):
        raise ReadingError(
            f"{place} can't count series that were acquired at the same time (is one computed from"
            f" the other?); make the rule narrower, with exclude: for example:{listing(fitting)}"
        )
    return fitting[wanted - 1]


def describe(rule: SeriesRule) -> str:
    """The rule's parts that are not defaults, as the study file writes them; of a UID only that one
    was given."""
    parts = rule.model_dump(exclude_defaults=True) | ({"uid": "as given"} if rule.uid else {})
    if "examination" in parts:
        parts["examination"] = rule.examination
    return ", ".join(f"{name}: {value}" for name, value in parts.items()) or "any series"


def of_examination(
    found: Sequence[Series],
    rule: ExaminationRule,
    together: Sequence[SeriesRule],
    day: date | None,
    place: object,
) -> tuple[Series, ...]:
    """Series of the examination that the phases are taken from; together: rules of all phases, of
    which it needs one's series.

    Raises ReadingError where the rule can't choose one.
    """
    chosen = choose_examination(found, rule, partial(_fits_one, rules=together), day, place)
    return tuple(found) if chosen is None else chosen.series


def _fits_one(series: Series, rules: Sequence[SeriesRule]) -> bool:
    return any(fits(series, rule) for rule in rules)


def find_series(
    folder: Path,
    rule: SeriesRule | None = None,
    said: list[Remark] | None = None,
    together: Sequence[SeriesRule] = (),
    day: date | None = None,
) -> Series:
    """The series of a folder that the rule means; without a rule there must be one only. said: gets
    what was passed over.
    together: rules of the phases in this folder, which are taken from one examination; day: the
    patient's, for its choice.
    """
    with in_words(folder):
        scan = scan_folder(folder, tuple(rule.where) if rule else ())
        passed = scan.passed | _no_images(scan.instances)
        found = group_series(scan.instances)
        if not found:
            why = passed_words(passed) or "it is empty"
            raise ReadingError(f"{folder}: no DICOM image in this folder ({why})")
        refuse_strangers([instance for series in found for instance in series.instances], folder)
        asked = rule.examination if rule else ExaminationRule()
        own = of_examination(found, asked, together or (rule or SeriesRule(),), day, folder)
        chosen = choose_series(own, rule, folder)
    if said is not None:
        others = [str(each) for each in found if each.uid != chosen.uid]
        said += [Remark(passed_words(passed))] if passed else []
        said += (
            [Remark(f"{len(others)} other series of the folder: {', '.join(others)}")]
            if others
            else []
        )
    return chosen


def _no_images(instances: Iterable[Instance]) -> dict[str, tuple[Path, ...]]:
    """DICOM files without an image plane, by kind: reports, presentation states, segmentations,
    structures."""
    kinds: dict[str, list[Path]] = {}
    for instance in instances:
        if not instance.is_image:
            kinds.setdefault(f"of modality {instance.modality or 'unknown'}, no image", []).append(
                instance.path
            )
    return {kind: tuple(paths) for kind, paths in kinds.items()}
