"""Files of a figure: SVG, PDF, PNG and TIFF.

They are as wide as a journal's column, the same bytes for the same numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from fontTools import subset
from fontTools.subset import Options
from matplotlib.figure import Figure
from PIL import Image

from analysis.core.cache import write_atomically
from analysis.reporting.figures.style import DOUBLE, FONTS, SETTINGS, SINGLE, SMALLEST, lay_out_with

# Vector for the web and the printer, 300 dots an inch for Word, JATS and submission systems.
KINDS = ("svg", "pdf", "png", "tiff")
# Without a date or a version, the same numbers give the same file.
METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}
# Inches: the room of the note, and what may stay empty in the height of a figure; the layout's own
# margins are 0.084.
NOTE, SLACK = 0.16, 0.1
# Of the inches of a height, and of the share of it that a place is at.
DIGITS = 9
# Layouts of a figure at the most, and inches that its edges may still move by in the last.
ROUNDS, STEADY = 8, 0.01
# Where the reader's screen has no Liberation Sans, letters of the same width take its place.
SCREEN_FONTS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "sans-serif")


def _reserve(figure: Figure, height: float, note: str | None) -> None:
    """Set the height of what is drawn, in inches, with room below it for a note."""
    room = NOTE if note else 0.0
    figure.set_figheight(height + room)
    if note:
        low = room / (height + room)
        lay_out_with(figure, rect=(0, low, 1, 1 - low))


def _add_note(figure: Figure, note: str) -> None:
    """A line small under the figure, which travels without its page."""
    height = figure.get_figheight()
    figure.text(
        0.995, 0.02 / height, note, ha="right", va="bottom", fontsize=SMALLEST, color="#666666"
    )
    # A legend beside the panels stands on the figure's edge, which is now the note's.
    low = NOTE / height
    for legend in figure.legends:
        legend.set_bbox_to_anchor((0, low, 1, 1 - low), transform=figure.transFigure)


def _settle(figure: Figure) -> float:
    """Lay out until nothing moves; returns the height of what is drawn, in inches.

    A legend wider than its panel takes room from the panel, which changes what the legend needs.
    The first round draws all parts, so that ticks and their labels are there; the others only lay
    them out.
    """
    figure.draw_without_rendering()
    engine, edges = figure.get_layout_engine(), figure.get_tightbbox().intervaly
    if engine is None:
        return float(edges[1] - edges[0])
    for _ in range(ROUNDS - 1):
        engine.execute(figure)
        before, edges = edges, figure.get_tightbbox().intervaly
        if np.allclose(before, edges, rtol=0, atol=STEADY):
            break
    return float(edges[1] - edges[0])


def _round_places(figure: Figure) -> None:
    """Round the figure's height and the places of its panels.

    The layout's solver adds up in the order of addresses in memory, so that the last bits differ
    from one process to another, and with them the names of clipped areas in an SVG.
    """
    figure.set_figheight(round(figure.get_figheight(), DIGITS))
    for axis in figure.axes:
        place = np.round(axis.get_position(original=True).bounds, DIGITS)
        axis.set_position(tuple(place), which="original")


def lay_out(figure: Figure, note: str | None = None) -> None:
    """Places of all parts of a figure, for good: as high as what is drawn, and with a note below.

    Pictures and squares are as high as their width allows, whatever the figure's height.
    """
    height = figure.get_figheight()
    _reserve(figure, height, note)
    drawn = _settle(figure)
    if height - drawn > SLACK:
        _reserve(figure, drawn + 0.9 * SLACK, note)
        _settle(figure)
    # Each file would lay it out again, twice, and with an engine that does nothing draw it twice.
    figure.set_layout_engine(None)
    _round_places(figure)
    if note:
        _add_note(figure, note)


class _LeanSubset(Options):
    """Subset of a font without the tables that text is laid out by.

    A PDF holds glyphs at their places and reads none of these; to cut them took most of the time of
    a file.
    """

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.drop_tables += ["GDEF", "GPOS", "GSUB"]


@contextmanager
def _lean_fonts() -> Iterator[None]:
    """Context in which matplotlib puts lean subsets of fonts into a PDF; it has no setting."""
    before = subset.Options
    subset.Options = _LeanSubset
    try:
        yield
    finally:
        subset.Options = before


def _names_of(fonts: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" if " " in name else name for name in fonts)


def _with_screen_fonts(svg: bytes) -> bytes:
    return svg.replace(_names_of(FONTS).encode(), _names_of(SCREEN_FONTS).encode())


def _tiff(png: bytes) -> bytes:
    """The same dots without transparency, which journals refuse."""
    content = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    flat.save(content, format="TIFF", compression="tiff_lzw", dpi=(300, 300))
    return content.getvalue()


def contents_of(figure: Figure, name: str, note: str | None) -> dict[str, bytes]:
    """Content of a figure in each of KINDS; closes the figure.

    note: printed small under the figure. The width is the figure's own, SINGLE or DOUBLE; the
    height is that of what is drawn. Raises ValueError, with the name, for another width.
    """
    if not any(abs(figure.get_figwidth() - width) < 1e-6 for width in (SINGLE, DOUBLE)):
        raise ValueError(
            f"the figure {name} is {25.4 * figure.get_figwidth():.1f} mm wide; journals print"
            " 85 or 170 mm"
        )
    content: dict[str, bytes] = {}
    with plt.rc_context(SETTINGS):
        lay_out(figure, note)
        with _lean_fonts():
            for kind, metadata in METADATA.items():
                stream = io.BytesIO()
                figure.savefig(stream, format=kind, metadata=metadata)
                content[kind] = stream.getvalue()
    plt.close(figure)
    content["svg"] = _with_screen_fonts(content["svg"])
    content["tiff"] = _tiff(content["png"])
    return {kind: content[kind] for kind in KINDS}


def save_figure(content: Mapping[str, bytes], path: Path) -> list[Path]:
    """Write a figure's content of each kind, atomically; returns the files. path: no suffix."""
    return [
        write_atomically(path.with_name(f"{path.name}.{kind}"), each)
        for kind, each in content.items()
    ]
