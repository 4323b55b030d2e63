"""The rendered article as a bundle holds it: without a pixel of a patient's image."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from analysis.core.project_folder import manuscript_path
from analysis.core.word_lists import counted
from analysis.study import Study

PAGES = ("index", "supplement")
FOLDER = "article"
PICTURE = re.compile(r"data:image/([\w+.-]+)((?:;[\w=-]+)*),([^\"')\s]*)")
# What a page embeds; none of it is text that a reader sees.
EMBEDDED = re.compile(r"data:[\w/+.-]+(?:;[\w=-]+)*,[^\"')\s]*")
# A PNG inside an SVG, and how narrow one is that holds a scale of colours.
INSIDE = re.compile(rb"<image[^>]*?data:image/png;base64,([^\"']*)")
SCALE_PIXELS = 8
_WITHHELD = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='480' height='60'><rect width='100%'"
    " height='100%' fill='#eee'/><text x='12' y='36' font-family='sans-serif' font-size='14'>Not in"
    " the bundle: a figure with pixels of images</text></svg>"
)
WITHHELD = "data:image/svg+xml;base64," + base64.b64encode(_WITHHELD.encode()).decode()


def _holds_pixels(kind: str, options: str, content: str) -> bool:
    """Whether an embedded picture holds pixels of an image.

    All but SVG do, and SVG with a picture in it that is more than a scale of colours.
    """
    if kind != "svg+xml":
        return True
    try:
        found = base64.b64decode(content) if "base64" in options else unquote_to_bytes(content)
    except (binascii.Error, ValueError):
        return True
    pictures = INSIDE.findall(found)
    # One for each `<image`: what is embedded in another way is taken for an image.
    return len(pictures) != max(found.count(b"<image"), found.count(b"data:image")) or not all(
        map(_is_scale, pictures)
    )


def _is_scale(content: bytes) -> bool:
    """Whether a PNG is too narrow to show anything but a scale of colours."""
    try:
        start = base64.b64decode(content)[:24]
    except binascii.Error:
        return False
    if len(start) < 24 or not start.startswith(b"\x89PNG"):
        return False
    return min(int.from_bytes(start[16:20]), int.from_bytes(start[20:24])) <= SCALE_PIXELS


def without_pixels(page: str) -> tuple[str, int]:
    """An html page whose figures with pixels are left out, and how many these are."""
    count = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal count
        if not _holds_pixels(found[1], found[2], found[3]):
            return found[0]
        count += 1
        return WITHHELD

    return PICTURE.sub(kept, page), count


def shared_article(study: Study) -> tuple[dict[str, bytes], list[str]]:
    """Files of the rendered article and supplement, and what of them is withheld, in words.

    It is empty, with the reason, where they were not rendered from the results as they are.
    """
    folder = manuscript_path(study.path, study.study.name) / "_report" / "report"
    pages = {name: folder / f"{name}.html" for name in PAGES}
    there = {name: path for name, path in pages.items() if path.is_file()}
    if "index" not in there:
        return {}, [
            "the rendered article: it was not rendered yet (`early-recurrence render`, then"
            " `bundle` again)"
        ]
    if _older(there["index"], study.output_folder / "results.json"):
        return {}, [
            "the rendered article: it is older than the results (`early-recurrence render`, then"
            " `bundle` again)"
        ]
    files, said = {}, []
    for name, path in there.items():
        page, count = without_pixels(path.read_text(encoding="utf-8"))
        files[f"{FOLDER}/{name}.html"] = page.encode("utf-8")
        if count:
            said.append(
                f"{counted(count, 'figure')} of {FOLDER}/{name}.html with pixels: they may show"
                " patients' images; the submitted manuscript has them"
            )
    return files, said


def _older(page: Path, results: Path) -> bool:
    return page.stat().st_mtime_ns < results.stat().st_mtime_ns


def visible(content: bytes) -> bytes:
    """A page without what it embeds, in which chance letters may look like a name."""
    return EMBEDDED.sub("", content.decode("utf-8", errors="replace")).encode("utf-8")
