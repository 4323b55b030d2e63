"""Alternative text of the flow chart and of the phases."""

from __future__ import annotations

from analysis.core.word_lists import counted, listed
from analysis.reporting.results_by_key import ResultsByKey
from analysis.reporting.wordings.exclusion_reasons import excluded_reasons, screened_reasons
from analysis.results import keys
from analysis.results.record import Record


def flow_chart(results: ResultsByKey) -> str:
    """Alternative text of the flow chart."""
    plain, event = results.plain, results.plain(keys.study_event())

    def analysed(name: str, label: str) -> str:
        unknown = results.records.get(keys.unknown_of_cohort(name))
        aside = ""
        if unknown is not None and unknown.value:
            aside = f", {unknown.value} of unknown outcome set aside"
        return (
            f"{label}: {counted(plain(keys.n_of_cohort(name)), 'patient')} analysed,"
            f" {plain(keys.events_of_cohort(name))} with and"
            f" {plain(keys.non_events_of_cohort(name))} without {event}{aside}"
        )

    cohorts = [analysed(name, label) for name, label in results.study.cohorts.items()]
    before = ""
    if keys.screened_n() in results.records:
        before += (
            f"{counted(plain(keys.screened_n()), 'patient')} screened;"
            f" {plain(keys.screened_excluded_n())} excluded"
            f"{_reasons(screened_reasons(results.records))}. "
        )
    if keys.excluded_n() in results.records:
        before += (
            f"{counted(plain(keys.excluded_listed()), 'patient')} in the table;"
            f" {plain(keys.excluded_n())} could not be analysed"
            f"{_reasons(excluded_reasons(results.records))}. "
        )
    return (
        f"Flow chart. {before}{counted(plain(keys.cohort_n()), 'patient')} in the cohort."
        f" {'. '.join(cohorts)}."
    )


def _reasons(found: list[tuple[str, Record]]) -> str:
    """Reasons and numbers in brackets; empty where there are none."""
    words = [f"{reason}: {record.value}" for reason, record in found]
    return f" ({', '.join(words)})" if words else ""


def phases(results: ResultsByKey) -> str:
    """Alternative text of the sections of the tumours in each phase."""
    return (
        f"Cross-sections of the tumour in {counted(results.plain(keys.study_phases_n()), 'phase')}"
        f" ({results.plain(keys.study_phases())}), one patient a row; the outline of the tumour"
        f" mask is drawn in yellow{_outlined(results)}, and a bar shows the scale."
    )


def habitats(results: ResultsByKey) -> str:
    """Alternative text of the maps of habitats."""
    number = counted(results.plain(keys.habitats_n()), "habitat")
    return (
        "Cross-sections of the tumour, one patient a row: at the left the"
        f" {results.plain(keys.habitats_phase())} phase with the outline of the tumour mask, at the"
        f" right the same with {number} in colours from dark blue to yellow, in the order of their"
        " mean intensity."
    )


def _outlined(results: ResultsByKey) -> str:
    """Regions beside the tumour that are outlined; empty where there are none."""
    words = [f"the {region.words}" for region in results.study.regions.values()]
    return f", those of {listed(words)} are dashed" if words else ""
