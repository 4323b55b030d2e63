"""Documents whose cells run in the process of the test, for tests of what the pages say.

A kernel for each document imports everything again, which takes most of a render. Renders by real
kernels are tested in tests/reporting/rendering, tests/test_wheel.py and tests/robustness.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stdout
from types import ModuleType
from typing import Any
from unittest.mock import patch

import nbformat
from ipykernel.jsonutil import encode_images
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

# Documents that are rendered at once take turns: there is one working folder and one environment.
_TURN = threading.Lock()


def _shell() -> InteractiveShell:
    """IPython without terminal, history and any variable; `__main__` stays the test's."""
    settings = Config()
    settings.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    return InteractiveShell.instance(config=settings, user_module=ModuleType("document"))


class Client:
    """In the place of nbclient's: a program's cells get the outputs that a kernel would give."""

    def __init__(
        self, program: nbformat.NotebookNode, resources: Any, on_cell_executed: Any, **_: Any
    ) -> None:
        self.program, self.done = program, on_cell_executed
        self.folder = resources["metadata"]["path"]

    def execute(self, env: dict[str, str]) -> None:
        paths = [self.folder, *env["PYTHONPATH"].split(os.pathsep), *sys.path]
        with (
            _TURN,
            patch.dict(os.environ, env),
            patch.object(sys, "path", paths),
            chdir(self.folder),
        ):
            shell = _shell()
            try:
                for cell in self.program.cells:
                    self._run(shell, cell)
                    self.done()
            finally:
                shell.restore_sys_module_state()
                sys.modules.pop("document", None)
                InteractiveShell.clear_instance()

    def _run(self, shell: InteractiveShell, cell: nbformat.NotebookNode) -> None:
        shell.display_pub = CapturingDisplayPublisher()
        shown = shell.display_pub.outputs
        shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=shown)
        with redirect_stdout(io.StringIO()) as printed:
            result = shell.run_cell(cell.source)
        if printed.getvalue():
            cell.outputs.append(nbformat.v4.new_output("stream", text=printed.getvalue()))
        cell.outputs += [
            nbformat.v4.new_output("display_data", data=encode_images(each["data"]))
            for each in shown
        ]
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            name, value = type(error).__name__, str(error)
            cell.outputs.append(nbformat.v4.new_output("error", ename=name, evalue=value))
            raise CellExecutionError("", name, value)


@contextmanager
def cells_here(kernels: int = 0) -> Iterator[None]:
    """Context in which renders of this process start neither Quarto nor a kernel; kernels: for as
    many documents, the first ones, they do."""
    clients = iter([NotebookClient] * kernels)

    def client(program: nbformat.NotebookNode, **settings: Any) -> Any:
        return next(clients, Client)(program, **settings)

    with (
        patch.dict(os.environ, {"EARLY_RECURRENCE_QUARTO": "none"}),
        patch("analysis.reporting.rendering.execute.NotebookClient", client),
    ):
        yield
