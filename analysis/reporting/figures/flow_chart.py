"""Flow of patients: from the cohort to those whose outcome models could learn or be judged on."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, SETTINGS, panels

BOX = {"boxstyle": "round,pad=0.6", "facecolor": "#f1f6f9", "edgecolor": "#22577a", "linewidth": 1}
ASIDE = BOX | {"facecolor": "#fbf3ee", "edgecolor": "#b3541e"}
LINE = {"color": "#5b6675", "linewidth": 1.1, "zorder": 0}


def draw_flow_chart(
    counts: Mapping[str, int],
    event: str,
    external: Mapping[str, str] | None = None,
    excluded: Mapping[str, int] | None = None,
) -> Figure:
    """counts: n, labelled, unknown, and for each cohort `<cohort>.n`, `.events`, `.non_events`.

    event: what the outcome is called, as within a sentence. Patients of unknown outcome are drawn
    only where there are some.
    external: name -> label of further validation cohorts. excluded: reason -> patients of the table
    who are not in the cohort.
    """
    cohorts = {"training": "Training", "validation": "Validation", **(external or {})}
    cohorts = {
        name: label
        for name, label in cohorts.items()
        if counts[f"{name}.n"] or name == "validation"
    }
    wide = 2.0 + 2.5 * len(cohorts)
    figure, (axis,) = panels(1, height=3.9 if excluded else 3.0, width=DOUBLE)
    arrow = {
        "arrowstyle": "-|>",
        "color": LINE["color"],
        "linewidth": LINE["linewidth"],
        "shrinkA": 0,
        "shrinkB": 0,
    }
    columns = (
        {"training": 2.0, "validation": 6.0}
        if list(cohorts) == ["training", "validation"]
        else (
            {"validation": 4.0}
            if len(cohorts) == 1
            else {name: wide / len(cohorts) * (place + 0.5) for place, name in enumerate(cohorts)}
        )
    )
    middle = sum(columns.values()) / len(columns)
    with plt.rc_context(SETTINGS):
        axis.set(xlim=(0, max(10.0, wide)), ylim=(0, 13 if excluded else 10))
        axis.axis("off")
        axis.annotate("", (middle, 5.95), (middle, 8.8), arrowprops=arrow, zorder=0)
        axis.plot([middle, middle], [5.2, 3.6], **LINE)
        axis.plot([min(columns.values()), max(columns.values())], [3.6, 3.6], **LINE)
        axis.text(
            middle,
            9.1,
            f"Patients in the cohort\nn = {counts['n']}",
            ha="center",
            va="center",
            bbox=BOX,
        )
        if excluded:
            total = sum(excluded.values())
            axis.annotate("", (middle, 9.85), (middle, 11.8), arrowprops=arrow, zorder=0)
            axis.text(
                middle,
                12.1,
                f"Patients in the table\nn = {counts['n'] + total}",
                ha="center",
                va="center",
                bbox=BOX,
            )
            axis.annotate("", (middle + 2.3, 10.9), (middle, 10.9), arrowprops=arrow, zorder=0)
            reasons = "\n".join(f"{reason}: {count}" for reason, count in excluded.items())
            axis.text(
                middle + 2.45,
                10.9,
                f"Excluded, n = {total}\n{reasons}",
                ha="left",
                va="center",
                fontsize=7,
                bbox=ASIDE,
            )
        if counts["unknown"]:
            axis.annotate("", (middle + 2.3, 7.3), (middle, 7.3), arrowprops=arrow, zorder=0)
            axis.text(
                middle + 2.45,
                7.3,
                f"Outcome unknown, n = {counts['unknown']}\ncensored or died before the"
                " horizon;\nin survival analyses only",
                ha="left",
                va="center",
                fontsize=7,
                bbox=ASIDE,
            )
        axis.text(
            middle,
            5.2,
            f"Outcome known\nn = {counts['labelled']}",
            ha="center",
            va="center",
            bbox=BOX,
        )
        for name, x in columns.items():
            axis.annotate("", (x, 2.1), (x, 3.6), arrowprops=arrow, zorder=0)
            text = (
                f"{cohorts[name]}, n = {counts[f'{name}.n']}\n{event[:1].upper()}{event[1:]}:"
                f" {counts[f'{name}.events']}\nNo {event}: {counts[f'{name}.non_events']}"
            )
            axis.text(x, 1.2, text, ha="center", va="center", bbox=BOX)
    return figure
