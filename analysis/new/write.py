"""`early-recurrence new`: write the files of a new study, and overwrite none."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.cache import write_atomically
from analysis.new.kinds import KINDS
from analysis.rendering.project import source_files, sources

PIECES = Path(__file__).parent / "pieces"
MODALITY = "  modality: contrast-enhanced MRI\n"
IGNORED = """# Data of patients and what is computed from them stay out of git.
data/
.cache/
outputs/
# What rendering makes.
_report/
report/_metadata.yml
report/_style/
report/*_files/
/.quarto/
**/*.quarto_ipynb
"""


def _piece(name: str) -> str:
    return (PIECES / name).read_text(encoding="utf-8")


def new_study(folder: Path, kind: str = "images") -> list[Path]:
    """Write study.yml, README.md, .gitignore, data/ (with dictionary.yml where the kind has one) and the manuscript's sources
    (_quarto.yml, _environment, report/) into `folder`; returns the files.

    kind: images, features, predictions or clinical. Raises ValueError for an unknown kind, FileExistsError naming every file that
    is there already; then nothing was written.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of study '{kind}'; there are {', '.join(KINDS)}")
    chosen = KINDS[kind]
    name = re.sub(r"[^a-z0-9_-]+", "_", folder.resolve().name.casefold()).strip("_") or "study"
    # Not str.format: the pieces hold braces of YAML and of file patterns.
    study = "".join(_piece(f"{piece}.yml") for piece in chosen.pieces).replace("{name}", name).replace("{modality}", MODALITY if kind in ("images", "features") else "")
    words = {"{name}": name, "{kind}": kind, "{layout}": chosen.layout, "{explanation}": chosen.explanation, "{dictionary}": " and `data/dictionary.yml`" if chosen.dictionary else ""}
    readme = _piece("README.md")
    for place, text in words.items():
        readme = readme.replace(place, text)
    files: dict[str, bytes | str] = {"study.yml": study, "README.md": readme, ".gitignore": IGNORED}
    if chosen.dictionary:
        files["data/dictionary.yml"] = _piece("dictionary.yml")
    manuscript: dict[str, bytes | str] = {str(name): (sources() / name).read_bytes() for name in source_files()}
    there = [path for path in (*files, *manuscript) if (folder / path).exists()]
    if there:
        raise FileExistsError(f"{folder} has {', '.join(there)} already; nothing was written. Name a new folder, or move the file away")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    everything = files | manuscript
    return [write_atomically(folder / path, content) for path, content in everything.items()]
