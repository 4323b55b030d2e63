"""The font of all figures. Text of an SVG stays text, so what prints one needs the font as well."""

from pathlib import Path

FONT_FILES = Path(__file__).parent
