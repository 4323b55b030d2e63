"""A .qmd executed without Quarto: its cells and inline expressions run in one Jupyter kernel, and plain Markdown comes out."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from ruamel.yaml import YAML

INLINE = re.compile(r"`\{python\}\s+([^`]+)`")
# Evaluates a block's inline expressions as Quarto does: Markdown objects by their Markdown, other values as text.
EVALUATE = """import json as _json
def _as_markdown(value):
    return value._repr_markdown_() if hasattr(value, "_repr_markdown_") else str(value)
print(_json.dumps([{items}]))
"""


class CellError(RuntimeError):
    """A cell or an inline expression of the document failed."""


def cell_options(source: str) -> tuple[dict[str, Any], str]:
    """Quarto's `#|` options at the top of a cell, and the code below them."""
    lines = source.splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    options = YAML(typ="safe").load("\n".join(line[2:].removeprefix(" ") for line in lines[:count])) or {}
    return options, "\n".join(lines[count:])


def _program(document: nbformat.NotebookNode) -> tuple[nbformat.NotebookNode, list[tuple[str, Any]]]:
    """The notebook to run, and for each of its cells what it stands for."""
    program, meaning = nbformat.v4.new_notebook(metadata=document.metadata), []
    for cell in document.cells:
        if cell.cell_type == "code":
            options, code = cell_options(cell.source)
            if options.get("eval", True):
                program.cells.append(nbformat.v4.new_code_cell(code))
                meaning.append(("code", options))
        elif cell.cell_type == "raw":
            continue
        else:
            expressions = INLINE.findall(cell.source)
            items = ", ".join(f"_as_markdown({each.strip()})" for each in expressions)
            program.cells.append(nbformat.v4.new_code_cell(EVALUATE.format(items=items) if expressions else ""))
            meaning.append(("text", cell.source))
    return program, meaning


def _figure(data: str, kind: str, options: dict[str, Any], media: Path, number: int) -> str:
    media.mkdir(parents=True, exist_ok=True)
    name = f"{options.get('label', f'figure-{number}')}.{kind}"
    (media / name).write_bytes(base64.b64decode(data) if kind == "png" else data.encode())
    alternative = str(options.get("fig-alt", options.get("fig-cap", ""))).replace('"', "'")
    identifier = f"#{options['label']} " if "label" in options else ""
    return f'![{options.get("fig-cap", "")}]({media.name}/{name}){{{identifier}fig-alt="{alternative}"}}'


def _output(cell: nbformat.NotebookNode, options: dict[str, Any], media: Path, number: int) -> str:
    """Markdown of one executed cell: its figures, Markdown and printed text."""
    if not options.get("include", True) or options.get("output") is False:
        return ""
    parts = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            parts.append(_figure(data["image/png"], "png", options, media, number))
        elif "text/markdown" in data:
            parts.append(data["text/markdown"])
        elif output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text if options.get("output") == "asis" else f"```\n{output.text}\n```")
        elif "text/plain" in data and data["text/plain"] != "None":
            parts.append(f"```\n{data['text/plain']}\n```")
    text = "\n\n".join(parts)
    label = str(options.get("label", ""))
    if label.startswith("tbl-") and text.strip():
        return f"::: {{#{label}}}\n\n{text}\n\n: {options.get('tbl-cap', '')}\n\n:::"
    return text


def executed_markdown(path: Path, media: Path, root: Path, timeout: int = 600) -> tuple[dict[str, Any], str]:
    """Front matter and Markdown of a .qmd whose code was run in its own folder, figures written to `media`.

    Raises CellError naming the document, the cell or text, and the exception.
    """
    source = path.read_text(encoding="utf-8")
    front = re.match(r"---\n(.*?)\n---\n", source, re.DOTALL)
    metadata = YAML(typ="safe").load(front.group(1)) if front else {}
    program, meaning = _program(jupytext.reads(source[front.end():] if front else source, fmt="Rmd"))
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])), JUPYTER_PREFER_ENV_PATH="1")
    client = NotebookClient(program, timeout=timeout, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        failed = next(i for i, cell in enumerate(program.cells) if any(each.output_type == "error" for each in cell.get("outputs", [])))
        kind, what = meaning[failed]
        place = f"cell '{what.get('label', failed + 1)}'" if kind == "code" else f"the text \"{what.strip()[:60]} …\""
        raise CellError(f"{path.name}: {place} failed: {error.ename}: {error.evalue}") from None
    blocks = []
    for number, (cell, (kind, what)) in enumerate(zip(program.cells, meaning, strict=True), start=1):
        if kind == "code":
            blocks.append(_output(cell, what, media, number))
        else:
            values = iter(json.loads("".join(each.text for each in cell.outputs if each.get("name") == "stdout")) if cell.outputs else [])
            blocks.append(INLINE.sub(lambda _, values=values: next(values), what))
    return metadata or {}, "\n\n".join(block for block in blocks if block.strip()) + "\n"
