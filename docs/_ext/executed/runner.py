"""Run the blocks of pages, each page in a folder of its own, and keep what they gave."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from executed.cells import Cells
from executed.fences import Block, Page

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("analysis", "models", "early_recurrence", "report", "docs/_ext/executed")
PROGRESS = re.compile(r"\d+%\|| \d+it \[|\?it/s")


# Seconds of one command; a busy machine takes many times as long as a free one.
LONGEST = 3600


class BlockFailed(Exception):
    """A command ended with another status than the page says, or a file is not there."""


def _fingerprint() -> str:
    """Digest of the package's files."""
    digest = hashlib.sha256()
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "_files" not in str(path):
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _key(page: Page, pages: dict[str, Page], code: str) -> str:
    before = _key(pages[page.continues], pages, code) if page.continues else code
    blocks = [[b.kind, b.argument, b.text, b.options] for b in page.blocks]
    return hashlib.sha256(json.dumps([before, blocks]).encode()).hexdigest()


def _environment(build: Path) -> dict[str, str]:
    """Environment of the commands: this package's command first, plain text, no network."""
    shim = build / "bin" / "early-recurrence"
    shim.parent.mkdir(parents=True, exist_ok=True)
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m early_recurrence "$@"\n')
    shim.chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if k not in ("EARLY_RECURRENCE_STUDY",)}
    return kept | {
        "PATH": os.pathsep.join(
            [str(shim.parent), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
        ),
        "PYTHONPATH": str(ROOT),
        "DOCS": str(ROOT / "docs"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "EARLY_RECURRENCE_NO_DOWNLOAD": "1",
        "EARLY_RECURRENCE_CACHE": str(build / "cache"),
    }


def _plain(text: str, folder: Path) -> str:
    """Output as a reader sees it: without progress bars and the path of the build."""
    lines = [line.rsplit("\r", 1)[-1] for line in text.replace("\r\n", "\n").split("\n")]
    kept = [line for line in lines if not PROGRESS.search(line)]
    # Bars leave empty lines behind.
    plain = re.sub(r"\n[ \n]*\n", "\n\n", "\n".join(kept)).lstrip("\n")
    plain = plain.replace(f"{folder}/", "").replace(str(folder), ".")
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", plain)


class _Run:
    """One page's way through its blocks."""

    def __init__(self, page: Page, folder: Path, pictures: Path, build: Path) -> None:
        self.page, self.folder, self.pictures = page, folder, pictures
        self.environment = _environment(build)
        self.cells = Cells(folder, self.environment, pictures)

    def _failed(self, block: Block, words: str) -> BlockFailed:
        return BlockFailed(f"{self.page.name}.md, line {block.line}: {words}")

    def _path(self, block: Block) -> Path:
        path = self.folder / block.argument
        if block.kind != "file" and not path.is_file():
            raise self._failed(block, f"{block.argument} is not there")
        return path

    def run(self, block: Block) -> dict[str, Any]:
        outputs, seconds = [], []
        wanted = int(block.options.get("status", 0))
        for place, command in enumerate(block.commands):
            began = time.perf_counter()
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                stdin=subprocess.DEVNULL,
                timeout=LONGEST,
            )
            last = place == len(block.commands) - 1
            if done.returncode != (wanted if last else 0):
                raise self._failed(
                    block, f"{command} ended with status {done.returncode}:\n{done.stdout[-6000:]}"
                )
            outputs.append(_plain(done.stdout, self.folder))
            seconds.append(round(time.perf_counter() - began, 1))
        return {"outputs": outputs, "seconds": seconds}

    def file(self, block: Block) -> dict[str, Any]:
        path = self._path(block)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return {}

    def edit(self, block: Block) -> dict[str, Any]:
        path = self._path(block)
        text = path.read_text(encoding="utf-8")
        changes = re.findall(r"((?:^-.*\n)*)((?:^\+.*\n)*)", block.text, flags=re.MULTILINE)
        for old, new in changes:
            before, after = (
                "".join(f"{line[2:]}\n" for line in part.splitlines()) for part in (old, new)
            )
            if before and text.count(before) != 1:
                raise self._failed(
                    block, f"{block.argument} has {text.count(before)} times:\n{before}"
                )
            text = text.replace(before, after) if before else text + after
        path.write_text(text, encoding="utf-8")
        return {}

    def show(self, block: Block) -> dict[str, Any]:
        text = self._path(block).read_text(encoding="utf-8")
        if lines := block.options.get("lines"):
            first, last = (int(each) for each in lines.split("-"))
            text = "\n".join(text.split("\n")[first - 1 : last])
        return {"text": text}

    def picture(self, block: Block) -> dict[str, Any]:
        path = self._path(block)
        target = self.pictures / f"{self.page.name.replace('/', '-')}-{path.name}"
        shutil.copyfile(path, target)
        return {"path": f"/_build/executed/pictures/{target.name}"}

    def cell(self, block: Block) -> dict[str, Any]:
        name = f"{self.page.name.replace('/', '-')}-{block.line}"
        try:
            return {"shown": self.cells.run(block.text, name)}
        except Exception as error:
            raise self._failed(block, str(error)) from None

    def all(self) -> list[dict[str, Any]]:
        try:
            return [getattr(self, block.kind)(block) for block in self.page.blocks]
        finally:
            self.cells.close()


def _run_page(page: Page, before: Future | None, key: str, build: Path) -> list[dict[str, Any]]:
    if before is not None:
        before.result()
    stem = page.name.replace("/", "-")
    kept, folder = build / f"{stem}.json", build / "work" / stem
    if kept.is_file() and folder.is_dir():
        content = json.loads(kept.read_text(encoding="utf-8"))
        if content["key"] == key:
            return content["outcomes"]
    kept.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    if page.continues:
        shutil.copytree(build / "work" / page.continues.replace("/", "-"), folder, symlinks=True)
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = _Run(page, folder, build / "pictures", build).all()
    kept.write_text(json.dumps({"key": key, "outcomes": outcomes}), encoding="utf-8")
    return outcomes


def run_pages(pages: dict[str, Page], build: Path, jobs: int) -> dict[str, list[dict[str, Any]]]:
    """Outcomes of every block, by page. Raises BlockFailed for the first that fails."""
    (build / "pictures").mkdir(parents=True, exist_ok=True)
    code = _fingerprint()
    futures: dict[str, Future] = {}

    with ThreadPoolExecutor(jobs) as pool:

        def begin(name: str) -> Future:
            if name not in futures:
                page = pages[name]
                # A page that another goes on from is begun first, so no thread waits for good.
                before = begin(page.continues) if page.continues else None
                futures[name] = pool.submit(_run_page, page, before, _key(page, pages, code), build)
            return futures[name]

        try:
            return {name: begin(name).result() for name in _begun(pages, begin)}
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _begun(pages: dict[str, Page], begin: Any) -> list[str]:
    """Names of all pages, begun: those that others go on from first."""
    parents = {page.continues for page in pages.values() if page.continues}
    order = sorted(pages, key=lambda name: (name not in parents, name))
    for name in order:
        begin(name)
    return order
