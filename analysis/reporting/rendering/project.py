"""Where the manuscript's templates are: this checkout's own report, or what the wheel brought."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]


def sources() -> Path:
    """Folder of _quarto.yml and report/: the checkout, or what the wheel brought along."""
    return (
        PACKAGE.parent
        if (PACKAGE.parent / "_quarto.yml").is_file() and (PACKAGE.parent / "report").is_dir()
        else PACKAGE / "_report"
    )


def source_files(origin: Path | None = None) -> list[Path]:
    """Sources of the report: _quarto.yml, _environment and report/.

    They are relative to `origin` (None: `sources()`).

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
