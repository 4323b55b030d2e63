"""Text of a study's data as Markdown that shows it as it is.

This is the one place that escapes for html, typst, Word and JATS.

Signs that pandoc or Quarto would act on become numeric character references (`@` is `&#64;`): these
hold in running text, in cells of pipe tables, in attributes and before Quarto's shortcodes and
cross-references, where a backslash does not hold everywhere; and from there on each writer escapes
for its own format. Text that went through once is the same after a second time, so a sentence can
be put together from parts and filled again.
"""

from __future__ import annotations

import html
import re

# Emphasis and lowered signs; of a raised sign the first mark stays, since 10^3 isn't 103.
_MARKED = re.compile(r"(\*{1,2}|~)(?=\S)([^*~]+?)(?<=\S)\1|(\^[^\s^]+)\^")
_ACTIVE = re.compile(
    r"&#\d+;"  # a reference, as this module writes them
    r"""|[\\`*~^$@\[\]<>{}|"#&]"""
    r"|(?<![^\W_])_|_(?![^\W_])"  # between two letters an underscore is a letter
    r"|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\."  # pandoc's dashes and ellipsis
)
# At the start of a line: a list, a definition, a fenced block, a rule under a heading, a title.
_START = re.compile(r"^( ?)(%|[-+:=!](?![\w.]))")
_NUMBERED = re.compile(r"^( ?\(?\w+)([.)])(?=\s|$)")
# Word and typst refuse a document with these.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _reference(sign: str) -> str:
    return sign if len(sign) > 1 else f"&#{ord(sign)};"


def literal(text: object) -> str:
    """`text` as Markdown in which nothing is markup, on one line."""
    line = re.sub(r"[ \t\r\n\u2028\u2029]+", " ", _CONTROL.sub("", str(text)))
    line = _ACTIVE.sub(lambda match: _reference(match[0]), line)
    line = _START.sub(lambda match: match[1] + _reference(match[2]), line)
    return _NUMBERED.sub(lambda match: match[1] + _reference(match[2]), line)


def unmarked(text: str) -> str:
    """A sentence of the package without its Markdown, as a terminal shows it.

    Signs that `literal` wrote as references are signs again.
    """
    return html.unescape(_MARKED.sub(r"\2\3", text))


def paired_brackets(text: str) -> str:
    """Markdown whose square brackets without a partner are shown as signs; the others stay."""
    opened, alone = [], set()
    for place, sign in enumerate(text):
        if sign == "[" and text[place - 1 : place] != "\\":
            opened.append(place)
        elif sign == "]" and text[place - 1 : place] != "\\":
            alone |= set() if opened else {place}
            opened = opened[:-1]
    alone |= set(opened)
    return "".join(_reference(sign) if n in alone else sign for n, sign in enumerate(text))


def code(text: object) -> str:
    """`text` as inline code.

    Quarto fills in shortcodes within code too, so what holds one is plain text.
    """
    line = " ".join(str(text).split())
    if "{{<" in line or not line:
        return literal(line)
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"
