"""PyRadiomics's five own images with masks and published values, fetched once from its source
distribution (BSD licence, 34 MB).

pip builds the distribution's metadata before it keeps the file, which takes setuptools, wheel and
numpy: these are put beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.conftest import NO_DOWNLOAD, ROOT

NAMES = ("brain1", "brain2", "breast1", "lung1", "lung2")
VERSION, SHA256 = "3.0.1", "47c57f441d6cb7973fa3b2ea48d3948df78e3348e1c69e1e2ff19001601fc2f5"
FOLDER = ROOT / ".cache" / f"pyradiomics-{VERSION}"
SECONDS = 180


class Unavailable(Exception):
    """Why the images aren't there."""


def _pip(*arguments: str, **environment: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--retries",
        "0",
        "--timeout",
        "15",
        *arguments,
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, **environment},
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"pip took longer than {SECONDS} s") from None
    if done.returncode:
        raise Unavailable(
            f"pip {arguments[0]} failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
        )


def data_folder() -> Path:
    """Raises Unavailable, with the reason, where they can't be fetched."""
    if FOLDER.is_dir():
        return FOLDER
    if NO_DOWNLOAD:
        raise Unavailable("EARLY_RECURRENCE_NO_DOWNLOAD is set")
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        folder = Path(name)
        (folder / "requirements.txt").write_text(f"pyradiomics=={VERSION} --hash=sha256:{SHA256}\n")
        _pip("install", "--quiet", "--target", str(folder / "build"), "setuptools", "wheel")
        _pip(
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
            "--dest",
            name,
            "--requirement",
            str(folder / "requirements.txt"),
            PYTHONPATH=str(folder / "build"),
        )
        with tarfile.open(folder / f"pyradiomics-{VERSION}.tar.gz") as archive:
            wanted = [
                member
                for member in archive
                if f"pyradiomics-{VERSION}/data/" in member.name and member.isfile()
            ]
            archive.extractall(folder / "content", members=wanted, filter="data")
        try:
            (folder / "content" / f"pyradiomics-{VERSION}" / "data").rename(FOLDER)
        except OSError:  # another process was faster
            if not FOLDER.is_dir():
                raise
    return FOLDER
