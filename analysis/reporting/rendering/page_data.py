"""Blocks of the html page that its scripts make from data within the page, without network."""

from __future__ import annotations

import json
from typing import Any

from analysis.reporting.manuscript import Shown


def interactive_block(name: str, title: str, note: str, data: dict[str, Any]) -> Shown:
    """Raw html of one interactive part; other formats leave it out.

    name: class of the section, which `only_text.lua` has to know; title: its heading, and its name
    for screen readers; note: what follows the heading, without `<` and `>`; data: what the script
    reads, as JSON.
    """
    text = (
        json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
    )
    return Shown(
        f'```{{=html}}\n<section class="{name}" aria-label="{title}"><strong>{title}</strong>'
        f' {note}<script type="application/json">{text}</script></section>\n```\n'
    )
