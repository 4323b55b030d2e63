"""Parts of a page beside its text, for Quarto and the preview: scripts, styles, running header."""

from __future__ import annotations

import html
import json
from pathlib import Path

STYLE = Path(__file__).parent / "style"
SCRIPTS = ("reader.js", "nomogram.js", "threshold_explorer.js", "patient_explorer.js")


def _read(name: str) -> str:
    return (STYLE / name).read_text(encoding="utf-8")


def _css_string(words: str) -> str:
    """`words` as a string of CSS, in which no sign can end the string or the style."""
    return (
        '"' + "".join(f"\\{ord(sign):x} " if sign in '"\\<>\n\r' else sign for sign in words) + '"'
    )


def page_head(subtitle: str | None = None) -> str:
    """Style of the html page; `subtitle` stands at the top of every printed page."""
    header = ""
    if subtitle:
        header = (
            f"@page {{ @top-right {{ content: {_css_string(subtitle)}; font: 8pt sans-serif; color:"
            " #555; } }\n"
        )
    return f"<style>\n{_read('reader.css')}{header}</style>\n"


def page_banner(subtitle: str | None = None) -> str:
    """Line above the html page that stays in sight while scrolled; empty without a subtitle."""
    return (
        f'<div class="running-header" role="note">{html.escape(subtitle)}</div>\n'
        if subtitle
        else ""
    )


def page_end() -> str:
    """Scripts at the end of a page, as HTML."""
    return "".join(f"<script>\n{_read(name)}</script>\n" for name in SCRIPTS)


def typst_header(subtitle: str | None = None) -> str:
    """The PDF's layout; `subtitle` stands at the top of every page."""
    words = json.dumps(subtitle or "", ensure_ascii=False)
    running = (
        f"#set page(header: align(right, text(size: 8pt, fill: luma(90), {words})))\n"
        if subtitle
        else ""
    )
    return _read("article.typ") + running
