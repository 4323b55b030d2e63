"""Figures of a submission: PDF and TIFF as wide as the journal prints, at its dots an inch."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import typst
from PIL import Image

from analysis.reporting.fonts import FONT_FILES
from analysis.study.journals import DPI, WIDTHS_MM, Figures

MM_PER_INCH, POINTS_PER_INCH = 25.4, 72
SVG_WIDTH = re.compile(rb'<svg[^>]*?\swidth="([\d.]+)pt"', re.DOTALL)


def drawn_width(figure: Path) -> float:
    """Millimetres that a figure was drawn for. figure: without suffix.

    Raises ValueError where neither a vector figure nor a picture of it is there.
    """
    vector = figure.with_name(f"{figure.name}.svg")
    if vector.is_file() and (match := SVG_WIDTH.search(vector.read_bytes()[:4000])):
        return float(match[1]) / POINTS_PER_INCH * MM_PER_INCH
    picture = figure.with_name(f"{figure.name}.png")
    if picture.is_file():
        with Image.open(picture) as opened:
            return opened.width / DPI * MM_PER_INCH
    raise ValueError(f"the figure {figure.name} has neither an SVG nor a PNG file")


def journal_width(figure: Path, asked: Figures) -> float:
    """One column or both, whichever is nearer to what it was drawn for: millimetres."""
    single, double = asked.widths_mm
    drawn = drawn_width(figure)
    return single if drawn < sum(WIDTHS_MM) / 2 else double


def _tiff(png: bytes, dpi: int) -> bytes:
    content = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    flat.save(content, format="TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
    return content.getvalue()


def write_figure(figure: Path, target: Path, asked: Figures) -> list[Path]:
    """`<target>.pdf` and `<target>.tiff`; returns them.

    figure: without suffix, as `save_figure` wrote it. Its own files are taken where they have the
    journal's width and dots; else both are drawn from the vector figure (or the picture), so that
    no dot is made up where there are lines.
    """
    width = journal_width(figure, asked)
    pdf, tiff = target.with_name(f"{target.name}.pdf"), target.with_name(f"{target.name}.tiff")
    own = [figure.with_name(f"{figure.name}.{kind}") for kind in ("pdf", "tiff")]
    as_drawn = width in WIDTHS_MM and asked.dpi == DPI and all(each.is_file() for each in own)
    if as_drawn:
        for source, copy in zip(own, (pdf, tiff), strict=True):
            shutil.copyfile(source, copy)
        return [pdf, tiff]
    vector = figure.with_name(f"{figure.name}.svg")
    drawn = vector if vector.is_file() else figure.with_name(f"{figure.name}.png")
    page = figure.with_name(f"{figure.name}.page.typ")
    page.write_text(
        f"#set page(width: {width}mm, height: auto, margin: 0pt)\n"
        f'#image("{drawn.name}", width: 100%)\n',
        encoding="utf-8",
    )
    fonts = [str(FONT_FILES)]
    typst.compile(str(page), output=str(pdf), root=str(page.parent), font_paths=fonts)
    png = typst.compile(
        str(page), format="png", ppi=asked.dpi, root=str(page.parent), font_paths=fonts
    )
    tiff.write_bytes(_tiff(bytes(png), asked.dpi))
    page.unlink()
    return [pdf, tiff]
