"""Where the report's sources are, and the folder in which a study's pages are made from them."""

from __future__ import annotations

from pathlib import Path

from analysis.cache import write_atomically
from analysis.study import Study

PACKAGE = Path(__file__).resolve().parents[1]

def sources() -> Path:
    """Folder of _quarto.yml and report/: the checkout, or what the wheel brought along."""
    return PACKAGE.parent if (PACKAGE.parent / "_quarto.yml").is_file() and (PACKAGE.parent / "report").is_dir() else PACKAGE / "_report"


def project_of(study: Study) -> Path:
    """The Quarto project of a study.

    A _quarto.yml beside the study file makes that folder the project: a report of one's own is edited there. Otherwise the sources
    are copied to `manuscript` among the study's results, anew whenever they differ.
    """
    if (study.root / "_quarto.yml").is_file():
        return study.root
    origin, project = sources(), study.output_folder / "manuscript"
    if not (origin / "_quarto.yml").is_file():
        raise FileNotFoundError(f"the report's sources are not in {origin}; install the package again")
    # What rendering leaves beside the sources is none of them (setup.py takes the same files along).
    report = [path for path in sorted((origin / "report").rglob("*")) if path.is_file() and path.name != "_metadata.yml"
              and not any(part.endswith("_files") or part.startswith(".") for part in path.relative_to(origin).parts)]
    for path in [origin / "_quarto.yml", *report]:
        target = project / path.relative_to(origin)
        if not target.is_file() or target.read_bytes() != path.read_bytes():
            write_atomically(target, path.read_bytes())
    return project
