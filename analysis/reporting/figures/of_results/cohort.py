"""Figures of the cohort: flow chart, contact sheets of the images, reproducibility of features."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.reporting.figures.contact_sheet import contact_sheets
from analysis.reporting.figures.feature_icc import draw_feature_icc
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.flow_chart import CohortFlow, Step, draw_flow_chart
from analysis.reporting.figures.registration import draw_registration
from analysis.reporting.wordings.exclusion_reasons import (
    by_reason,
    excluded_reasons,
    screened_reasons,
)
from analysis.results import keys


def flow_chart(findings: Findings) -> Figure:
    """Patients from the screening on: who left and why, and the cohorts by outcome."""
    records = findings.records

    def count(key: str) -> int:
        return int(records[key].number) if key in records else 0

    steps = []
    if keys.screened_n() in records:
        steps.append(
            Step(
                "Patients screened",
                count(keys.screened_n()),
                "Excluded" if count(keys.screened_excluded_n()) else None,
                by_reason(screened_reasons(records)),
            )
        )
    if keys.excluded_n() in records:
        steps.append(
            Step(
                "Patients in the clinical table",
                count(keys.excluded_listed()),
                "Not analysable",
                by_reason(excluded_reasons(records)),
            )
        )
    steps.append(Step("Patients in the cohort", count(keys.cohort_n())))
    labels = {"training": "Training", "validation": "Validation"} | {
        name: findings.labels[name] for name in findings.external
    }
    cohorts = {
        name: CohortFlow(
            label,
            count(keys.events_of_cohort(name)),
            count(keys.non_events_of_cohort(name)),
            count(keys.unknown_of_cohort(name)),
        )
        for name, label in labels.items()
    }
    shown = [
        cohort
        for name, cohort in cohorts.items()
        if name == "validation" or cohort.events + cohort.non_events + cohort.unknown
    ]
    return draw_flow_chart(steps, shown, findings.event)


def of_features(findings: Findings) -> dict[str, Figure]:
    """Figures of the features' reproducibility, and contact sheets of the masks they come from."""
    curves, figures = findings.curves, {}
    if "feature_icc" in curves:
        threshold = findings.records[keys.agreement_icc_threshold()].number
        figures["feature_icc"] = draw_feature_icc(curves["feature_icc"], threshold)
    if "thumbnails" in curves:
        thumbnails = curves["thumbnails"]
        figures |= contact_sheets(thumbnails[thumbnails["reference"]], findings.regions)
    if "registration_pictures" in curves:
        shown = curves["registration_pictures"]
        figures["registration"] = draw_registration(shown, findings.phases)
    return figures
