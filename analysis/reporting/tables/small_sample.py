"""Notes below tables: how far a measure goes astray by chance alone in a cohort of this size."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.core.word_lists import listed
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.number_style import format_interval
from analysis.results import keys

WORDS = {
    "auc": "its AUC",
    "observed_expected": "O:E",
    "calibration_slope": "its calibration slope",
    "brier": "its Brier score",
    "sensitivity": "its sensitivity",
    "specificity": "its specificity",
    "net_benefit": "its net benefit",
}


def small_sample_note(results: Results, measures: Sequence[str]) -> str:
    """Sentence on the measures of a table in small samples.

    It gives the truth of a simulated, perfectly calibrated model and the range of its estimates in
    samples as large as the validation cohort; empty where the study has no such simulation.
    """
    parts = []
    for name in measures:
        record = results.records.get(keys.small_sample(name))
        if record is None or record.value is None or record.ci_low is None:
            continue
        truth = results.linked(format_number(record.value, record.unit), record)
        if record.ci_high is not None:
            interval = format_interval(record.ci_low, record.ci_high, record.unit)
            span = interval.replace("–", " to ")
        else:
            span = f"{format_number(record.ci_low, record.unit)} without an upper end"
        # The truth of its AUC begins the sentence.
        true = "" if name == "auc" else f" (truly {truth})"
        parts.append(f"{WORDS[name]}{true} from {results.linked(span, record)}")
    if not parts:
        return ""
    share = results.text(keys.settings_confidence_level(), "level")
    cut = (
        f", cut at {results.text(keys.decision_reported_threshold(), 'level')}"
        if set(measures) & {"sensitivity", "specificity", "net_benefit"}
        else ""
    )
    return (
        f"By chance alone, in {share} of simulated validation cohorts of"
        f" {results.plural(f'{keys.small_sample(measures[0])}:n', 'patient')}, a perfectly"
        f" calibrated model with a true AUC of {results.text(keys.small_sample_area())}{cut}"
        f" has {listed(parts)}."
    )
