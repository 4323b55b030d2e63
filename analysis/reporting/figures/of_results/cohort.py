"""Figures of the cohort: flow chart, contact sheets of the images, reproducibility of features."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.reporting.figures.contact_sheet import contact_sheets
from analysis.reporting.figures.feature_icc import draw_feature_icc
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.flow_chart import draw_flow_chart
from analysis.reporting.wordings.result_ids import EXCLUSIONS, in_words
from analysis.results import keys


def flow_chart(findings: Findings) -> Figure:
    """Patients by cohort and outcome, and those who were excluded, by reason."""
    records = findings.records
    counts = {
        name: int(records[key].number)
        for name, key in (
            ("n", keys.cohort_n()),
            ("labelled", keys.cohort_labelled_n()),
            ("unknown", keys.cohort_unknown_n()),
        )
    }
    for cohort in ("training", "validation", *findings.external):
        for what in ("n", "events", "non_events"):
            counts[f"{cohort}.{what}"] = int(
                records[keys.named(f"{what}_of_cohort")(cohort)].number
            )
    excluded = {
        in_words(EXCLUSIONS, parts["reason"]): int(record.number)
        for parts, record in keys.excluded.of(records)
    }
    external = {name: findings.labels[name] for name in findings.external}
    return draw_flow_chart(counts, findings.event, external, excluded)


def of_features(findings: Findings) -> dict[str, Figure]:
    """Figures of the features' reproducibility, and contact sheets of the masks they come from."""
    curves, figures = findings.curves, {}
    if "feature_icc" in curves:
        threshold = findings.records[keys.agreement_icc_threshold()].number
        figures["feature_icc"] = draw_feature_icc(curves["feature_icc"], threshold)
    if "thumbnails" in curves:
        figures |= contact_sheets(curves["thumbnails"])
    return figures
