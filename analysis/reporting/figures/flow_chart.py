"""Flow of patients, from those screened to those analysed, in the form of CONSORT and TRIPOD.

Boxes stand one above the other, and those who leave beside the arrow that they leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.flow_boxes import (
    ASIDE,
    INSIDE,
    LINE,
    MAIN,
    box_width,
    draw_arrow,
    draw_box,
    height_of,
    wrapped,
)
from analysis.reporting.figures.style import DOUBLE, SETTINGS, lay_out_with, panels

# Millimetres: the figure's width, between two boxes, from an arrow to those who leave it, and of
# the lines of those.
WIDTH, GAP, BESIDE, REASONS = 170.0, 5.0, 5.0, 68.0
# Cohorts beside each other between which there is room for those of unknown outcome.
FEW = 3


@dataclass(frozen=True)
class Step:
    """Patients at one step of the flow, and who leaves after it.

    left: what those who leave are called; reasons: reason → how many.
    """

    name: str
    count: int
    left: str | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """Text of the box."""
        return [self.name, f"n = {self.count}"]

    @property
    def lines_of_left(self) -> list[str]:
        """Text of the box of those who leave; none where nobody does."""
        if self.left is None:
            return []
        words = [f"{self.left}, n = {sum(self.reasons.values())}"]
        for reason, count in self.reasons.items():
            first, *rest = wrapped(f"{reason}, n = {count}", REASONS - 4, ASIDE)
            words += [f"• {first}", *(f"   {line}" for line in rest)]
        return words


@dataclass(frozen=True)
class CohortFlow:
    """Patients of one cohort: of known outcome with and without the event, and of unknown one."""

    label: str
    events: int
    non_events: int
    unknown: int = 0


def draw_flow_chart(steps: Sequence[Step], cohorts: Sequence[CohortFlow], event: str) -> Figure:
    """Figure of the flow of patients.

    steps: from the first one to the patients who are divided into cohorts. event: what the outcome
    is called, as within a sentence.
    """
    beside = len(cohorts) <= FEW and any(cohort.unknown for cohort in cohorts)
    columns = [_Column(cohort, event, WIDTH / len(cohorts), beside) for cohort in cohorts]
    height = (
        sum(height_of(step.lines) + _below(step.lines_of_left) for step in steps)
        + (GAP if len(cohorts) > 1 else 0)
        + max(column.height for column in columns)
    )
    figure, (axis,) = panels(1, height=(height + 2) / 25.4, width=DOUBLE)
    lay_out_with(figure, w_pad=0, h_pad=0)
    with plt.rc_context(SETTINGS):
        axis.set(xlim=(0, WIDTH), ylim=(height + 1, -1))
        axis.axis("off")
        down, middle = 0.0, WIDTH / 2
        for step in steps:
            draw_box(
                axis,
                middle - box_width(step.lines, MAIN) / 2,
                top=down,
                lines=step.lines,
                look=MAIN,
            )
            down += height_of(step.lines)
            down = _draw_leaving(
                axis, middle, top=down, leaving=step.lines_of_left, arrow=step is not steps[-1]
            )
        centres = [
            WIDTH / len(cohorts) * (number + 0.5) - column.shift
            for number, column in enumerate(columns)
        ]
        if len(cohorts) > 1:
            axis.plot([middle, middle], [down - GAP, down], **LINE, zorder=0)
            axis.plot([centres[0], centres[-1]], [down, down], **LINE, zorder=0)
        for centre, column in zip(centres, columns, strict=True):
            start = down if len(cohorts) > 1 else down - GAP
            top = start + GAP
            draw_arrow(axis, (centre, start), (centre, top))
            column.draw(axis, centre, top)
    return figure


def _below(leaving: Sequence[str]) -> float:
    """Room below a box: between two boxes, or for those who leave."""
    return GAP if not leaving else height_of(leaving, ASIDE) + 4


def _draw_leaving(
    axis: Axes, x: float, top: float, leaving: Sequence[str], arrow: bool = True
) -> float:
    """The arrow below a box, and beside it those who leave; returns where the next box begins."""
    bottom = top + _below(leaving)
    if arrow:
        draw_arrow(axis, (x, top), (x, bottom))
    if leaving:
        height = height_of(leaving, ASIDE)
        at = top + (bottom - top) / 2
        draw_arrow(axis, (x, at), (x + BESIDE, at))
        draw_box(
            axis,
            x + BESIDE,
            top=at - height / 2,
            lines=leaving,
            look=ASIDE,
            centred=len(leaving) < 2,
        )
    return bottom


class _Column:
    """Boxes of one cohort, below each other: all of its patients, and those analysed."""

    def __init__(self, cohort: CohortFlow, event: str, width: float, beside: bool) -> None:
        known = cohort.events + cohort.non_events
        self.leaving = (
            ["Outcome unknown", f"n = {cohort.unknown}"] if beside and cohort.unknown else []
        )
        aside = BESIDE + box_width(self.leaving, ASIDE) if self.leaving else 0.0
        # To the left, where those who leave would not fit into the column.
        self.shift = max(0.0, aside + 1 - width / 2)
        text = width - 2 * self.shift - 2 * INSIDE - 3
        name = wrapped(cohort.label, text, MAIN)
        outcomes = [
            *wrapped(f"{event[:1].upper()}{event[1:]}: {cohort.events}", text, MAIN),
            *wrapped(f"No {event}: {cohort.non_events}", text, MAIN),
        ]
        if cohort.unknown and not beside:
            outcomes.append(f"Outcome unknown: {cohort.unknown}")
        if beside:
            self.boxes = [
                [*name, f"n = {known + cohort.unknown}"],
                [f"Analysed, n = {known}", *outcomes],
            ]
        else:
            self.boxes = [[*name, f"n = {known + cohort.unknown}", *outcomes]]

    @property
    def _between(self) -> float:
        return _below(["", ""])

    @property
    def height(self) -> float:
        """From the division of the cohorts to the foot of the last box, in millimetres."""
        between = self._between * (len(self.boxes) - 1)
        return GAP + sum(map(height_of, self.boxes)) + between

    def draw(self, axis: Axes, centre: float, top: float) -> None:
        """Draw the boxes around a centre, from the top down."""
        for number, lines in enumerate(self.boxes):
            draw_box(axis, centre - box_width(lines, MAIN) / 2, top=top, lines=lines, look=MAIN)
            top += height_of(lines)
            if number < len(self.boxes) - 1:
                bottom = top + self._between
                draw_arrow(axis, (centre, top), (centre, bottom))
                if self.leaving:
                    height, at = height_of(self.leaving, ASIDE), (top + bottom) / 2
                    draw_arrow(axis, (centre, at), (centre + BESIDE, at))
                    draw_box(
                        axis, centre + BESIDE, top=at - height / 2, lines=self.leaving, look=ASIDE
                    )
                top = bottom
