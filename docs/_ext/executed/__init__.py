"""Sphinx extension: pages whose commands are run when the site is built.

A page may hold these fences, run in their order in an empty folder of the page's own:

    ```{run}            commands of a shell, a line each; printed with what they print
    ```{file} PATH      a file that is written, and shown
    ```{edit} PATH      lines of a file (-) in whose place others (+) are put
    ```{show} PATH      a file, or lines of it
    ```{picture} PATH   a picture that a command made
    ```{cell}           a cell of a notebook

Options stand on the first lines: `:status: 2` (exit status that is expected), `:head: 8` and
`:tail: 4` (lines that are shown), `:output: none`. `continues: PAGE` in the front matter of a page
begins it with the folder that another page ends with.

A command that ends with another status stops the build. Results are kept below `_build/executed`,
by the content of the page and of the package.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

from executed.fences import page_of, written
from executed.runner import BlockFailed, run_pages


def _run_all(app: Any) -> None:
    source = Path(app.srcdir)
    pages = {
        name: page_of(name, Path(app.env.doc2path(name)).read_text(encoding="utf-8"))
        for name in sorted(app.project.discover(app.config.exclude_patterns))
    }
    executed = {name: page for name, page in pages.items() if page.blocks}
    jobs = int(os.environ.get("EARLY_RECURRENCE_DOCS_JOBS", "2"))
    try:
        app.executed_pages = run_pages(executed, source / "_build" / "executed", jobs)
    except BlockFailed as failed:
        raise ExtensionError(str(failed)) from None
    app.pages_with_blocks = executed


def _replace(app: Any, name: str, text: list[str]) -> None:
    if name in app.pages_with_blocks:
        text[0] = written(text[0], app.pages_with_blocks[name], app.executed_pages[name])


def _read_again(app: Any, *_: Any) -> list[str]:
    return list(app.pages_with_blocks)


def setup(app: Any) -> dict[str, bool]:
    """Connect to the build."""
    app.connect("builder-inited", _run_all)
    app.connect("source-read", _replace)
    app.connect("env-get-outdated", _read_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
