"""Series or examinations among which a rule can't choose, listed with what tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.core.word_lists import plural
from analysis.imaging.reading.acquisition_times import by_one_clock
from analysis.imaging.reading.series import Series

# Parts of a header that can tell two series of one description apart; the ones that differ are
# shown.
DIFFERENCES = (
    "ImageType",
    "EchoTime",
    "FlipAngle",
    "InversionTime",
    "DiffusionBValue",
    "SliceThickness",
    "AcquisitionNumber",
    "Rows",
    "Columns",
)


def after(moment: datetime | None, first: datetime | None) -> str:
    """`+15 s`, or `+922 days` from one day on; empty where either is not known.

    No date is shown: what is printed gets passed on.
    """
    if moment is None or first is None:
        return ""
    days, seconds = (moment.date() - first.date()).days, (moment - first).total_seconds()
    if days:
        return f"{days:+d} {plural(abs(days), 'day')}"
    return f"{seconds:+g} s" if seconds else "0 s"


def listing(series: Sequence[Series]) -> str:
    """List of the series, one a line.

    A line says what the series is, when it was acquired after the first, and the parts of its
    header that others do not share.
    """
    if not series:
        return " none"
    moments = by_one_clock([each.instances for each in series])
    first = min((moment for moment in moments if moment is not None), default=None)
    differing = [
        keyword for keyword in DIFFERENCES if len({each.text(keyword) for each in series}) > 1
    ]
    lines = []
    for each, moment in zip(series, moments, strict=True):
        parts = [after(moment, first) if len(series) > 1 else ""]
        parts += [f"{keyword} {each.text(keyword) or 'not given'}" for keyword in differing]
        lines.append("; ".join([str(each), *filter(None, parts)]))
    return "".join(f"\n    {line}" for line in lines)
