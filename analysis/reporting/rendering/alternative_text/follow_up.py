"""Alternative text of the curves of follow-up."""

from __future__ import annotations

from analysis.core.word_lists import counted, listed
from analysis.reporting.number_style import format_number
from analysis.reporting.rendering.alternative_text.parts import curve_of, label_of
from analysis.reporting.results_by_key import ResultsByKey
from analysis.reporting.survival_name import survival_name
from analysis.results import keys


def kaplan_meier(results: ResultsByKey) -> str:
    """Alternative text of the Kaplan-Meier curves by risk group."""
    points, parts = curve_of(results, "kaplan_meier"), []
    horizon = results.record(keys.endpoint_horizon_months()).value
    for group, rows in points.groupby("group", sort=False):
        before = rows[rows["time_months"] <= horizon]
        cohort, _, risk = str(group).partition(": ")
        at = float(before["survival"].iloc[-1]) if len(before) else 1.0
        parts.append(
            f"{cohort}, {risk}: {counted(int(rows['at_risk'].iloc[0]), 'patient')},"
            f" {format_number(at, 'ratio')} free of events at {counted(f'{horizon:g}', 'month')}"
        )
    survival = survival_name(results.plain("study.event"))
    return f"Kaplan-Meier curves of {survival} with numbers at risk. {'; '.join(parts)}."


def cumulative_incidence(results: ResultsByKey) -> str:
    """Alternative text of the cumulative incidence beside death."""
    points, parts = curve_of(results, "cumulative_incidence"), []
    for (group, event), rows in points.groupby(["group", "event"], sort=False):
        parts.append(
            f"{group}, {event} {format_number(float(rows['incidence'].iloc[-1]), 'ratio')}"
        )
    return (
        f"Cumulative incidence of {results.plain(keys.study_event())} and of death before it, by"
        f" cohort and risk group; at the end of follow-up: {'; '.join(parts)}."
    )


def stages(results: ResultsByKey) -> str:
    """Alternative text of the Kaplan-Meier curves by stage."""
    points = curve_of(results, "stages")
    systems = points["group"].str.partition(": ")
    parts = [
        f"{label_of(results, name)} ({', '.join(dict.fromkeys(rows[2]))})"
        for name, rows in systems.groupby(0, sort=False)
    ]
    survival = survival_name(results.plain("study.event"))
    return f"Kaplan-Meier curves of {survival} by level of {listed(parts)}."
