"""What a printed figure must keep: its width, letters that can be read, and none over another."""

from itertools import combinations
from unittest.mock import patch

from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.reporting.figures.files import lay_out
from analysis.reporting.figures.style import DOUBLE, SINGLE, SMALLEST

# Dots at a figure's 110 an inch: boxes of text have a little air around their letters.
AIR = 1.0


def faults_in_print(figure: Figure, note: str = "Synthetic cohort: no patients") -> list[str]:
    """Faults of a figure at its printed size, in words; lays it out as for its files."""
    lay_out(figure, note)
    renderer = figure.canvas.get_renderer()
    faults = []
    if min(abs(figure.get_figwidth() - width) for width in (SINGLE, DOUBLE)) > 1e-6:
        faults.append(f"{25.4 * figure.get_figwidth():.1f} mm wide")
    boxes = [(text, text.get_window_extent(renderer)) for text in _drawn_texts(figure)]
    for text, box in boxes:
        if text.get_fontsize() < SMALLEST - 1e-6:
            faults.append(f"'{text.get_text()}' has {text.get_fontsize()} points")
        if (
            box.x0 < -AIR
            or box.x1 > figure.bbox.x1 + AIR
            or box.y0 < -AIR
            or box.y1 > figure.bbox.y1 + AIR
        ):
            faults.append(f"'{text.get_text()}' leaves the figure")
    for (one, first), (other, second) in combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        along = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > AIR and along > AIR:
            faults.append(f"'{one.get_text()}' is over '{other.get_text()}'")
    return faults


def _drawn_texts(figure: Figure) -> list[Text]:
    """Texts that are drawn: ticks beyond the ends of their axis, for one, are not."""
    drawn = []
    draw = Text.draw

    def noted(text: Text, *arguments, **options) -> None:
        drawn.append(text)
        draw(text, *arguments, **options)

    with patch.object(Text, "draw", noted):
        figure.draw_without_rendering()
    shown = {id(text): text for text in drawn if text.get_visible() and text.get_text().strip()}
    return list(shown.values())
