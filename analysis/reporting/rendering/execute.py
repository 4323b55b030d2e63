"""Execution of a .qmd without Quarto.

Its cells and inline expressions run in one Jupyter kernel, and plain Markdown comes out.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pypandoc
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from ruamel.yaml import YAML

from analysis.core.progress_bar import progress_bar
from analysis.reporting.rendering.front_matter import parted
from analysis.reporting.rendering.includes import with_includes

# A comment of the author's is not for the reader, as in Quarto.
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
INLINE = re.compile(r"(?<!`)`\{python\}[ \t]([^`]+)`")
# As Quarto does: a Markdown object gives its Markdown, any other value its text, in which nothing
# is markup.
EVALUATE = """import re as _re
from IPython.display import display as _display
def _as_markdown(value):
    text = value._repr_markdown_() if hasattr(value, "_repr_markdown_") else \
_re.sub(r"([\\\\`*_\\[\\]<>$^~|#@])", r"\\\\\\1", str(value))
    return text if text.strip() else "[]{{.nothing}}"
_display({{"application/json": [{items}]}}, raw=True)
"""


class CellError(RuntimeError):
    """A cell or an inline expression of the document failed."""


class _ThisPython(AsyncKernelManager):
    """Starts the interpreter that runs now, whatever kernels are registered on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


def cell_options(source: str) -> tuple[dict[str, Any], str]:
    """Quarto's `#|` options at the top of a cell, and the code below them."""
    lines = source.splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    options = (
        YAML(typ="safe").load("\n".join(line[2:].removeprefix(" ") for line in lines[:count])) or {}
    )
    return options, "\n".join(lines[count:])


def _program(
    document: nbformat.NotebookNode,
) -> tuple[nbformat.NotebookNode, list[dict[str, Any] | str]]:
    """Notebook to run for a document, and the origin of each of its cells.

    The origin of a cell is the options it came with, or the text whose expressions it evaluates.
    """
    program = nbformat.v4.new_notebook()
    origins: list[dict[str, Any] | str] = []
    for cell in document.cells:
        if cell.cell_type == "code":
            options, code = cell_options(cell.source)
            program.cells.append(
                nbformat.v4.new_code_cell(code if options.get("eval", True) else "")
            )
            origins.append(options | {"code": code})
        else:
            text = COMMENT.sub("", cell.source)
            items = ", ".join(f"_as_markdown({each.strip()})" for each in INLINE.findall(text))
            program.cells.append(
                nbformat.v4.new_code_cell(EVALUATE.format(items=items) if items else "")
            )
            origins.append(text)
    return program, origins


def _image(data: str, kind: str, options: dict[str, Any], media: Path, name: str) -> str:
    media.mkdir(parents=True, exist_ok=True)
    path = media / f"{name}.{kind}"
    path.write_bytes(base64.b64decode(data) if kind == "png" else data.encode())
    alternative = (
        str(options.get("fig-alt", options.get("fig-cap", ""))).replace('"', "'").replace("\n", " ")
    )
    caption = "" if "label" in options else options.get("fig-cap", "")
    return f'![{caption}]({media.name}/{path.name}){{alt="{alternative}"}}'


def _printed(text: str) -> str:
    """What a cell printed, in the block that Quarto makes of it."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 0)
    return f"::: {{.cell-output}}\n\n{fence}\n{text}\n{fence}\n\n:::"


def _output(cell: nbformat.NotebookNode, options: dict[str, Any], media: Path, number: int) -> str:
    """Markdown of one executed cell: its images, tables, Markdown and printed text."""
    if not options.get("include", True):
        return ""
    parts = [f"```python\n{options['code']}\n```"] if options.get("echo") is True else []
    for index, output in enumerate(cell.outputs if options.get("output", True) else []):
        data = output.get("data", {})
        name = f"{options.get('label', f'cell-{number}')}-{index + 1}"
        if "image/png" in data:
            parts.append(_image(data["image/png"], "png", options=options, media=media, name=name))
        elif "image/svg+xml" in data:
            parts.append(
                _image(data["image/svg+xml"], "svg", options=options, media=media, name=name)
            )
        elif "text/markdown" in data:
            parts.append(data["text/markdown"])
        elif "text/html" in data:
            parts.append(pypandoc.convert_text(data["text/html"], "markdown", format="html"))
        elif output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text if options.get("output") == "asis" else _printed(output.text))
        elif "text/plain" in data:
            parts.append(_printed(data["text/plain"]))
    text, label = "\n\n".join(parts), str(options.get("label", ""))
    kind = label.partition("-")[0]
    if text.strip() and kind in ("fig", "tbl"):
        return f"::: {{#{label}}}\n\n{text}\n\n{options.get(f'{kind}-cap', '')}\n\n:::"
    return text


def _run(
    program: nbformat.NotebookNode,
    origins: list[dict[str, Any] | str],
    document: Path,
    folder: Path,
    root: Path,
    progress: bool,
) -> None:
    python_path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    with progress_bar(
        total=len(program.cells), desc=f"running {document.name}", leave=False, shown=progress
    ) as bar:
        client = NotebookClient(
            program,
            timeout=None,
            kernel_manager_class=_ThisPython,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(folder)}},
            # What one cell prints is one text, as Quarto has it, however it arrives.
            coalesce_streams=True,
            on_cell_executed=lambda **_: bar.update(),
        )
        try:
            client.execute(env=dict(os.environ, PYTHONPATH=python_path))
        except CellExecutionError as error:
            failed = next(
                i
                for i, cell in enumerate(program.cells)
                if any(each.output_type == "error" for each in cell.get("outputs", []))
            )
            origin = origins[failed]
            place = (
                f'the text "{" ".join(origin.split())[:60]} …"'
                if isinstance(origin, str)
                else f"cell '{origin.get('label') or origin['code'].strip().partition(chr(10))[0]}'"
            )
            raise CellError(
                f"{document.name}: {place} failed: {error.ename}: {error.evalue}"
            ) from None


def _next_of(values: Iterator[str], _: re.Match[str]) -> str:
    return next(values)


def executed_markdown(
    document: Path, media: Path, folder: Path, root: Path, progress: bool = False
) -> tuple[dict[str, Any], str]:
    """Front matter and Markdown of a .qmd whose code was run.

    media: folder that the images are written to; folder: where the code runs; root: folder that it
    can import from. Raises CellError naming the document, the cell or the text, and the exception;
    ValueError naming an included file that is not there.
    """
    source = with_includes(document.read_text(encoding="utf-8"), document.parent)
    metadata, text = parted(source, document)
    program, origins = _program(jupytext.reads(text, fmt="Rmd"))
    _run(program, origins, document=document, folder=folder, root=root, progress=progress)
    blocks = []
    for number, (cell, origin) in enumerate(zip(program.cells, origins, strict=True), start=1):
        if isinstance(origin, str):
            values = iter(
                value
                for each in cell.outputs
                for value in each.get("data", {}).get("application/json", [])
            )
            blocks.append(INLINE.sub(partial(_next_of, values), origin))
        else:
            blocks.append(_output(cell, origin, media, number))
    return metadata, "\n\n".join(block for block in blocks if block.strip()) + "\n"
