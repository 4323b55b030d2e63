"""Choice of the one DICOM series of a folder that a rule means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from analysis.core.word_lists import counted
from analysis.imaging.reading.acquisition_times import by_one_clock
from analysis.imaging.reading.examinations import choose_examination
from analysis.imaging.reading.headers import Instance, ReadingError, Remark, in_words
from analysis.imaging.reading.patient_identity import refuse_strangers
from analysis.imaging.reading.scan import passed_words, scan_folder
from analysis.imaging.reading.series import Series, fits, group_series, in_order
from analysis.imaging.reading.series_listing import listing
from analysis.study.images import ExaminationRule, SeriesRule


def choose_series(found: Sequence[Series], rule: SeriesRule | None, place: object = "") -> Series:
    """The one series that is meant.

    Raises ReadingError, listing the series with what tells them apart, for none or several. place:
    what the message begins with.
    """
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
                f"{place}{len(largest)} series that fit the rule have {counted(most, 'image')}"
                f" each, so most_slices can't choose:{listing(largest)}"
            )
        return largest[0]
    return fitting[-1] if rule.choose == "last" else fitting[0]


def _nth(fitting: Sequence[Series], wanted: int, place: str) -> Series:
    """Series at a place in the order of acquisition time."""
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
    """Parts of the rule that are not defaults, as the study file writes them.

    Of a UID it says only that one was given.
    """
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
    """Series of the examination that the phases are taken from.

    together: rules of all phases, of which it needs one's series.

    Raises ReadingError where the rule can't choose one.
    """
    chosen = choose_examination(
        found, rule, wanted=partial(_fits_one, rules=together), day=day, place=place
    )
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
    """Series of a folder that the rule means; without a rule there must be one only.

    said: gets what was passed over. together: rules of the phases in this folder, which are taken
    from one examination; day: the patient's, for its choice.
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
        own = of_examination(
            found, asked, together=together or (rule or SeriesRule(),), day=day, place=folder
        )
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
    """DICOM files without an image plane, by kind.

    The kinds are reports, presentation states, segmentations and structures.
    """
    kinds: dict[str, list[Path]] = {}
    for instance in instances:
        if not instance.is_image:
            kinds.setdefault(f"of modality {instance.modality or 'unknown'}, no image", []).append(
                instance.path
            )
    return {kind: tuple(paths) for kind, paths in kinds.items()}
