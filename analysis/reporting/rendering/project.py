"""Where the report's sources are, and the folder in which a study's pages are made from them."""

from __future__ import annotations

from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.study import Study

PACKAGE = Path(__file__).resolve().parents[2]


def sources() -> Path:
    """Folder of _quarto.yml and report/: the checkout, or what the wheel brought along."""
    return (
        PACKAGE.parent
        if (PACKAGE.parent / "_quarto.yml").is_file() and (PACKAGE.parent / "report").is_dir()
        else PACKAGE / "_report"
    )


def source_files(origin: Path | None = None) -> list[Path]:
    """The report's sources, relative to `origin` (None: `sources()`): _quarto.yml, _environment
    and report/.

    What rendering leaves beside them (folders of pictures, notebooks, names that begin with . or _)
    is none of them. Raises FileNotFoundError where an installation lacks them.
    """
    origin = sources() if origin is None else origin
    if not (origin / "_quarto.yml").is_file():
        raise FileNotFoundError(
            f"the report's sources are not in {origin}; install the package again"
        )
    report = origin / "report"
    documents = [
        path.relative_to(origin)
        for path in sorted(report.rglob("*"))
        if path.is_file()
        and ".quarto_ipynb" not in path.name  # Quarto's own notebook of a document
        and not any(
            part.endswith("_files") or part.startswith((".", "_"))
            for part in path.relative_to(report).parts
        )
    ]
    settings = [Path(name) for name in ("_quarto.yml", "_environment")]
    return [each for each in settings if (origin / each).is_file()] + documents


def project_of(study: Study) -> Path:
    """The Quarto project of a study.

    A _quarto.yml beside study.yml makes that folder the project: `early-recurrence new` writes one,
    and the report is edited there. Another study file of such a folder has a copy of it among its
    own results (`manuscript`), so that no study renders over the pages of another; one in a folder
    without _quarto.yml has a copy of the package's sources there. A copy is made anew whenever it
    differs.
    """
    beside = (study.root / "_quarto.yml").is_file()
    if beside and study.path.name == "study.yml":
        return study.root
    origin = study.root if beside else sources()
    project = study.output_folder / "manuscript"
    for name in source_files(origin):
        content = (origin / name).read_bytes()
        target = project / name
        if not target.is_file() or target.read_bytes() != content:
            write_atomically(target, content)
    return project
