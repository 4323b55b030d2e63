"""Notes for the user on a patient who is converted, though nothing is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analysis.imaging.convert.rules import ConvertRules
from analysis.imaging.convert.times import day_examined
from analysis.imaging.reading.series import Series


def notes_on(chosen: Mapping[str, Series], rules: ConvertRules, treated: date | None) -> list[str]:
    """chosen: phase -> its series. treated: the patient's date that the rules name."""
    late = [
        phase
        for phase, series in chosen.items()
        if treated and (day := day_examined(series)) and day > treated
    ]
    notes = (
        [f"{', '.join(late)}: examined after the date in '{rules.examination.date}'"]
        if late
        else []
    )
    for phase, series in chosen.items():
        lacking = _missing_numbers(series)
        if lacking:
            notes.append(
                f"{phase}: its images are numbered with gaps ({lacking} numbers are absent); "
                "was all of it exported?"
            )
    damaged = sorted(
        {
            text
            for series in chosen.values()
            for instance in series.instances
            if (text := instance.text("SeriesNumber")) and not text.isdecimal()
        }
    )
    if damaged:
        notes.append(f"files whose SeriesNumber is no number ('{damaged[0]}'); nothing rests on it")
    return notes


def _missing_numbers(series: Series) -> int:
    """Number of InstanceNumbers between the first and the last that no file has.

    It is 0 where files are not numbered one by one.
    """
    texts = [instance.text("InstanceNumber") for instance in series.instances]
    numbers = {int(text) for text in texts if text.isdecimal()}
    if len(numbers) < len(texts) or len(numbers) < 2:
        return 0
    return max(numbers) - min(numbers) + 1 - len(numbers)
