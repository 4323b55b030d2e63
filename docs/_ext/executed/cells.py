"""Cells of a notebook, run one after the other in one kernel."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from pathlib import Path
from typing import Any

PROGRESS = re.compile(r"\d+%\|| \d+it \[|\?it/s")


class Cells:
    """Cells of one page. The kernel starts with the first."""

    def __init__(self, folder: Path, environment: dict[str, str], pictures: Path) -> None:
        self.folder, self.environment, self.pictures = folder, environment, pictures
        self.client: Any = None
        self.kernel: Any = None

    def _start(self) -> None:
        from jupyter_client.manager import start_new_kernel

        # Pictures below their cell, as a notebook has them, without loading matplotlib beforehand.
        inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        self.kernel, self.client = start_new_kernel(
            kernel_name="python3",
            cwd=str(self.folder),
            env={**os.environ, **self.environment, **inline},
            stderr=subprocess.DEVNULL,
        )

    def run(self, code: str, name: str) -> list[tuple[str, str]]:
        """What the cell shows: (text, html or image, content). Raises RuntimeError."""
        if self.client is None:
            self._start()
        shown: list[tuple[str, str]] = []

        def keep(message: dict[str, Any]) -> None:
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream" and not PROGRESS.search(content["text"]):
                text = content["text"].replace(f"{self.folder}/", "")
                if text.strip():
                    shown.append(("text", text))
            elif kind in ("execute_result", "display_data"):
                shown.append(self._data(content["data"], f"{name}-{len(shown)}"))

        reply = self.client.execute_interactive(code, output_hook=keep, timeout=3600)
        if reply["content"]["status"] == "error":
            plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(reply["content"]["traceback"]))
            raise RuntimeError(plain)
        return shown

    def _data(self, data: dict[str, Any], name: str) -> tuple[str, str]:
        if "image/png" in data:
            path = self.pictures / f"{name}.png"
            path.write_bytes(base64.b64decode(data["image/png"]))
            return "image", f"/_build/executed/pictures/{path.name}"
        if "text/html" in data:
            return "html", data["text/html"]
        return "text", data["text/plain"]

    def close(self) -> None:
        """End the kernel."""
        if self.client is not None:
            self.client.stop_channels()
            self.kernel.shutdown_kernel(now=True)
