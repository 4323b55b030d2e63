"""What the html page has beside its text: the reader's script and style, within the page, for Quarto and for the preview."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("reader.js", "nomogram.js")


def page_head() -> str:
    return f"<style>\n{(HERE / 'reader.css').read_text(encoding='utf-8')}</style>\n"


def page_end() -> str:
    return "".join(f"<script>\n{(HERE / name).read_text(encoding='utf-8')}</script>\n" for name in SCRIPTS)
