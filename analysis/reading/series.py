"""The DICOM series of a folder, and the one that a rule means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from analysis.reading.headers import Instance, ReadingError, Remark, in_words, read_header
from analysis.reading.scan import passed_words, scan_folder, without_copies
from analysis.study.images import SeriesRule


@dataclass(frozen=True)
class Series:
    """Image files that share a SeriesInstanceUID."""

    uid: str
    instances: tuple[Instance, ...]

    def text(self, keyword: str) -> str:
        return self.instances[0].text(keyword)

    @property
    def slices(self) -> int:
        return sum(int(instance.header.get("NumberOfFrames") or 1) for instance in self.instances)

    @property
    def when(self) -> tuple[str, str, int]:
        """Date, time and number, to put series in order."""
        date = self.text("SeriesDate") or self.text("AcquisitionDate") or self.text("StudyDate")
        time = self.text("SeriesTime") or self.text("AcquisitionTime") or self.text("StudyTime")
        return date, time, int(self.text("SeriesNumber") or 0)

    def __str__(self) -> str:
        return f"'{self.text('SeriesDescription') or 'no description'}' ({self.text('Modality')}, number {self.text('SeriesNumber') or '-'}, {self.slices} images)"


def matches(text: str, pattern: str) -> bool:
    """Shell-like pattern, in any case."""
    return fnmatchcase(text.casefold(), pattern.casefold())


def group_series(instances: Iterable[Instance]) -> list[Series]:
    """Images by series, in order of time; an identical copy of a file counts once."""
    groups: dict[str, list[Instance]] = {}
    kept, _ = without_copies(instance for instance in instances if instance.is_image)
    for instance in kept:
        groups.setdefault(instance.series, []).append(instance)
    return sorted((Series(uid, tuple(members)) for uid, members in groups.items()), key=lambda series: (series.when, series.uid))


def fits(series: Series, rule: SeriesRule) -> bool:
    """Whether a series is one that the rule means; `where` is about images and is not looked at."""
    description = series.text("SeriesDescription")
    return ((rule.description is None or matches(description, rule.description))
            and (rule.exclude is None or not matches(description, rule.exclude))
            and (rule.modality is None or series.text("Modality").casefold() == rule.modality.casefold())
            and (rule.number is None or series.text("SeriesNumber") == str(rule.number))
            and (rule.uid is None or series.uid == rule.uid))


def series_of(paths: Iterable[Path]) -> Series:
    """Files of one series, whole headers."""
    instances = tuple(instance for path in paths if (instance := read_header(path)) is not None)
    return Series(instances[0].series, instances)


def choose_series(found: list[Series], rule: SeriesRule | None, place: object) -> Series:
    """The one series that is meant. Raises ReadingError, listing the series, for none or several."""
    def listing(series: list[Series]) -> str:
        return "".join(f"\n    {each}" for each in series) or " none"
    rule = rule or SeriesRule()
    fitting = [series for series in found if fits(series, rule)]
    if not fitting:
        raise ReadingError(f"{place}: no DICOM series fits the rule ({describe(rule)}); there are:{listing(found)}")
    if len(fitting) > 1 and rule.choose == "only":
        raise ReadingError(f"{place}: {len(fitting)} DICOM series fit the rule ({describe(rule)}); make it narrower, or give choose: most_slices, first or last:{listing(fitting)}")
    if rule.choose == "most_slices":
        most = max(series.slices for series in fitting)
        largest = [series for series in fitting if series.slices == most]
        if len(largest) > 1:
            raise ReadingError(f"{place}: {len(largest)} series that fit the rule have {most} images each, so most_slices can't choose:{listing(largest)}")
        return largest[0]
    return fitting[-1] if rule.choose == "last" else fitting[0]


def describe(rule: SeriesRule) -> str:
    """The rule's parts that are not defaults, as the study file writes them; of a UID only that one was given."""
    parts = rule.model_dump(exclude_defaults=True) | ({"uid": "as given"} if rule.uid else {})
    return ", ".join(f"{name}: {value}" for name, value in parts.items()) or "any series"


def find_series(folder: Path, rule: SeriesRule | None = None, said: list[Remark] | None = None) -> Series:
    """The series of a folder that the rule means; without a rule there must be one only. said: gets what was passed over."""
    with in_words(folder):
        scan = scan_folder(folder, tuple(rule.where) if rule else ())
        passed = scan.passed | _no_images(scan.instances)
        found = group_series(scan.instances)
        if not found:
            why = passed_words(passed) or "it is empty"
            raise ReadingError(f"{folder}: no DICOM image in this folder ({why})")
        chosen = choose_series(found, rule, folder)
    if said is not None:
        others = [str(each) for each in found if each.uid != chosen.uid]
        said += [Remark(passed_words(passed))] if passed else []
        said += [Remark(f"{len(others)} other series of the folder: {', '.join(others)}")] if others else []
    return chosen


def _no_images(instances: Iterable[Instance]) -> dict[str, tuple[Path, ...]]:
    """DICOM files without an image plane, by kind: reports, presentation states, segmentations, structures."""
    kinds: dict[str, list[Path]] = {}
    for instance in instances:
        if not instance.is_image:
            kinds.setdefault(f"of modality {instance.modality or 'unknown'}, no image", []).append(instance.path)
    return {kind: tuple(paths) for kind, paths in kinds.items()}
