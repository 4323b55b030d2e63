"""Fences of a page that are run, and what stands in their place when they were."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

KINDS = ("run", "file", "edit", "show", "picture", "cell")
# Any fence: one within a longer fence is an example, and not run.
FENCE = re.compile(
    r"^(?P<marks>`{3,})(?P<head>[^\n`]*)\n(?P<body>.*?)^(?P=marks)`*[ ]*$",
    re.MULTILINE | re.DOTALL,
)
HEAD = re.compile(rf"\{{(?P<kind>{'|'.join(KINDS)})\}}[ ]*(?P<argument>.*)")
OPTION = re.compile(r"^:(\w+): *(.*)\n", re.MULTILINE)
CONTINUES = re.compile(r"\A---\n(?:.*\n)*?continues: *(\S+)\n(?:.*\n)*?---\n")


@dataclass(frozen=True)
class Block:
    """One fence: kind, argument, options and text."""

    kind: str
    argument: str
    text: str
    options: dict[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def commands(self) -> list[str]:
        """Commands of a `run` block; a backslash at a line's end goes on with the next."""
        return [line for line in re.split(r"(?<!\\)\n", self.text.strip("\n")) if line.strip()]


@dataclass(frozen=True)
class Page:
    """Page with the fences that are run. continues: page whose folder it begins with."""

    name: str
    blocks: tuple[Block, ...]
    continues: str | None = None


def page_of(name: str, text: str) -> Page:
    """Read the fences of a page."""
    blocks = []
    for match in FENCE.finditer(text):
        if (head := HEAD.fullmatch(match["head"])) is None:
            continue
        body, options = match["body"], {}
        while option := OPTION.match(body):
            options[option[1]] = option[2].strip()
            body = body[option.end() :]
        blocks.append(
            Block(
                head["kind"],
                head["argument"].strip(),
                body,
                options,
                text.count("\n", 0, match.start()) + 1,
            )
        )
    continues = CONTINUES.match(text)
    return Page(name, tuple(blocks), continues[1] if continues else None)


def _fenced(language: str, text: str) -> str:
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", text) or [""]))
    return f"{marks}{language}\n{text.rstrip()}\n{marks}\n"


def shortened(text: str, options: dict[str, str]) -> str:
    """First and last lines of an output, with the number of those between."""
    lines = text.rstrip("\n").split("\n")
    head, tail = int(options.get("head", 0)), int(options.get("tail", 0))
    if not (head or tail) or head + tail >= len(lines):
        return "\n".join(lines)
    left_out = len(lines) - head - tail
    return "\n".join(
        [*lines[:head], f"[… {left_out} more lines]", *(lines[-tail:] if tail else [])]
    )


def _run(block: Block, outcome: dict[str, Any]) -> str:
    said = []
    for command, output in zip(block.commands, outcome["outputs"], strict=True):
        said.append("$ " + command.replace("\\\n", "\\\n> "))
        if output.strip() and block.options.get("output") != "none":
            said.append(shortened(output, block.options))
    return _fenced("console", "\n".join(said))


def _cell(block: Block, outcome: dict[str, Any]) -> str:
    parts = [_fenced("python", block.text)]
    for kind, content in outcome["shown"]:
        if kind == "image":
            parts.append(f"![What the cell shows]({content})\n")
        elif kind == "html":
            parts.append(_fenced("{raw} html", content))
        else:
            parts.append(_fenced("text", shortened(content, block.options)))
    return "\n".join(parts)


def _language(path: str) -> str:
    ends = {"yml": "yaml", "py": "python", "md": "markdown", "qmd": "markdown", "json": "json"}
    return ends.get(path.rsplit(".", 1)[-1], "text")


def _place(block: Block, outcome: dict[str, Any]) -> str:
    if block.kind == "run":
        return _run(block, outcome)
    if block.kind == "cell":
        return _cell(block, outcome)
    if block.kind == "picture":
        return f"![{block.text.strip()}]({outcome['path']})\n"
    if block.kind == "show":
        return f"`{block.argument}`:\n\n" + _fenced(
            _language(block.argument), shortened(outcome["text"], block.options)
        )
    language = "diff" if block.kind == "edit" else _language(block.argument)
    words = "In" if block.kind == "edit" else "Write"
    return f"{words} `{block.argument}`:\n\n" + _fenced(language, block.text)


def written(text: str, page: Page, outcomes: list[dict[str, Any]]) -> str:
    """Text of the page with what its blocks gave."""
    left = iter(zip(page.blocks, outcomes, strict=True))
    return FENCE.sub(
        lambda match: _place(*next(left)) if HEAD.fullmatch(match["head"]) else match[0], text
    )
