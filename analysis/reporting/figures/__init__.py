"""Figures: they receive numbers and compute none; one figure a file."""

from analysis.reporting.figures.calibration import draw_calibration
from analysis.reporting.figures.decision_curve import draw_decision_curve
from analysis.reporting.figures.draw_all import draw_all
from analysis.reporting.figures.flow_chart import draw_flow_chart
from analysis.reporting.figures.forest import draw_forest
from analysis.reporting.figures.kaplan_meier import draw_kaplan_meier
from analysis.reporting.figures.roc import draw_roc

__all__ = [
    "draw_all",
    "draw_calibration",
    "draw_decision_curve",
    "draw_flow_chart",
    "draw_forest",
    "draw_kaplan_meier",
    "draw_roc",
]
