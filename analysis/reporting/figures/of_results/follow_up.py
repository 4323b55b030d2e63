"""Figures of follow-up: survival by risk group and by stage, cumulative incidence."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.reporting.figures.cumulative_incidence import draw_cumulative_incidence
from analysis.reporting.figures.findings import Findings
from analysis.reporting.figures.kaplan_meier import draw_kaplan_meier
from analysis.reporting.figures.stages import draw_stages
from analysis.reporting.number_style import format_interval, format_number, plain_p_statement
from analysis.reporting.survival_name import survival_name
from analysis.results import keys


def of_follow_up(findings: Findings) -> dict[str, Figure]:
    """Figures of survival and of cumulative incidence.

    They show survival by risk group and by stage, and the incidence of either event, where the
    patients were followed.
    """
    curves, labels = findings.curves, findings.labels
    figures: dict[str, Figure] = {}
    if "kaplan_meier" not in curves:
        return figures
    horizon = findings.records.get(keys.endpoint_horizon_months())
    months = None if horizon is None or horizon.value is None else horizon.number
    groups = curves["kaplan_meier"]["group"].astype(str)
    named = {"training": labels["out_of_fold"], "validation": labels["validation"]}
    cohorts = {
        name: label for name, label in named.items() if groups.str.startswith(f"{name}:").any()
    }
    if cohorts:
        figures["kaplan_meier"] = draw_kaplan_meier(
            curves["kaplan_meier"],
            list(cohorts),
            labels=cohorts,
            horizon=months,
            survival=survival_name(findings.event).capitalize(),
            comparisons={cohort: _group_comparison(findings, cohort) for cohort in cohorts},
        )
    if findings.has_points("stages"):
        figures["stages"] = draw_stages(
            curves["stages"], labels, months, survival_name(findings.event).capitalize()
        )
    if findings.has_points("cumulative_incidence"):
        figures["cumulative_incidence"] = draw_cumulative_incidence(
            curves["cumulative_incidence"], list(cohorts), cohorts, months
        )
    return figures


def _group_comparison(findings: Findings, cohort: str) -> str:
    """Hazard ratio of high against low risk, and the log-rank test where one was made."""
    ratio = findings.records.get(keys.hazard_ratio("any_event", cohort))
    test = findings.records.get(keys.log_rank_risk_group(cohort))
    lines = []
    if ratio is not None and ratio.ci_low is not None and ratio.ci_high is not None:
        interval = format_interval(ratio.ci_low, ratio.ci_high, ratio.unit)
        lines.append(f"Hazard ratio, {format_number(ratio.number, ratio.unit)} ({interval})")
    if test is not None and test.p is not None:
        # Letters of a figure are no Markdown.
        lines.append(f"Log-rank {plain_p_statement(test.p)}")
    return "\n".join(lines)
