"""A figure as it was beside the figure as it is."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

GAP, BAND = 24, 56
# Wider figures than this stand one above the other, so that both can be read.
WIDE = 1.5


def side_by_side(old: bytes, new: bytes, titles: tuple[str, str]) -> bytes:
    """Two PNGs of any size as one, each under its title, on white; the smaller is not enlarged."""
    left, right = (Image.open(io.BytesIO(content)).convert("RGB") for content in (old, new))
    stacked = max(left.width / left.height, right.width / right.height) > WIDE
    places = [(0, BAND), (0, 2 * BAND + GAP + left.height) if stacked else (left.width + GAP, BAND)]
    ends = [
        (across + image.width, down + image.height)
        for (across, down), image in zip(places, (left, right), strict=True)
    ]
    size = max(across for across, _ in ends), max(down for _, down in ends)
    canvas = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(size=30)
    for image, title, (across, down) in zip((left, right), titles, places, strict=True):
        draw.text((across + 10, down - BAND + 10), title, fill="#22577a", font=font)
        canvas.paste(image, (across, down))
    content = io.BytesIO()
    canvas.save(content, format="PNG", compress_level=3)
    return content.getvalue()
