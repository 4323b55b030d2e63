"""What a rendered html page asks of other hosts, found in its markup: nothing, if all is well."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

# What a browser follows by itself; an address in <a href> waits for the reader.
FOLLOWED = ("src", "href", "xlink:href", "srcset", "data", "poster", "action", "background")
ELSEWHERE = re.compile(r"^\s*(?:https?:|wss?:|ftp:)?//", re.I)
IN_STYLE = re.compile(r"(?:url\(|@import)\s*(?:url\()?\s*[\"']?\s*(?:https?:)?//[^)\"';\s]*", re.I)
IN_SCRIPT = re.compile(r"\b(?:fetch|import|importScripts)\(\s*[\"'`](?:https?:)?//[^\"'`]*", re.I)


def _decoded(address: str) -> str:
    """Text of a data: address."""
    head, _, body = address.partition(",")
    content = unquote_to_bytes(body)
    return (base64.b64decode(content) if head.endswith(";base64") else content).decode(
        "utf-8", "replace"
    )


class Asked(HTMLParser):
    """`found`: each place of a page at which a browser would ask another host."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._tag = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self._tag = tag
        for name, value in attributes:
            value = value or ""
            if name in FOLLOWED and tag not in ("a", "area") and ELSEWHERE.match(value):
                self.found.append(f"<{tag} {name}={value[:80]}>")
            if name == "style":
                self.found += IN_STYLE.findall(value)
            if name in ("src", "href", "xlink:href") and value.startswith("data:text/css"):
                self.found += IN_STYLE.findall(_decoded(value))
            if name == "src" and value.startswith(
                ("data:application/javascript", "data:text/javascript")
            ):
                self.found += IN_SCRIPT.findall(_decoded(value))

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag == "style":
            self.found += IN_STYLE.findall(data)
        if self._tag == "script":
            self.found += IN_SCRIPT.findall(data)


def asked(text: str) -> list[str]:
    """Places at which a browser that opens the html page `text` would ask another host."""
    return Asked(text).found
