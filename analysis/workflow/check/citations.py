"""Citations of the study file that no bibliography has: the article prints `[key?]`."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.core.problems import Problems
from analysis.core.project_folder import manuscript_path
from analysis.core.spelling_hints import close_to
from analysis.reporting.rendering.project import sources
from analysis.reporting.rendering.unresolved import entries_of
from analysis.study import Study

BIBLIOGRAPHY = "report/references.bib"


def _citations(study: Study) -> Iterator[tuple[str, str]]:
    """Key of the study file and the entry that it names."""
    for name, block in study.features.items():
        if block.citation:
            yield f"features.{name}.citation", block.citation
    if study.published is not None and study.published.citation:
        yield "published.citation", study.published.citation


def check_citations(study: Study, problems: Problems) -> None:
    """A warning on each citation without an entry; before a first run, in the file it will make."""
    wanted = list(_citations(study))
    if not wanted:
        return
    folder = manuscript_path(study.path, study.study.name)
    own = folder / BIBLIOGRAPHY
    # A folder may name further ones in its _quarto.yml.
    files = [*folder.glob("*.bib"), *folder.glob("report/*.bib")]
    if not own.is_file():
        files.append(sources() / BIBLIOGRAPHY)
    entries = entries_of(each for each in files if each.is_file())
    shown = own.relative_to(study.path.parent)
    for key, entry in wanted:
        if entry not in entries:
            problems.warning(
                f"no bibliography has the entry '{entry}'{close_to(entry, entries)}; the article"
                f" would print [{entry}?]",
                f"{study.path.name}, {key}",
                f"add it to {shown.as_posix()}"
                + ("" if own.is_file() else ", which the first run makes"),
            )
